"""Append-only event stores, the sealed log, proofs, subject keys, unit of work."""
