"""Domain event to public event of intake."""
