"""One handler per command of finance: load, decide, append."""
