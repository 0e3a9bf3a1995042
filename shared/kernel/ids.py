"""Identifiers: new ones from a port, derived ones that a replay derives again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from uuid import UUID

NewId = Callable[[], UUID]
"""The port: random ids in production, a seeded sequence in demo and tests."""

GRANTCASE = UUID("6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10")


def random_id() -> UUID:
    """A new random id."""
    return uuid.uuid4()


def derived_id(*parts: object) -> UUID:
    """The same parts give the same id (uuid5): for reactions, timers and process managers."""
    return uuid.uuid5(GRANTCASE, "/".join(str(part) for part in parts))


def seeded_ids(seed: str) -> NewId:
    """A reproducible sequence of ids for the demo and the tests."""
    count = 0

    def next_id() -> UUID:
        nonlocal count
        count += 1
        return derived_id("seed", seed, count)

    return next_id
