"""Reading events as the service's own classes: decrypted, decoded, upcast."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from shared.eventstore import personal
from shared.eventstore.hashing import stream_name
from shared.eventstore.registry import TypeRegistry
from shared.eventstore.store import EventStore, StoredEvent
from shared.eventstore.subject_keys import KeyStore
from shared.kernel.clock import instant_text, parse_instant
from shared.kernel.envelope import Actor, Metadata, RecordedEvent


class EventReader:
    """Committed events of one service, for projections, queries and the feed."""

    def __init__(self, store: EventStore, registry: TypeRegistry, keys: KeyStore):
        self._store = store
        self._registry = registry
        self._keys = keys

    def history(self, category: str, id: UUID | str) -> list[RecordedEvent]:
        """All events of one stream in order, sealed or not."""
        return self.decode(self._store.read_stream(stream_name(category, id)))

    def case_events(self, case_id: UUID) -> list[RecordedEvent]:
        """All events of one case over its streams, in the order they were written."""
        return self.decode(self._store.read_streams(case_id))

    def log(self, after_sequence: int, limit: int) -> list[RecordedEvent]:
        """Sealed events in sequence order."""
        return self.decode(self._store.read_log(after_sequence, limit))

    def feed(self, after_feed_sequence: int, limit: int) -> list[RecordedEvent]:
        """Sealed public events in feed_sequence order."""
        return self.decode(self._store.read_feed(after_feed_sequence, limit))

    def find(self, event_id: UUID) -> RecordedEvent | None:
        """One event by its id."""
        row = self._store.find(event_id)
        return self.decode([row])[0] if row else None

    def decode(self, rows: Iterable[StoredEvent]) -> list[RecordedEvent]:
        """Rows as recorded events; all subject keys they need are fetched in one query.

        Raises UpcastingError and Undecodable for what this program cannot read.
        """
        parsed = [(row, json.loads(row.data), json.loads(row.metadata)) for row in rows]
        wanted = {
            key
            for row, data, metadata in parsed
            if '"$personal"' in row.data or '"$personal"' in row.metadata
            for tree in (data, metadata)
            for key in personal.key_ids(tree)
        }
        keys = self._keys.find(wanted) if wanted else {}
        return [self._recorded(row, data, metadata, keys) for row, data, metadata in parsed]

    def _recorded(self, row: StoredEvent, data: Any, metadata: Any, keys: Any) -> RecordedEvent:
        if '"$personal"' in row.data or '"$erased"' in row.data:
            data = personal.open_sealed(data, row.stream, row.id, keys)
        if '"$personal"' in row.metadata or '"$erased"' in row.metadata:
            metadata = personal.open_sealed({"metadata": metadata}, row.stream, row.id, keys)
            metadata = metadata["metadata"]
        return RecordedEvent(
            id=row.id,
            stream=row.stream,
            version=row.version,
            type=row.type,
            schema_version=self._registry.newest(row.type),
            event=self._registry.decode(row.type, row.schema_version, data),
            metadata=metadata_of(metadata),
            recorded_at=row.recorded_at,
            sequence=row.sequence,
            feed_sequence=row.feed_sequence,
            event_hash=row.event_hash(),
        )


def metadata_tree(metadata: Metadata) -> dict[str, Any]:
    """The stored shape of metadata; nulls are kept."""
    actor = metadata.actor
    return {
        "actor": {
            "id": actor.id,
            "roles": list(actor.roles),
            "organisation": actor.organisation,
        },
        "occurred_at": instant_text(metadata.occurred_at),
        "correlation_id": _text(metadata.correlation_id),
        "causation_id": _text(metadata.causation_id),
        "command_id": _text(metadata.command_id),
        "command": metadata.command,
        "decision": metadata.decision,
    }


def metadata_of(tree: Any) -> Metadata:
    """Metadata from its stored shape."""
    actor = tree["actor"]
    return Metadata(
        actor=_actor(actor["id"], tuple(actor["roles"]), actor["organisation"]),
        occurred_at=parse_instant(tree["occurred_at"]),
        correlation_id=_id(tree["correlation_id"]),
        causation_id=_id(tree["causation_id"]),
        command_id=_id(tree["command_id"]),
        command=tree.get("command"),
        decision=tree["decision"],
    )


def _text(id: UUID | None) -> str | None:
    return str(id) if id else None


@lru_cache(maxsize=4096)
def _id(text: str | None) -> UUID | None:
    """Cached: the events of a case, or of a command, name the same ids."""
    return UUID(text) if text else None


@lru_cache(maxsize=1024)
def _actor(id: str, roles: tuple[str, ...], organisation: str | None) -> Actor:
    return Actor(id=id, roles=roles, organisation=organisation)
