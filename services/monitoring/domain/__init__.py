"""Aggregates, events and errors of monitoring: pure."""
