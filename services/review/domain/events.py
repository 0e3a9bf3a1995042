"""Domain events of review."""
