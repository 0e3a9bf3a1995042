"""Read models of finance."""
