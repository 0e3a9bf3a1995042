"""The closed list of functions, each at its boundary."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shared.kernel.clock import TAIPEI
from shared.programmes.functions import FUNCTIONS, reference
from shared.programmes.working_days import _calendar, announced_days, is_working_day

LATE = datetime(2023, 3, 16, 16, 30, tzinfo=UTC)  # 00:30 of the 17th in Taipei


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("chars", ("甲乙 丙\u3000\n丁",), 4),
        ("chars", ("e\u0301",), 1),
        ("chars", ("",), 0),
        ("chars", (None,), 0),
        ("add_days", ("2023-02-28", 1), "2023-03-01"),
        ("add_days", ("2023-03-01", -1), "2023-02-28"),
        ("add_days", (LATE, 1), datetime(2023, 3, 17, 16, 30, tzinfo=UTC)),
        ("add_months", ("2023-01-31", 1), "2023-02-28"),
        ("add_years", ("2024-02-29", 1), "2025-02-28"),
        ("add_years", ("2023-06-10", 2), "2025-06-10"),
        ("date_of", (LATE,), "2023-03-17"),
        ("start_of_day", ("2023-03-17",), datetime(2023, 3, 17, tzinfo=TAIPEI)),
        ("start_of_day", (LATE,), datetime(2023, 3, 17, tzinfo=TAIPEI)),
        ("end_of_day", ("2023-03-18",), datetime(2023, 3, 18, 23, 59, 59, 999999, TAIPEI)),
        ("days_between", ("2023-03-16", "2023-03-18"), 2),
        ("days_between", ("2023-03-18", LATE), -1),
        ("months_started", ("2023-07-01", "2023-07-01"), 1),
        ("months_started", ("2023-07-01", "2023-07-31"), 1),
        ("months_started", ("2023-07-01", "2023-08-01"), 2),
        ("months_started", ("2023-07-02", "2023-07-01"), 0),
        ("working_days", ("2023-03-16", "2023-03-21"), 3),
        ("working_days", ("2023-03-24", "2023-03-25"), 1),
        ("working_days", ("2023-04-02", "2023-04-06"), 1),
        ("working_days", ("2023-03-21", "2023-03-16"), -3),
        ("next_working_day", ("2025-03-13",), "2025-03-13"),
        ("next_working_day", ("2025-03-15",), "2025-03-17"),
        ("next_working_day", ("2025-02-08",), "2025-02-08"),
        ("next_working_day", ("2025-01-25",), "2025-02-03"),
        ("first_of_month", ("2024-10",), "2024-10-01"),
        ("time_of", (LATE,), "00:30"),
        ("time_of", (datetime(2024, 9, 24, 5, 29, 59, tzinfo=UTC),), "13:29"),
        ("roc_year", ("2023-01-01",), 112),
        ("total", ([1, None, 3],), 4),
        ("total", ([],), 0),
        ("distinct_count", (["a", "b", "a", None],), 2),
        ("duplicates", (["a", "b", "a", "c", "c", None, None],), ["a", "c"]),
        ("half_up", (209_500, 3), 69_833),
        ("half_up", (5, 2), 3),
        ("half_up", (-5, 2), -3),
        ("ceil_div", (51, 10), 6),
        ("ceil_div", (50, 10), 5),
        ("floor_div", (1_499_999 * 35, 100), 524_999),
        ("least", ([3, None, 1],), 1),
        ("least", ([],), None),
        ("greatest", (["2023-01-01", "2023-12-31"],), "2023-12-31"),
        ("shares_bp", ([450_000, 450_000, 450_000, 67_500],), [3175, 3175, 3174, 476]),
        ("shares_bp", ([0, None],), [0, 0]),
        ("look_up", ({"臺中市/大安區": 3}, "台中市/大安區"), 3),
        ("look_up", ({"臺中市/大安區": 3}, "臺北市/大安區"), None),
        ("look_up", ({"台西": 4}, "台西"), 4),
        ("look_up", ({}, None), None),
        ("normal_text", (" ０912-345 678 Ａb",), "0912345678ab"),
        ("normal_text", (None,), ""),
        ("mean_ratio", ([[[2, 2]], [[2, 2]], [[3, 5]]], 3500), 3033),
        ("mean_ratio", ([[[1, 2], [3, 1]], []], 10_000), 7500),
        ("mean_ratio", ([[[1, 3]], [[2, 3]]], 3), 2),
        ("mean_ratio", ([[], []], 3500), None),
        ("valid_ubn", ("12345676",), True),
        ("valid_ubn", ("12345675",), True),
        ("valid_ubn", ("12345678",), False),
        ("valid_ubn", ("１２３４５６７６",), False),
        ("valid_ubn", (None,), False),
        ("matches_all", (["a1", "b2"], "[a-z][0-9]"), True),
        ("matches_all", (["a1x"], "[a-z][0-9]"), False),
        ("matches_all", ([None], ".*"), False),
        ("matches_all", ([], "x"), True),
        ("has_all", (["a", "b"], ["b"]), True),
        ("has_all", (["a"], ["a", "b"]), False),
        ("without", ([1, 2, 3], [2]), [1, 3]),
    ],
)
def test_the_function_gives(name, arguments, result):
    given = FUNCTIONS[name].call(*arguments)
    assert given == result
    assert type(given) is type(result)


def test_every_function_has_a_test_a_signature_and_a_description():
    tested = {mark.args[1][i][0] for mark in _marks() for i in range(len(mark.args[1]))}
    assert tested == set(FUNCTIONS)
    for function in FUNCTIONS.values():
        assert function.call.__doc__
        assert function.call.__code__.co_argcount == len(function.arguments)


def test_the_reference_page_is_the_generated_one():
    page = Path(__file__).parents[2] / "docs" / "reference" / "cel-functions.md"
    assert page.read_text("utf-8") == reference(), "write reference() to that page"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("add_days", ("2023/02/28", 1)),
        ("add_days", (None, 1)),
        ("total", (["1"],)),
        ("total", ([True],)),
        ("floor_div", (1, 0)),
        ("half_up", (1, -1)),
    ],
)
def test_a_wrong_argument_raises(name, arguments):
    with pytest.raises((TypeError, ValueError)):
        FUNCTIONS[name].call(*arguments)


def test_make_up_saturdays_of_2023_are_worked():
    for day in ("01-07", "02-04", "02-18", "03-25", "06-17", "09-23"):
        assert is_working_day(date.fromisoformat(f"2023-{day}")), day


def test_bridge_days_and_weekends_are_off():
    for day in ("2023-01-20", "2023-04-03", "2023-10-09", "2023-10-10", "2023-03-18"):
        assert not is_working_day(date.fromisoformat(day)), day


def test_the_calendar_file_agrees_with_the_library_or_says_why_not():
    for day, works in announced_days().items():
        assert _calendar().is_working_day(day) is works, day


def test_an_announced_day_wins_over_the_calendar(monkeypatch):
    typhoon = date(2023, 8, 3)
    assert is_working_day(typhoon)
    monkeypatch.setitem(announced_days(), typhoon, False)
    assert not is_working_day(typhoon)


def _marks():
    return test_the_function_gives.pytestmark
