"""Named methods for usage: complete cycles, regular use, idle cycles. Taipei days throughout.

A day runs from 00:00 to 24:00, a week from Monday to Sunday, a month is a calendar month. Only
cycles that lie wholly between adoption and the last day count: the partial first and last cycle
are ignored; with no complete cycle an enterprise is not assessable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from shared.kernel.clock import add_months, start_of_day, taipei_date

REGULAR, IRREGULAR, NOT_ASSESSABLE = "REGULAR", "IRREGULAR", "NOT_ASSESSABLE"

DailyUses = Mapping[date, int]


def complete_cycles(
    cycle: str, adopted_at: datetime, last_day: date
) -> Iterator[tuple[date, date]]:
    """(first day, day after the last) of every complete cycle from adoption to last_day."""
    start = _start(cycle, taipei_date(adopted_at))
    if start_of_day(start) < adopted_at:
        start = _next(cycle, start)
    while (end := _next(cycle, start)) <= last_day + timedelta(days=1):
        yield start, end
        start = end


def uses_between(uses: DailyUses, first: date, end: date) -> int:
    """Counted uses from `first` up to and without `end`."""
    return sum(count for day, count in uses.items() if first <= day < end)


def standing(
    uses: DailyUses,
    *,
    cycle: str,
    minimum: int,
    adopted_at: datetime,
    last_day: date,
    ratio_bp: int,
) -> str:
    """REGULAR when at least ratio_bp of the complete cycles hold `minimum` uses or more, else
    IRREGULAR; NOT_ASSESSABLE without a complete cycle."""
    cycles = list(complete_cycles(cycle, adopted_at, last_day))
    if not cycles:
        return NOT_ASSESSABLE
    passed = sum(uses_between(uses, first, end) >= minimum for first, end in cycles)
    return REGULAR if passed * 10_000 >= ratio_bp * len(cycles) else IRREGULAR


def regular_enterprises(
    adopted: Mapping[str, datetime],
    uses: Mapping[str, DailyUses],
    *,
    cycle: str,
    minimum: int,
    last_day: date,
    ratio_bp: int,
) -> dict[str, str]:
    """The standing of every adopted enterprise: 統一編號 -> REGULAR, IRREGULAR, ..."""
    return {
        ubn: standing(
            uses.get(ubn, {}),
            cycle=cycle,
            minimum=minimum,
            adopted_at=adopted_at,
            last_day=last_day,
            ratio_bp=ratio_bp,
        )
        for ubn, adopted_at in adopted.items()
    }


def idle_enterprises(
    adopted: Mapping[str, datetime],
    uses: Mapping[str, DailyUses],
    *,
    cycle: str,
    last_day: date,
    idle_cycles: int,
) -> list[str]:
    """Enterprises without any counted use in the last `idle_cycles` complete cycles."""
    idle = []
    for ubn, adopted_at in sorted(adopted.items()):
        last = list(complete_cycles(cycle, adopted_at, last_day))[-idle_cycles:]
        if len(last) == idle_cycles and not uses_between(
            uses.get(ubn, {}), last[0][0], last[-1][1]
        ):
            idle.append(ubn)
    return idle


def total_traffic(uses: Mapping[str, DailyUses]) -> int:
    """All counted uses of all enterprises in the plan period."""
    return sum(sum(days.values()) for days in uses.values())


def _start(cycle: str, day: date) -> date:
    if cycle == "DAY":
        return day
    if cycle == "WEEK":
        return day - timedelta(days=day.weekday())
    if cycle == "MONTH":
        return day.replace(day=1)
    raise ValueError(f"a cycle is DAY, WEEK or MONTH, not {cycle}")


def _next(cycle: str, start: date) -> date:
    if cycle == "MONTH":
        return add_months(start, 1)
    return start + timedelta(days=1 if cycle == "DAY" else 7)
