"""Re-driving parked lanes: list, retry in order, or skip with a reason."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from shared.bus import lanes
from shared.bus.clockwork import fire_again
from shared.bus.door import repeat_on_conflict
from shared.bus.effects import perform, record_refusals
from shared.bus.inbox import INFRASTRUCTURE
from shared.bus.service_core import ServiceCore
from shared.kernel.envelope import PublicEvent
from shared.kernel.errors import DomainError, InvalidInput, UnknownThing
from shared.projection.timers import TimerTable

_log = logging.getLogger(__name__)


class StillParked(DomainError):
    """A retry failed again; what stands first in the lane stays there, with the new error."""

    code = "still-parked"


def list_lanes(core: ServiceCore) -> list[dict[str, Any]]:
    """One row per lane: {service, lane, events, timers, first, error, since}; first is the type
    of an event or the command of a timer."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    with core.units.begin() as unit:
        for row in lanes.waiting(unit.connection):
            grouped.setdefault(row["lane"], []).append(row)
    return [
        {
            "service": core.name,
            "lane": lane,
            "events": sum(not lanes.is_timer(row) for row in rows),
            "timers": sum(lanes.is_timer(row) for row in rows),
            "first": _name(rows[0]),
            "error": rows[0]["error"],
            "since": rows[0]["parked_at"],
        }
        for lane, rows in grouped.items()
    ]


def show_lane(core: ServiceCore, lane: str) -> list[Mapping[str, Any]]:
    """The parked events and timers of a lane in order; see shared.bus.lanes.waiting."""
    with core.units.begin() as unit:
        return lanes.waiting(unit.connection, lane)


def retry_lane(core: ServiceCore, lane: str) -> int:
    """Handle a lane in order, until it is empty; how many were handled. A timer keeps its own
    due instant.

    Raises UnknownThing for an empty lane, StillParked at the first that fails again, and the
    driver's errors.
    """
    done = 0
    while rows := show_lane(core, lane):  # looked at again: more may have come behind the last
        _handle(core, rows[0])
        done += 1
    if not done:
        raise _empty(lane)
    return done


def skip_first(core: ServiceCore, lane: str, reason: str) -> None:
    """Give up on what stands first in a lane, for a written reason; later ones may go on."""
    if not reason.strip():
        raise InvalidInput("須敘明理由", "a reason is required", field="reason")
    rows = show_lane(core, lane)
    if not rows:
        raise _empty(lane)
    with core.units.begin() as unit:
        if lanes.is_timer(rows[0]):
            TimerTable(unit.connection).skip(lanes.parked_timer(rows[0]).id, reason)
        else:
            lanes.skip(unit.connection, lanes.parked_event(rows[0]), reason)
        unit.commit()


def _handle(core: ServiceCore, row: Mapping[str, Any]) -> None:
    try:
        if lanes.is_timer(row):
            fire_again(core, lanes.parked_timer(row))
        else:
            repeat_on_conflict(partial(_perform_again, core, lanes.parked_event(row)))
    except INFRASTRUCTURE:
        raise
    except Exception as error:  # told to who asked, with the trace for the operator's log
        _log.exception("%s: %s of lane %s failed again", core.name, _name(row), row["lane"])
        raise _keep(core, row, lanes.fault_text(error)) from error


def _perform_again(core: ServiceCore, event: PublicEvent) -> None:
    try:
        with core.units.begin() as unit:
            if lanes.release(unit.connection, event):
                perform(core, unit, event)
                unit.commit()
    except DomainError as refusal:
        with core.units.begin() as unit:
            if lanes.release(unit.connection, event):
                record_refusals(core, unit, event, refusal)
                unit.commit()


def _keep(core: ServiceCore, row: Mapping[str, Any], error: str) -> StillParked:
    with core.units.begin() as unit:
        if lanes.is_timer(row):
            TimerTable(unit.connection).failed(lanes.parked_timer(row), error)
        else:
            lanes.note_error(unit.connection, lanes.parked_event(row), error)
        unit.commit()
    name = _name(row)
    return StillParked(
        f"「{name}」仍然失敗，道維持停駐：{error}",
        f"{name} fails again, the lane stays parked: {error}",
        field="lane",
    )


def _name(row: Mapping[str, Any]) -> str:
    return str(row["command"] if lanes.is_timer(row) else row["event"]["type"])


def _empty(lane: str) -> UnknownThing:
    return UnknownThing(
        f"「{lane}」沒有停駐的事件或定時", f"nothing is parked in {lane}", field="lane"
    )
