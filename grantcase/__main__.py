"""`python -m grantcase` is `grantcase`."""

from grantcase.cli import main

main()
