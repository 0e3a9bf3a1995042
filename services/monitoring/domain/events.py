"""Domain events of monitoring."""
