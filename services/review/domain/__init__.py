"""Aggregates, events and errors of review: pure."""
