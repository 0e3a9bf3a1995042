"""Errors of review."""
