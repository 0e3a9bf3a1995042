"""Upcasting on read: pure steps n -> n + 1; stored bytes are never rewritten.

UpcastingError
├── UnknownEventType       no class of that name is registered
└── UnknownSchemaVersion   stored by a newer program than this one, or not a version at all
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Tree = Mapping[str, Any]
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
Upcasters = Mapping[tuple[str, int], Upcaster]


class UpcastingError(Exception):
    """A stored event cannot be read by this program; the operator is told."""


class UnknownEventType(UpcastingError):
    """No event class is registered under the stored type."""


class UnknownSchemaVersion(UpcastingError):
    """The stored schema version is newer than the newest this program knows, or below 1."""


def check_chains(current: Mapping[str, int], upcasters: Upcasters) -> None:
    """Raises ValueError unless every type has exactly the steps 1 .. current - 1."""
    wanted = {(type, step) for type, newest in current.items() for step in range(1, newest)}
    missing, surplus = wanted - set(upcasters), set(upcasters) - wanted
    if missing:
        raise ValueError(f"upcasters missing: {_names(missing)}")
    if surplus:
        raise ValueError(f"upcasters nobody needs: {_names(surplus)}")


def upcast(type: str, schema_version: int, tree: Tree, newest: int, upcasters: Upcasters) -> Tree:
    """The tree in its newest shape. Raises UnknownSchemaVersion."""
    if not 1 <= schema_version <= newest:
        raise UnknownSchemaVersion(
            f"{type}: schema version {schema_version} is stored, this program knows 1 to {newest}"
        )
    for step in range(schema_version, newest):
        tree = upcasters[type, step](dict(tree))
    return tree


def _names(steps: set[tuple[str, int]]) -> str:
    return ", ".join(f"{type} {step} -> {step + 1}" for type, step in sorted(steps))
