"""Read models of review."""
