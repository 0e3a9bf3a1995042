"""Read models of monitoring."""
