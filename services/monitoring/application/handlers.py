"""One handler per command of monitoring: load, decide, append."""
