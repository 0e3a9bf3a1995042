"""Sealed rows as messages: the relay's short way from the store to the wire.

What is stored has passed its contract before it was committed (shared.bus.publication), so a row
in its newest shape, with nothing personal in it, is not decoded into classes and checked again:
its JSON tree gives body and headers. Every other row goes the long way, as the feed does. Both
ways give the same message.
"""

from __future__ import annotations

import json

from shared.bus.cloudevents import WireMessage, message, to_wire
from shared.bus.feeds import as_public
from shared.bus.service_core import ServiceCore
from shared.contracts.catalogue import SOURCES
from shared.eventstore.store import StoredEvent
from shared.kernel.canonical import canonical_again

_MARKS = ('"$personal"', '"$erased"')


def outgoing(core: ServiceCore, after: int, limit: int) -> list[WireMessage]:
    """The messages of the sealed public events with feed_sequence > after, in feed order."""
    rows = core.units.store.read_feed(after, limit)
    direct = [_of_row(core, row) for row in rows]
    rest = [row for row, wire in zip(rows, direct, strict=True) if wire is None]
    decoded = iter(core.units.reader.decode(rest))
    return [wire or to_wire(as_public(core, next(decoded))) for wire in direct]


def _of_row(core: ServiceCore, row: StoredEvent) -> WireMessage | None:
    """None for a row that has to be decoded."""
    if row.schema_version != core.units.registry.newest(row.type) or row.feed_sequence is None:
        return None
    if any(mark in row.data or mark in row.metadata for mark in _MARKS):
        return None
    metadata = json.loads(row.metadata)
    decision = metadata["decision"] or {}
    data = core.publish.of_stored(row.type, json.loads(row.data), row.id, decision)
    if data is None:
        return None
    return message(
        id=str(row.id),
        source=core.name,
        type=row.type,
        schema_version=SOURCES[core.name][row.type].schema_version,
        time=metadata["occurred_at"],
        subject=data.get("case_id"),
        sequence=row.feed_sequence,
        causation_id=metadata["causation_id"],
        pack_digest=decision.get("pack_digest") or data.get("pack_digest"),
        actor_id=metadata["actor"]["id"],
        body=canonical_again(data).encode(),
    )
