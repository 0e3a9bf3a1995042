"""Instants and days: offsets, deadlines, months and leap years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.kernel.clock import (
    SimulatedClock,
    SystemClock,
    add_months,
    add_years,
    after_day,
    instant_text,
    parse_instant,
    roc_date_text,
    start_of_day,
    taipei_date,
)

MICROSECOND = timedelta(microseconds=1)


def test_an_instant_is_stored_in_taipei_with_six_digits() -> None:
    assert (
        instant_text(datetime(2023, 3, 16, 9, 0, tzinfo=UTC)) == "2023-03-16T17:00:00.000000+08:00"
    )


def test_text_and_instant_are_the_same_to_the_microsecond() -> None:
    text = "2023-03-16T17:00:00.000001+08:00"
    assert instant_text(parse_instant(text)) == text
    assert parse_instant("2023-03-16T09:00:00Z") == parse_instant("2023-03-16T17:00:00+08:00")


@pytest.mark.parametrize("text", ["2023-03-16T17:00:00", "2023-03-16", "soon", ""])
def test_an_instant_without_its_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"offset|Invalid"):
        parse_instant(text)


def test_a_date_deadline_takes_the_last_microsecond_of_its_day_in_taipei() -> None:
    due = date(2023, 3, 18)
    assert parse_instant("2023-03-18T23:59:59.999999+08:00") < after_day(due)
    assert not parse_instant("2023-03-19T00:00:00+08:00") < after_day(due)
    assert after_day(due) - MICROSECOND > start_of_day(due)


def test_the_day_is_that_of_taipei() -> None:
    assert taipei_date(datetime(2023, 3, 16, 15, 59, 59, tzinfo=UTC)) == date(2023, 3, 16)
    assert taipei_date(datetime(2023, 3, 16, 16, 0, tzinfo=UTC)) == date(2023, 3, 17)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 12, 15), 1, date(2024, 1, 15)),
        (date(2023, 3, 31), -1, date(2023, 2, 28)),
        (date(2023, 1, 15), -1, date(2022, 12, 15)),
        (date(2023, 5, 31), 0, date(2023, 5, 31)),
    ],
)
def test_months_keep_the_day_or_take_the_last_one(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_a_leap_day_becomes_the_28th() -> None:
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_roc_years() -> None:
    assert roc_date_text(date(2023, 3, 16)) == "112年3月16日"
    assert roc_date_text(date(1912, 1, 1)) == "1年1月1日"


def test_a_simulated_clock_stands_until_it_is_set_and_never_goes_back() -> None:
    clock = SimulatedClock(parse_instant("2023-03-16T17:00:00+08:00"))
    assert clock.now() == clock.now()
    clock.set(clock.now())
    clock.set(clock.now() + MICROSECOND)
    with pytest.raises(ValueError, match="go back"):
        clock.set(clock.now() - MICROSECOND)
    with pytest.raises(ValueError, match="offset"):
        clock.set(datetime(2030, 1, 1))  # noqa: DTZ001  no offset, on purpose


def test_the_system_clock_knows_its_offset() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert not SystemClock().simulated
