"""The type registry: a service's event classes by their stored names, and the codec for them.

The stored type is the class name, the schema version its ClassVar SCHEMA_VERSION (default 1).
The domain knows nothing of this: a service's wiring builds the registry from its EVENTS tuple.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared.eventstore import upcasting
from shared.eventstore.codec import Undecodable, build_converter, encode
from shared.eventstore.upcasting import UnknownEventType, Upcasters


class TypeRegistry:
    """Event classes <-> (type, schema version, JSON tree); Personal values stay in the tree."""

    def __init__(self, events: Iterable[type], upcasters: Upcasters | None = None):
        """Raises ValueError for two classes of one name and for a broken chain of upcasters."""
        self._classes: dict[str, type] = {}
        for event in events:
            if self._classes.setdefault(event.__name__, event) is not event:
                raise ValueError(f"two event classes are named {event.__name__}")
        self._versions = {
            name: getattr(event, "SCHEMA_VERSION", 1) for name, event in self._classes.items()
        }
        self._upcasters = dict(upcasters or {})
        upcasting.check_chains(self._versions, self._upcasters)
        self._converter = build_converter()

    @property
    def types(self) -> Mapping[str, int]:
        """Stored type -> newest schema version."""
        return dict(self._versions)

    def newest(self, type: str) -> int:
        """The newest schema version of a stored type. Raises UnknownEventType."""
        if type not in self._versions:
            raise UnknownEventType(f"{type}: no event class of that name in this service")
        return self._versions[type]

    def encode(self, event: object) -> tuple[str, int, dict[str, Any]]:
        """(type, schema version, tree). Raises UnknownEventType for an unregistered class."""
        name = type(event).__name__
        if self._classes.get(name) is not type(event):
            raise UnknownEventType(f"{name} is not in this service's registry")
        return name, self._versions[name], encode(event)

    def decode(self, type: str, schema_version: int, tree: Mapping[str, Any]) -> Any:
        """The event in its newest shape. Raises UnknownEventType, UnknownSchemaVersion, and
        Undecodable when the tree does not fit the class."""
        newest = self.newest(type)
        current = upcasting.upcast(type, schema_version, tree, newest, self._upcasters)
        try:
            return self._converter.structure(current, self._classes[type])
        except Exception as error:  # cattrs raises many kinds; all mean the same here
            raise Undecodable(f"{type} v{schema_version}: {error}") from error
