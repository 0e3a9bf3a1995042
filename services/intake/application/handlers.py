"""One handler per command of intake: load, decide, append."""
