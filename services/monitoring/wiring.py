"""The composition root of monitoring."""
