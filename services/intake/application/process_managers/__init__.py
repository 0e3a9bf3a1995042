"""Process managers of intake: fold facts, answer with commands."""
