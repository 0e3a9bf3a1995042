"""The inbox: one cursor per source over its feed, moved in the transaction of the effects.

Next in order: apply. Older: drop. A gap: the caller asks the source's feed (architecture.md 4.4).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from enum import Enum
from functools import partial
from typing import Any

import psycopg
import sqlalchemy as sa

from shared.bus import lanes
from shared.bus.door import repeat_on_conflict
from shared.bus.effects import perform, record_refusals
from shared.bus.service_core import ServiceCore
from shared.kernel.envelope import PublicEvent
from shared.kernel.errors import DomainError, VersionConflict
from shared.kernel.streams import UnknownPack
from shared.projection.cursors import lock_cursor, move_cursor, read_cursor

TRIES = 5
"""After so many failures of the same event for unknown reasons it is parked."""

_log = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of a delivery; RETRY asks for the same event again, later."""

    APPLIED = "applied"
    OLD = "old"
    GAP = "gap"
    PARKED = "parked"
    RETRY = "retry"


INFRASTRUCTURE = (
    sa.exc.OperationalError,
    sa.exc.InterfaceError,
    sa.exc.PendingRollbackError,  # the connection was lost within the transaction
    sa.exc.TimeoutError,  # the pool is exhausted
    psycopg.OperationalError,  # the store's appends use the bare driver
    psycopg.InterfaceError,
    OSError,
    VersionConflict,
)
"""Retried with delay, without limit; never parked."""


def cursor_name(source: str) -> str:
    """The cursor of a source's feed."""
    return f"inbox.{source}"


def position(core: ServiceCore, source: str) -> int:
    """The last feed_sequence of the source that this service finished."""
    with core.units.begin() as unit:
        return read_cursor(unit.connection, cursor_name(source))


def receive(core: ServiceCore, event: PublicEvent) -> Outcome:
    """Handle one delivery. Raises infrastructure errors: the entry retries with delay."""
    try:
        return Outcome(repeat_on_conflict(lambda: _apply(core, event)))
    except INFRASTRUCTURE:
        raise
    except DomainError as refusal:
        return _refused(core, event, refusal)
    except UnknownPack as error:
        return _park(core, event, error)
    except Exception as error:  # any other fault: five tries, then parked with its error
        return _count(core, event, error)


def _refused(core: ServiceCore, event: PublicEvent, refusal: DomainError) -> Outcome:
    try:
        return repeat_on_conflict(partial(_refuse, core, event, refusal))
    except INFRASTRUCTURE:
        raise
    except Exception as error:  # refused where there is no command to refuse: a fault of ours
        return _count(core, event, error)


def receive_together(core: ServiceCore, events: Sequence[PublicEvent]) -> bool:
    """Several deliveries of one source, in feed order, in one transaction: all or none.

    For a backlog, where a commit for each would be the limit. False, with nothing done, when
    there is a gap or one of them fails: the caller then hands them over one by one.
    """
    try:
        return _apply_together(core, events)
    except Exception:  # whatever it is, receive() meets it again and sorts it
        return False


def _apply_together(core: ServiceCore, events: Sequence[PublicEvent]) -> bool:
    name = cursor_name(events[0].source)
    with core.units.begin() as unit:
        cursor = lock_cursor(unit.connection, name)
        new = {event.feed_sequence: event for event in events if event.feed_sequence > cursor}
        last = cursor + len(new)
        if not new or last not in new:
            return not new
        for number in range(cursor + 1, last + 1):
            _perform_or_park(core, unit, new[number])
        if not move_cursor(unit.connection, name, last, expected=cursor):
            return False
        lanes.forget_attempts(unit.connection, new[last], and_before=True)
        unit.commit()
        return True


def _apply(core: ServiceCore, event: PublicEvent) -> Outcome:
    with core.units.begin() as unit:
        place = _place(unit, event)
        if place is not Outcome.APPLIED:
            return place
        outcome = _perform_or_park(core, unit, event)
        finish(unit, event)
        return outcome


def _perform_or_park(core: ServiceCore, unit: Any, event: PublicEvent) -> Outcome:
    if lanes.is_blocked(unit.connection, lanes.lane_of(event)):
        lanes.park(unit.connection, event, lanes.WAITS)
        return Outcome.PARKED
    perform(core, unit, event)
    return Outcome.APPLIED


def finish(unit: Any, event: PublicEvent) -> None:
    """Move the cursor and commit, together with the effects."""
    name = cursor_name(event.source)
    if not move_cursor(
        unit.connection, name, event.feed_sequence, expected=event.feed_sequence - 1
    ):
        raise VersionConflict(f"{name} was moved by another replica")
    lanes.forget_attempts(unit.connection, event)
    unit.commit()


def _place(unit: Any, event: PublicEvent) -> Outcome:
    cursor = lock_cursor(unit.connection, cursor_name(event.source))
    if event.feed_sequence <= cursor:
        return Outcome.OLD
    return Outcome.APPLIED if event.feed_sequence == cursor + 1 else Outcome.GAP


def _refuse(core: ServiceCore, event: PublicEvent, refusal: DomainError) -> Outcome:
    """A DomainError in a reaction is our own fact, and the cursor moves."""
    with core.units.begin() as unit:
        if (place := _place(unit, event)) is not Outcome.APPLIED:
            return place
        record_refusals(core, unit, event, refusal)
        finish(unit, event)
        return Outcome.APPLIED


def _park(core: ServiceCore, event: PublicEvent, error: Exception) -> Outcome:
    with core.units.begin() as unit:
        if (place := _place(unit, event)) is not Outcome.APPLIED:
            return place
        lanes.park(unit.connection, event, lanes.fault_text(error))
        finish(unit, event)
        return Outcome.PARKED


def _count(core: ServiceCore, event: PublicEvent, error: Exception) -> Outcome:
    fault = lanes.fault_text(error)
    with core.units.begin() as unit:
        tries = lanes.count_attempt(unit.connection, event, fault)
        unit.commit()
    what = f"{event.type} {event.id} of {event.source}"
    _log.error("%s: %s failed, try %s: %s", core.name, what, tries, fault, exc_info=error)
    return _park(core, event, error) if tries >= TRIES else Outcome.RETRY
