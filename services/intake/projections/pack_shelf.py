"""intake's own packs and calls: kept in the transaction that publishes them."""

from __future__ import annotations

from typing import Any

from services.intake.domain import events as e
from shared.eventstore.codec import encode
from shared.kernel.envelope import RecordedEvent
from shared.projection.packs import PackShelf
from shared.projection.tables import calls, packs

NAME = "intake.pack_shelf"
TABLES = (packs, calls)


def project(connection: Any, recorded: RecordedEvent) -> None:
    """Store what PackPublished and CallPublished carry."""
    match recorded.event:
        case e.PackPublished() as event:
            PackShelf(connection).store(event.programme_id, event.version, event.digest, event.pack)
        case e.CallPublished() as event:
            PackShelf(connection).store_call(event.call_id, encode(event))
