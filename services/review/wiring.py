"""The composition root of review."""
