"""One handler per command of review: load, decide, append."""
