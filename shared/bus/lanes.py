"""Parked lanes: an event that fails for good, and in order behind it the later ones of its case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from shared.bus.event_text import from_json, to_json
from shared.kernel.canonical import canonical_json
from shared.kernel.envelope import PublicEvent
from shared.projection.tables import attempts, parked


def lane_of(event: PublicEvent) -> str:
    """Events of one case share a lane; an event without a case has its own."""
    return str(event.subject or event.id)


def is_blocked(connection: sa.Connection, event: PublicEvent) -> bool:
    """True when an earlier event of the same lane is still parked."""
    query = sa.select(parked.c.feed_sequence).where(
        parked.c.lane == lane_of(event), parked.c.state == "parked"
    )
    return connection.execute(query.limit(1)).first() is not None


def park(connection: sa.Connection, event: PublicEvent, error: str) -> None:
    """Keep the event with its error, in the transaction that moves the cursor."""
    connection.execute(
        parked.insert().values(
            source=event.source,
            feed_sequence=event.feed_sequence,
            lane=lane_of(event),
            event=canonical_json(to_json(event)),
            error=error,
            state="parked",
            parked_at=datetime.now(UTC).isoformat(timespec="microseconds"),
        )
    )


def waiting(connection: sa.Connection, lane: str | None = None) -> list[Mapping[str, Any]]:
    """Parked rows in feed order: {source, feed_sequence, lane, event, error, parked_at}."""
    query = sa.select(parked).where(parked.c.state == "parked")
    if lane is not None:
        query = query.where(parked.c.lane == lane)
    rows = connection.execute(query.order_by(parked.c.parked_at, parked.c.feed_sequence))
    return [
        {
            "source": row.source,
            "feed_sequence": row.feed_sequence,
            "lane": row.lane,
            "event": json.loads(row.event),
            "error": row.error,
            "parked_at": row.parked_at,
        }
        for row in rows
    ]


def parked_event(row: Mapping[str, Any]) -> PublicEvent:
    """The event of a row from `waiting`."""
    return from_json(row["event"])


def release(connection: sa.Connection, event: PublicEvent) -> None:
    """Take a parked event out, once it was handled, in the transaction of its effects."""
    connection.execute(parked.delete().where(*_key(parked, event)))


def skip(connection: sa.Connection, event: PublicEvent, reason: str) -> None:
    """Give up on a parked event; its row stays, with the reason."""
    connection.execute(
        parked.update()
        .where(*_key(parked, event))
        .values(state="skipped", error=parked.c.error + f" | skipped: {reason}")
    )


def count_attempt(connection: sa.Connection, event: PublicEvent, error: str) -> int:
    """One more failure of this event; the number so far."""
    count = connection.execute(sa.select(attempts.c.count).where(*_key(attempts, event))).scalar()
    if count is None:
        connection.execute(
            attempts.insert().values(
                source=event.source, feed_sequence=event.feed_sequence, count=1, error=error
            )
        )
        return 1
    connection.execute(
        attempts.update().where(*_key(attempts, event)).values(count=count + 1, error=error)
    )
    return int(count) + 1


def forget_attempts(
    connection: sa.Connection, event: PublicEvent, *, and_before: bool = False
) -> None:
    """The event is done, or all up to it: the failures no longer count."""
    mine, this = _key(attempts, event)
    done = attempts.c.feed_sequence <= event.feed_sequence if and_before else this
    connection.execute(attempts.delete().where(mine, done))


def _key(table: sa.Table, event: PublicEvent) -> tuple[Any, Any]:
    return (table.c.source == event.source, table.c.feed_sequence == event.feed_sequence)
