"""The composition root of finance."""
