"""Due timers: rows written in the transaction of the facts that set them (the Timers port).

due -> fired, or due -> parked -> fired | skipped for one that fails for good.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.kernel.canonical import canonical_json
from shared.projection.tables import timer_faults, timers


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A command that the clock actor gives at due_at."""

    id: UUID
    due_at: datetime
    command: str
    payload: Mapping[str, Any]

    @property
    def lane(self) -> str:
        """Timers of one case share the lane of its events; one without a case has its own."""
        return str(self.payload.get("case_id") or self.id)


@dataclass(frozen=True, slots=True)
class ParkedTimer:
    """A timer set aside; error names the fault, parked_at is UTC text."""

    timer: DueTimer
    error: str
    parked_at: str


class TimerTable:
    """Timers of one service, over the connection of the open unit of work."""

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def schedule(
        self, id: UUID, due_at: datetime, command: str, payload: Mapping[str, Any]
    ) -> None:
        """Set or move a timer; one that has fired stays fired, and one that is parked has fallen
        due: it keeps its instant."""
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
        """Remove a timer that has not fired, a parked one too."""
        removed = self._connection.execute(
            timers.delete().where(
                timers.c.timer_id == str(id), timers.c.state.in_(("due", "parked"))
            )
        )
        if removed.rowcount:
            self._forget_faults(id)

    def next_due(self) -> datetime | None:
        """The earliest due instant of all timers neither fired nor set aside."""
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
        return [_timer(row) for row in rows]

    def fired(self, id: UUID, *, was: str = "due") -> bool:
        """Mark as fired, in the transaction of its effects; False when another was first.
        was: `due`, or `parked` for one that is tried again by hand."""
        if not self._move(id, was, "fired"):
            return False
        self._forget_faults(id)
        return True

    def failed(self, timer: DueTimer, error: str) -> int:
        """One more failure of this timer; the number so far."""
        mine = timer_faults.c.timer_id == str(timer.id)
        count = self._connection.execute(sa.select(timer_faults.c.count).where(mine)).scalar()
        if count is None:
            self._connection.execute(
                timer_faults.insert().values(
                    timer_id=str(timer.id), lane=timer.lane, count=1, error=error
                )
            )
            return 1
        self._connection.execute(
            timer_faults.update().where(mine).values(count=count + 1, error=error)
        )
        return int(count) + 1

    def park(self, timer: DueTimer, error: str) -> bool:
        """Set a due timer aside with its error; False when another was first."""
        if not self._move(timer.id, "due", "parked"):
            return False
        self._forget_faults(timer.id)
        self._connection.execute(
            timer_faults.insert().values(
                timer_id=str(timer.id),
                lane=timer.lane,
                count=0,  # tried again by hand from now on
                error=error,
                parked_at=_utc_text(datetime.now(UTC)),
            )
        )
        return True

    def parked(self, lane: str | None = None) -> list[ParkedTimer]:
        """What is set aside, in the order in which it was."""
        query = sa.select(timers, timer_faults.c.error, timer_faults.c.parked_at).where(
            timers.c.timer_id == timer_faults.c.timer_id, timers.c.state == "parked"
        )
        if lane is not None:
            query = query.where(timer_faults.c.lane == lane)
        rows = self._connection.execute(query.order_by(timer_faults.c.parked_at, timers.c.due_at))
        return [ParkedTimer(_timer(row), row.error, row.parked_at) for row in rows]

    def skip(self, id: UUID, reason: str) -> bool:
        """Give up on a parked timer; its rows stay, with the reason."""
        if not self._move(id, "parked", "skipped"):
            return False
        self._connection.execute(
            timer_faults.update()
            .where(timer_faults.c.timer_id == str(id))
            .values(error=timer_faults.c.error + f" | skipped: {reason}")
        )
        return True

    def _move(self, id: UUID, was: str, to: str) -> bool:
        result = self._connection.execute(
            timers.update()
            .where(timers.c.timer_id == str(id), timers.c.state == was)
            .values(state=to)
        )
        return result.rowcount == 1

    def _forget_faults(self, id: UUID) -> None:
        self._connection.execute(timer_faults.delete().where(timer_faults.c.timer_id == str(id)))


def _timer(row: Any) -> DueTimer:
    return DueTimer(
        UUID(row.timer_id),
        datetime.fromisoformat(row.due_at),
        row.command,
        json.loads(row.payload),
    )


def _utc_text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
