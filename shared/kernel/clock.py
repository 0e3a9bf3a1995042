"""Instants, dates and the clock port. Handlers read no clock: time arrives (architecture.md 7)."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

TAIPEI = ZoneInfo("Asia/Taipei")


class Clock(Protocol):
    """The edge's clock: stamps received_at once, when the complete request has arrived."""

    simulated: bool

    def now(self) -> datetime:
        """The current aware instant, to the microsecond."""
        ...


class SystemClock:
    """Real time."""

    simulated = False

    def now(self) -> datetime:
        """The current instant in UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """Time that only moves when told to; exists only in processes started so."""

    simulated = True

    def __init__(self, start: datetime):
        self._now = _aware(start)

    def now(self) -> datetime:
        """The instant the clock was last set to."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Move forward; raises ValueError when asked to go back."""
        if _aware(instant) < self._now:
            raise ValueError(f"the simulated clock does not go back: {instant} < {self._now}")
        self._now = instant


def instant_text(instant: datetime) -> str:
    """ISO 8601 with six digits and +08:00, as stored: 2023-03-16T17:00:00.000000+08:00."""
    return _aware(instant).astimezone(TAIPEI).isoformat(timespec="microseconds")


def parse_instant(text: str) -> datetime:
    """An aware instant from ISO 8601; raises ValueError when the offset is missing."""
    return _aware(datetime.fromisoformat(text))


def taipei_date(instant: datetime) -> date:
    """The calendar day in Taipei."""
    return _aware(instant).astimezone(TAIPEI).date()


def start_of_day(day: date) -> datetime:
    """00:00 Taipei of that day."""
    return datetime(day.year, day.month, day.day, tzinfo=TAIPEI)


def after_day(day: date) -> datetime:
    """The first instant after the day: a date deadline accepts t < after_day(deadline)."""
    return start_of_day(day + timedelta(days=1))


def add_years(day: date, years: int) -> date:
    """Month and day are kept; 29 February becomes 28 February."""
    return add_months(day, 12 * years)


def add_months(day: date, months: int) -> date:
    """The same day of the month, or the month's last day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def roc_date_text(day: date) -> str:
    """民國 date: 112年3月16日."""
    return f"{day.year - 1911}年{day.month}月{day.day}日"


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs its offset: {instant}")
    return instant
