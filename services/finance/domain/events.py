"""Domain events of finance."""
