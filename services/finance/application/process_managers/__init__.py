"""Process managers of finance: fold facts, answer with commands."""
