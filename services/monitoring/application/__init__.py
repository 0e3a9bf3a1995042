"""Commands, handlers and ports of monitoring."""
