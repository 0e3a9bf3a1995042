"""Commands, handlers, ports and process managers of intake."""
