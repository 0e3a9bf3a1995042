"""Queries that every service answers about its own log: events of a case, counts, feed heads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.bus import lanes, redrive
from shared.bus.service_core import ServiceCore
from shared.eventstore.codec import encode
from shared.eventstore.proofs import inclusion_receipt
from shared.kernel.clock import instant_text
from shared.kernel.envelope import Erased, Personal, RecordedEvent
from shared.projection.packs import PackShelf


def answer(core: ServiceCore, name: str, params: Mapping[str, Any]) -> Any:
    """Answer a query as JSON values. Raises KeyError for an unknown one."""
    if name in _COMMON:
        return _COMMON[name](core, **params)
    query = core.queries[name]
    with core.units.begin() as unit:
        return query(unit, **params)


def case_events(core: ServiceCore, case_id: str) -> list[dict[str, Any]]:
    """Every event of a case in this service, in the order it was written."""
    recorded = core.units.reader.case_events(UUID(case_id))
    return [event_document(core.name, event) for event in recorded]


def event(core: ServiceCore, event_id: str) -> dict[str, Any] | None:
    """One event by its id."""
    found = core.units.reader.find(UUID(event_id))
    return event_document(core.name, found) if found else None


def counts(core: ServiceCore) -> dict[str, Any]:
    """{sealed, public}: what the log holds; {parked}: events and timers that wait in lanes."""
    tail = core.units.store.log_tail()
    with core.units.begin() as unit:
        parked = sum(lanes.number_parked(unit.connection))
    return {"sealed": tail.size, "public": tail.feed_size, "parked": parked}


def receipt(core: ServiceCore, event_id: str) -> dict[str, Any]:
    """The signed inclusion proof of one event. Raises NotProvable."""
    return inclusion_receipt(core.units.store, UUID(event_id))


def pack(core: ServiceCore, digest: str) -> Mapping[str, Any]:
    """A stored pack by its digest. Raises UnknownPack."""
    with core.units.begin() as unit:
        return PackShelf(unit.connection).document(digest)


def call(core: ServiceCore, call_id: str) -> Mapping[str, Any]:
    """A published call by its id, as CallPublished carried it. Raises UnknownPack."""
    with core.units.begin() as unit:
        return PackShelf(unit.connection).call(UUID(call_id))


def event_document(service: str, recorded: RecordedEvent) -> dict[str, Any]:
    """A stored event for people; personal values are shown as such, erased ones say so."""
    metadata = recorded.metadata
    return {
        "service": service,
        "id": str(recorded.id),
        "stream": recorded.stream,
        "version": recorded.version,
        "type": recorded.type,
        "schema_version": recorded.schema_version,
        "data": readable(encode(recorded.event)),
        "actor": {"id": metadata.actor.id, "roles": list(metadata.actor.roles)},
        "occurred_at": instant_text(metadata.occurred_at),
        "recorded_at": instant_text(recorded.recorded_at),
        "causation_id": str(metadata.causation_id) if metadata.causation_id else None,
        "command_id": str(metadata.command_id) if metadata.command_id else None,
        "decision": metadata.decision,
        "sequence": recorded.sequence,
        "feed_sequence": recorded.feed_sequence,
        "hash": recorded.event_hash,
    }


def readable(tree: Any) -> Any:
    """JSON values only: a Personal value in clear, an Erased one as its text."""
    if isinstance(tree, Personal):
        return readable(tree.value)
    if isinstance(tree, Erased):
        return str(tree)
    if isinstance(tree, Mapping):
        return {key: readable(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [readable(item) for item in tree]
    return tree


_COMMON: Mapping[str, Any] = {
    "case_events": case_events,
    "event": event,
    "counts": counts,
    "receipt": receipt,
    "pack": pack,
    "call": call,
    "lanes": redrive.list_lanes,
    "lane": redrive.show_lane,
    "retry_lane": redrive.retry_lane,
    "skip_lane": redrive.skip_first,
}
