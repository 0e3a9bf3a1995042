"""The digital clusters of the demo: seven proposals of two classes, told from call to archive."""
