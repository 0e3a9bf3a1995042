"""The grantcase command line: one module per command group."""
