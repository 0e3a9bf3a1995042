"""Domain event to public event of monitoring."""
