"""Commands, handlers, ports and process managers of review."""
