"""Re-driving parked events: list, retry in order, or skip with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.bus import lanes
from shared.bus.door import repeat_on_conflict
from shared.bus.inbox import perform
from shared.bus.service_core import ServiceCore
from shared.kernel.errors import InvalidInput, UnknownThing
from shared.kernel.streams import UnknownPack


def list_lanes(core: ServiceCore) -> list[dict[str, Any]]:
    """One row per lane: {service, lane, events, first, error, since}."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    with core.units.begin() as unit:
        for row in lanes.waiting(unit.connection):
            grouped.setdefault(row["lane"], []).append(row)
    return [
        {
            "service": core.name,
            "lane": lane,
            "events": len(rows),
            "first": rows[0]["event"]["type"],
            "error": rows[0]["error"],
            "since": rows[0]["parked_at"],
        }
        for lane, rows in grouped.items()
    ]


def show_lane(core: ServiceCore, lane: str) -> list[Mapping[str, Any]]:
    """The parked events of a lane in order."""
    with core.units.begin() as unit:
        return lanes.waiting(unit.connection, lane)


def retry_lane(core: ServiceCore, lane: str) -> int:
    """Handle the parked events of a lane in order; stops at the first that fails again.

    Raises UnknownThing for an empty lane, and what the handler raises.
    """
    rows = show_lane(core, lane)
    if not rows:
        raise _empty(lane)
    for row in rows:
        event = lanes.parked_event(row)

        def attempt(event: Any = event) -> None:
            with core.units.begin() as unit:
                perform(core, unit, event)
                lanes.release(unit.connection, event)
                unit.commit()

        try:
            repeat_on_conflict(attempt)
        except UnknownPack as error:
            raise UnknownThing(
                f"尚無規則包 {error}", f"pack {error} has not arrived", field="lane"
            ) from None
    return len(rows)


def skip_first(core: ServiceCore, lane: str, reason: str) -> None:
    """Give up on the first parked event of a lane, for a written reason; later ones may go on."""
    if not reason.strip():
        raise InvalidInput("須敘明理由", "a reason is required", field="reason")
    rows = show_lane(core, lane)
    if not rows:
        raise _empty(lane)
    with core.units.begin() as unit:
        lanes.skip(unit.connection, lanes.parked_event(rows[0]), reason)
        unit.commit()


def _empty(lane: str) -> UnknownThing:
    return UnknownThing(f"沒有停駐事件 {lane}", f"nothing is parked in {lane}", field="lane")
