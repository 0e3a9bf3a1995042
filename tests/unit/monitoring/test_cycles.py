"""Named methods of usage: complete cycles, regular use, idle cycles (CP-MON-11, -12, -30)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from services.monitoring.domain.cycles import (
    IRREGULAR,
    NOT_ASSESSABLE,
    REGULAR,
    complete_cycles,
    idle_enterprises,
    standing,
    total_traffic,
)
from tests.support.monitoring_events import at


def uses(first: str, *counts: int, step: int = 7) -> dict[date, int]:
    """counts[i] uses, `step` days apart from the first day on."""
    start = date.fromisoformat(first)
    return {start + timedelta(days=step * i): count for i, count in enumerate(counts)}


def weekly(days: dict[date, int], adopted: datetime, last: str, minimum: int = 4) -> str:
    return standing(
        days,
        cycle="WEEK",
        minimum=minimum,
        adopted_at=adopted,
        last_day=date.fromisoformat(last),
        ratio_bp=10_000,
    )


def test_the_week_of_the_adoption_is_ignored_when_it_was_not_whole():
    cycles = list(complete_cycles("WEEK", at("2023-06-07"), date(2023, 6, 30)))
    assert cycles == [
        (date(2023, 6, 12), date(2023, 6, 19)),
        (date(2023, 6, 19), date(2023, 6, 26)),
    ]


def test_an_adoption_at_the_first_instant_of_monday_has_a_whole_week():
    cycles = list(complete_cycles("WEEK", at("2023-06-05", "00:00:00"), date(2023, 6, 11)))
    assert cycles == [(date(2023, 6, 5), date(2023, 6, 12))]


def test_the_last_week_counts_only_when_sunday_is_in():
    assert list(complete_cycles("WEEK", at("2023-06-05", "00:00:00"), date(2023, 6, 10))) == []


def test_months_are_calendar_months():
    cycles = list(complete_cycles("MONTH", at("2023-05-02"), date(2023, 7, 31)))
    assert cycles == [
        (date(2023, 6, 1), date(2023, 7, 1)),
        (date(2023, 7, 1), date(2023, 8, 1)),
    ]


def test_the_day_of_the_adoption_is_partial():
    cycles = list(complete_cycles("DAY", at("2023-06-05"), date(2023, 6, 6)))
    assert cycles == [(date(2023, 6, 6), date(2023, 6, 7))]


def test_cp_t115_the_partial_first_week_with_two_uses_is_ignored():
    days = {date(2023, 6, 8): 2, **uses("2023-06-12", 5, 6, 5)}
    assert weekly(days, at("2023-06-07"), "2023-07-02", minimum=5) == REGULAR


def test_cp_t113_three_owner_logins_miss_a_minimum_of_four():
    assert weekly(uses("2023-06-12", 3), at("2023-06-07"), "2023-06-18") == IRREGULAR


def test_one_week_with_exactly_the_minimum_passes_and_one_less_does_not():
    assert weekly(uses("2023-06-12", 4), at("2023-06-07"), "2023-06-18") == REGULAR
    assert weekly(uses("2023-06-12", 4, 3), at("2023-06-07"), "2023-06-25") == IRREGULAR


def test_without_a_complete_cycle_nothing_can_be_said():
    assert weekly({}, at("2023-07-12"), "2023-07-15") == NOT_ASSESSABLE


def test_a_ratio_of_one_half_forgives_every_second_week():
    days = uses("2023-06-12", 4, 0)
    found = standing(
        days,
        cycle="WEEK",
        minimum=4,
        adopted_at=at("2023-06-07"),
        last_day=date(2023, 6, 25),
        ratio_bp=5_000,
    )
    assert found == REGULAR


def test_an_unknown_cycle_is_our_fault():
    with pytest.raises(ValueError, match="DAY, WEEK or MONTH"):
        list(complete_cycles("YEAR", at("2023-06-07"), date(2023, 6, 25)))


def test_two_silent_complete_weeks_are_idle_and_one_is_not():
    adopted = {"a": at("2023-06-05", "00:00:00")}

    def idle(last: date) -> list[str]:
        return idle_enterprises(
            adopted, {"a": uses("2023-06-06", 4)}, cycle="WEEK", last_day=last, idle_cycles=2
        )

    assert idle(date(2023, 6, 18)) == []
    assert idle(date(2023, 6, 25)) == ["a"]


def test_total_traffic_adds_everything_that_counted():
    assert total_traffic({"a": uses("2023-06-05", 3, 4), "b": uses("2023-06-05", 5)}) == 12
