"""Aggregates, named algorithms, events and errors of monitoring: pure."""
