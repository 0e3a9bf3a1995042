"""A case over all services: events merged by occurred_at, a cause always before its effect."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from grantcase.backend import SERVICES, Backend, Refused
from shared.kernel.clock import parse_instant, taipei_date

Event = Mapping[str, Any]


def case_of(backend: Backend, case: str) -> Mapping[str, Any]:
    """The case by its number (CP112-0007) or id. Raises Refused."""
    found: Mapping[str, Any] | None = backend.query("intake", "case", case=case)
    if found is None:
        raise Refused(
            {
                "error": "unknown",
                "field": "case",
                "message": {"zh-Hant": f"查無案件 {case}", "en": f"there is no case {case}"},
            }
        )
    return found


def timeline(
    backend: Backend,
    case_id: str,
    *,
    as_of: date | None = None,
    known_at: date | None = None,
) -> list[Event]:
    """Every event of the case, of all services, in order.

    as_of keeps what had happened by the end of that day in Taipei, known_at what was recorded by
    then.
    """
    per_service = [backend.query(service, "case_events", case_id=case_id) for service in SERVICES]
    kept = [
        [event for event in events if _within(event, as_of, known_at)] for events in per_service
    ]
    return merged(kept)


def merged(per_service: Sequence[Sequence[Event]]) -> list[Event]:
    """Events by occurred_at; among those that may come next, a stream's own order and cause
    before effect hold first, then the order of the services."""
    events = [event for own in per_service for event in own]
    rank = {event["id"]: index for index, event in enumerate(events)}
    waits: dict[str, int] = {event["id"]: 0 for event in events}
    unlocks: dict[str, list[Event]] = defaultdict(list)
    newest: dict[tuple[str, str], str] = {}
    for event in events:
        place = (event["service"], event["stream"])
        for earlier in {event["causation_id"], newest.get(place)} & rank.keys():
            unlocks[earlier].append(event)
            waits[event["id"]] += 1
        newest[place] = event["id"]
    ready = [(e["occurred_at"], rank[e["id"]]) for e in events if not waits[e["id"]]]
    heapq.heapify(ready)
    ordered: list[Event] = []
    while ready:
        event = events[heapq.heappop(ready)[1]]
        ordered.append(event)
        for later in unlocks[event["id"]]:
            waits[later["id"]] -= 1
            if not waits[later["id"]]:
                heapq.heappush(ready, (later["occurred_at"], rank[later["id"]]))
    return ordered


def _within(event: Event, as_of: date | None, known_at: date | None) -> bool:
    if as_of and taipei_date(parse_instant(event["occurred_at"])) > as_of:
        return False
    return not (known_at and taipei_date(parse_instant(event["recorded_at"])) > known_at)
