"""Taiwan's working days: the `holidays` calendar, corrected by taiwan_calendar.csv.

The file lists days that were announced as working (make-up Saturdays) or as off (also those that a
released calendar does not know yet); what stands in it wins.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import holidays

_KINDS = {"work": True, "off": False}


def is_working_day(day: date) -> bool:
    """True for a day on which government offices in Taiwan work."""
    announced = announced_days().get(day)
    return _calendar().is_working_day(day) if announced is None else announced


def working_days_between(first: date, second: date) -> int:
    """Working days after `first` up to and including `second`; negative when it is earlier."""
    if second < first:
        return -working_days_between(second, first)
    days = (first + timedelta(days=n) for n in range(1, (second - first).days + 1))
    return sum(map(is_working_day, days))


def first_working_day(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def announced_days() -> dict[date, bool]:
    """Day -> works, from the calendar file."""
    text = files("shared.programmes").joinpath("taiwan_calendar.csv").read_text("utf-8")
    return {
        date.fromisoformat(row["day"]): _KINDS[row["kind"]]
        for row in csv.DictReader(text.splitlines())
    }


@cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("TW")
