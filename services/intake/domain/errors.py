"""Errors of intake."""
