"""Documents by content hash."""
