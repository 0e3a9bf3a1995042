"""Errors of finance."""
