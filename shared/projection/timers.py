"""Due timers: rows written in the transaction of the facts that set them (the Timers port)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.kernel.canonical import canonical_json
from shared.projection.tables import timers


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A command that the clock actor gives at due_at."""

    id: UUID
    due_at: datetime
    command: str
    payload: Mapping[str, Any]


class TimerTable:
    """Timers of one service, over the connection of the open unit of work."""

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def schedule(
        self, id: UUID, due_at: datetime, command: str, payload: Mapping[str, Any]
    ) -> None:
        """Set or move a timer; one that has fired stays fired."""
        values = {
            "due_at": _utc_text(due_at),
            "command": command,
            "payload": canonical_json(payload),
        }
        state = self._connection.execute(
            sa.select(timers.c.state).where(timers.c.timer_id == str(id))
        ).scalar()
        if state is None:
            self._connection.execute(
                timers.insert().values(timer_id=str(id), state="due", **values)
            )
        elif state == "due":
            self._connection.execute(
                timers.update().where(timers.c.timer_id == str(id)).values(**values)
            )

    def cancel(self, id: UUID) -> None:
        """Remove a timer that has not fired."""
        self._connection.execute(
            timers.delete().where(timers.c.timer_id == str(id), timers.c.state == "due")
        )

    def next_due(self) -> datetime | None:
        """The earliest due instant of all timers not yet fired."""
        text = self._connection.execute(
            sa.select(sa.func.min(timers.c.due_at)).where(timers.c.state == "due")
        ).scalar()
        return datetime.fromisoformat(text) if text else None

    def due(self, until: datetime, limit: int) -> list[DueTimer]:
        """Timers due at or before `until`, earliest first, equal instants by id."""
        rows = self._connection.execute(
            sa.select(timers)
            .where(timers.c.state == "due", timers.c.due_at <= _utc_text(until))
            .order_by(timers.c.due_at, timers.c.timer_id)
            .limit(limit)
        )
        return [
            DueTimer(
                UUID(row.timer_id),
                datetime.fromisoformat(row.due_at),
                row.command,
                json.loads(row.payload),
            )
            for row in rows
        ]

    def fired(self, id: UUID) -> bool:
        """Mark as fired, in the transaction of its effects; False when another was first."""
        result = self._connection.execute(
            timers.update()
            .where(timers.c.timer_id == str(id), timers.c.state == "due")
            .values(state="fired")
        )
        return result.rowcount == 1


def _utc_text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
