"""Aggregates, events and errors of finance: pure."""
