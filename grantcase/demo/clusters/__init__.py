"""The digital clusters of the demo: six proposals of two classes, told from call to archive."""
