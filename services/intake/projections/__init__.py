"""Read models of intake."""
