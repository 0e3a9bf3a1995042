"""The composition root of intake."""
