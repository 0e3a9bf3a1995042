"""Process managers of review: fold facts, answer with commands."""
