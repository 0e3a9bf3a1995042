"""A service's feed of public events, and following it in process (embedded) or to fill a gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from shared.bus.inbox import Outcome, position, receive
from shared.bus.service_core import ServiceCore
from shared.contracts.catalogue import SOURCES
from shared.kernel.envelope import PublicEvent, RecordedEvent

FEED_LIMIT = 500
"""The most events one answer of a feed holds."""

Feed = Callable[[int, int], Sequence[PublicEvent]]
"""feed(after, limit): public events with feed_sequence > after, in order."""


def feed(core: ServiceCore, after: int, limit: int = FEED_LIMIT) -> list[PublicEvent]:
    """Sealed public events of this service, in feed order."""
    recorded = core.units.reader.feed(after, min(limit, FEED_LIMIT))
    return [as_public(core, event) for event in recorded]


def as_public(core: ServiceCore, recorded: RecordedEvent) -> PublicEvent:
    """What the contract promises of a stored event; without personal fields."""
    translated = core.publish(recorded)
    if translated is None or recorded.feed_sequence is None:
        raise LookupError(f"{recorded.type} is not a sealed public event of {core.name}")
    type_, data = translated
    decision = recorded.metadata.decision or {}
    case_id = data.get("case_id")
    return PublicEvent(
        id=recorded.id,
        source=core.name,
        type=type_,
        schema_version=SOURCES[core.name][type_].schema_version,
        feed_sequence=recorded.feed_sequence,
        occurred_at=recorded.metadata.occurred_at,
        data=data,
        subject=UUID(str(case_id)) if case_id else None,
        causation_id=recorded.metadata.causation_id,
        actor_id=recorded.metadata.actor.id,
        pack_digest=decision.get("pack_digest") or data.get("pack_digest"),
    )


def catch_up(core: ServiceCore, source: str, feed_of: Feed) -> int:
    """Apply everything the source's feed holds beyond our cursor; how many were handled.

    Stops early when an event asks for a retry, or the feed has a hole; the next call tries again.
    """
    handled = 0
    while events := feed_of(position(core, source), FEED_LIMIT):
        for event in events:
            if receive(core, event) in (Outcome.RETRY, Outcome.GAP):
                return handled
            handled += 1
    return handled
