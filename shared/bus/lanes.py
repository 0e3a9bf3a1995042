"""Parked lanes: what a service would do by itself for a case, and cannot.

First in a lane stands an event or a timer that fails for good; behind it, in the order in which
they came, the later events and timers of its case. Each of them decides on what the one before
it has recorded: a window must not close before the contract that stands in the lane is opened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.bus.event_text import from_json, to_json
from shared.kernel.canonical import canonical_json
from shared.kernel.clock import instant_text, parse_instant
from shared.kernel.envelope import PublicEvent
from shared.projection.tables import attempts, parked, timer_faults, timers
from shared.projection.timers import DueTimer, ParkedTimer, TimerTable

WAITS = "waits behind what is parked before it"

_LONGEST_ERROR = 2000


def fault_text(error: Exception) -> str:
    """A fault as any database takes it. A text with a NUL or half a character, which PostgreSQL
    refuses, would keep the failure from being counted, and so its event from being parked."""
    text = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR].replace("\0", "\N{SYMBOL FOR NULL}")
    return text.encode("utf-8", "replace").decode()


def lane_of(event: PublicEvent) -> str:
    """Events of one case share a lane; an event without a case has its own."""
    return str(event.subject or event.id)


def is_blocked(connection: sa.Connection, lane: str) -> bool:
    """True when an earlier event or timer of the lane is still parked."""
    event = sa.select(sa.literal(1)).where(parked.c.lane == lane, parked.c.state == "parked")
    timer = sa.select(sa.literal(1)).where(
        timer_faults.c.lane == lane,
        timers.c.timer_id == timer_faults.c.timer_id,
        timers.c.state == "parked",
    )
    return connection.execute(sa.union_all(event, timer)).first() is not None


def number_parked(connection: sa.Connection) -> tuple[int, int]:
    """(events, timers) that wait in all lanes."""
    events = sa.select(sa.func.count()).where(parked.c.state == "parked")
    set_aside = sa.select(sa.func.count()).where(timers.c.state == "parked")
    return connection.execute(events).scalar_one(), connection.execute(set_aside).scalar_one()


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
    """What is parked, in the order in which it was: {lane, error, parked_at}, and of an event
    {source, feed_sequence, event}, of a timer {timer, due_at, command, payload}."""
    query = sa.select(parked).where(parked.c.state == "parked")
    if lane is not None:
        query = query.where(parked.c.lane == lane)
    rows = connection.execute(query.order_by(parked.c.parked_at, parked.c.feed_sequence))
    found = [_event_row(row) for row in rows]
    found += [_timer_row(one) for one in TimerTable(connection).parked(lane)]
    return sorted(found, key=lambda row: str(row["parked_at"]))


def _event_row(row: Any) -> Mapping[str, Any]:
    return {
        "source": row.source,
        "feed_sequence": row.feed_sequence,
        "lane": row.lane,
        "event": json.loads(row.event),
        "error": row.error,
        "parked_at": row.parked_at,
    }


def _timer_row(one: ParkedTimer) -> Mapping[str, Any]:
    timer = one.timer
    return {
        "timer": str(timer.id),
        "due_at": instant_text(timer.due_at),
        "lane": timer.lane,
        "command": timer.command,
        "payload": timer.payload,
        "error": one.error,
        "parked_at": one.parked_at,
    }


def is_timer(row: Mapping[str, Any]) -> bool:
    """Of a row from `waiting`: a timer, else an event."""
    return "timer" in row


def parked_timer(row: Mapping[str, Any]) -> DueTimer:
    """The timer of a row from `waiting`."""
    return DueTimer(
        UUID(row["timer"]), parse_instant(row["due_at"]), row["command"], row["payload"]
    )


def parked_event(row: Mapping[str, Any]) -> PublicEvent:
    """The event of a row from `waiting`."""
    return from_json(row["event"])


def release(connection: sa.Connection, event: PublicEvent) -> bool:
    """Take a parked event out, in the transaction of its effects; False when another was first."""
    gone = connection.execute(
        parked.delete().where(*_key(parked, event), parked.c.state == "parked")
    )
    return gone.rowcount == 1


def note_error(connection: sa.Connection, event: PublicEvent, error: str) -> None:
    """Why a parked event failed the last time."""
    connection.execute(parked.update().where(*_key(parked, event)).values(error=error))


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
