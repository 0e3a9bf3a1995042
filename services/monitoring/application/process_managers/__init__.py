"""Process managers of monitoring: fold facts, answer with commands."""
