"""The command line, the one-process runner and the demo: on top of everything."""
