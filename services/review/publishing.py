"""Domain event to public event of review."""
