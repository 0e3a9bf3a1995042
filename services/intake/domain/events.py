"""Domain events of intake."""
