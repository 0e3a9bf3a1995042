"""Domain event to public event of finance."""
