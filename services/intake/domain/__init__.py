"""Aggregates, events and errors of intake: pure."""
