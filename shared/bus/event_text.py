"""A public event as JSON: for the feed over RPC, for parked rows, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.kernel.clock import instant_text, parse_instant
from shared.kernel.envelope import PublicEvent


def to_json(event: PublicEvent) -> dict[str, Any]:
    """Plain JSON values; from_json gives the equal event back."""
    return {
        "id": str(event.id),
        "source": event.source,
        "type": event.type,
        "schema_version": event.schema_version,
        "feed_sequence": event.feed_sequence,
        "occurred_at": instant_text(event.occurred_at),
        "data": dict(event.data),
        "subject": str(event.subject) if event.subject else None,
        "causation_id": str(event.causation_id) if event.causation_id else None,
        "actor_id": event.actor_id,
        "pack_digest": event.pack_digest,
    }


def from_json(text: Mapping[str, Any]) -> PublicEvent:
    """The event of to_json. Raises KeyError, ValueError or TypeError when it is not one."""
    return PublicEvent(
        id=UUID(text["id"]),
        source=text["source"],
        type=text["type"],
        schema_version=text["schema_version"],
        feed_sequence=text["feed_sequence"],
        occurred_at=parse_instant(text["occurred_at"]),
        data=text["data"],
        subject=UUID(text["subject"]) if text["subject"] else None,
        causation_id=UUID(text["causation_id"]) if text["causation_id"] else None,
        actor_id=text["actor_id"],
        pack_digest=text["pack_digest"],
    )
