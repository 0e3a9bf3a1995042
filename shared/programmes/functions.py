"""The closed list of functions that CEL expressions of a pack may call, besides CEL's own.

Every function is registered with its signature, so that the type checker, the documentation
(docs/reference/cel-functions.md) and the evaluation know the same list. Dates are ISO text,
instants are aware datetimes; where both are allowed, an instant counts as its Taipei day.
(Over 200 lines: the list is closed and stands in one place.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from shared.kernel import clock, money
from shared.kernel.business_number import is_valid_ubn
from shared.programmes.working_days import first_working_day, working_days_between

DateLike = str | datetime


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the list: types in the words of pack-format.md; `day` is date or instant,
    `same` the type of the first argument, `any` anything."""

    name: str
    arguments: tuple[str, ...]
    result: str
    call: Callable[..., Any]

    @property
    def signature(self) -> str:
        """chars(str?) -> int."""
        return f"{self.name}({', '.join(self.arguments)}) -> {self.result}"


FUNCTIONS: dict[str, Function] = {}


def _function(*arguments: str, gives: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(call: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS[call.__name__] = Function(call.__name__, arguments, gives, call)
        return call

    return register


@_function("str?", gives="int")
def chars(text: str | None) -> int:
    """Characters of a text: NFC, all white space left out, code points counted; null counts 0."""
    return 0 if text is None else len("".join(unicodedata.normalize("NFC", text).split()))


@_function("day", "int", gives="same")
def add_days(day: DateLike, days: int) -> DateLike:
    """The day (or instant) so many days later; a negative number goes back."""
    if isinstance(day, datetime):
        return day + timedelta(days=days)
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


@_function("date", "int", gives="date")
def add_months(day: str, months: int) -> str:
    """The same day of the month so many months later, or that month's last day."""
    return clock.add_months(date.fromisoformat(day), months).isoformat()


@_function("date", "int", gives="date")
def add_years(day: str, years: int) -> str:
    """The same day so many years later; 29 February becomes 28 February."""
    return clock.add_years(date.fromisoformat(day), years).isoformat()


@_function("instant", gives="date")
def date_of(instant: datetime) -> str:
    """The calendar day of an instant in Taipei."""
    return clock.taipei_date(instant).isoformat()


@_function("day", gives="instant")
def start_of_day(day: DateLike) -> datetime:
    """00:00:00.000000 Taipei of the day."""
    return clock.start_of_day(_day(day))


@_function("day", gives="instant")
def end_of_day(day: DateLike) -> datetime:
    """23:59:59.999999 Taipei of the day: `now <= end_of_day(d)` accepts the whole day."""
    return clock.after_day(_day(day)) - timedelta(microseconds=1)


@_function("day", "day", gives="int")
def days_between(first: DateLike, second: DateLike) -> int:
    """Calendar days from the first to the second day; negative when the second is earlier."""
    return (_day(second) - _day(first)).days


@_function("day", "day", gives="int")
def months_started(first: DateLike, second: DateLike) -> int:
    """Months begun from the first day to the second, both included: 07-01 to 07-31 is 1, to 08-01
    is 2; 0 when the second day is before the first."""
    start, end = _day(first), _day(second)
    if end < start:
        return 0
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + (1 if clock.add_months(start, months) <= end else 0)


@_function("day", "day", gives="int")
def working_days(first: DateLike, second: DateLike) -> int:
    """Working days after the first day up to and including the second (Taiwan calendar with
    make-up days); negative when the second is earlier."""
    return working_days_between(_day(first), _day(second))


@_function("date", gives="date")
def next_working_day(day: str) -> str:
    """The day itself if it is a working day (Taiwan calendar with make-up days), else the first
    working day after it."""
    return first_working_day(date.fromisoformat(day)).isoformat()


@_function("str", gives="date")
def first_of_month(month: str) -> str:
    """The first day of a month that is written '2024-10'."""
    return date.fromisoformat(f"{month}-01").isoformat()


@_function("instant", gives="str")
def time_of(instant: datetime) -> str:
    """The time of day of an instant in Taipei, '09:30'; seconds are left out."""
    return instant.astimezone(clock.TAIPEI).strftime("%H:%M")


@_function("day", gives="int")
def roc_year(day: DateLike) -> int:
    """The year of the Republic: 2023 is 112."""
    return _day(day).year - 1911


@_function("list(int?)", gives="int")
def total(numbers: Sequence[int | None]) -> int:
    """The sum; an empty cell (null) adds nothing; 0 for an empty list."""
    return sum(_integers(numbers))


@_function("list(any)", gives="int")
def distinct_count(values: Sequence[Any]) -> int:
    """How many different values there are; nulls are not counted."""
    return len({value for value in values if value is not None})


@_function("list(any)", gives="same")
def duplicates(values: Sequence[Any]) -> list[Any]:
    """The values that stand in the list more than once, each once, in order; nulls left out."""
    counts: dict[Any, int] = {}
    for value in values:
        if value is not None:
            counts[value] = counts.get(value, 0) + 1
    return [value for value, count in counts.items() if count > 1]


@_function("int", "int", gives="int")
def half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator, rounded to the nearest integer, halves away from zero."""
    return money.half_up(numerator, denominator)


@_function("int", "int", gives="int")
def ceil_div(numerator: int, denominator: int) -> int:
    """numerator / denominator, rounded up."""
    return money.ceil_div(numerator, denominator)


@_function("int", "int", gives="int")
def floor_div(numerator: int, denominator: int) -> int:
    """numerator / denominator, rounded down."""
    return money.floor_div(numerator, denominator)


@_function("list(any)", gives="element?")
def least(values: Sequence[Any]) -> Any:
    """The smallest value (numbers, dates or instants); nulls left out; null for an empty list."""
    return min((value for value in values if value is not None), default=None)


@_function("list(any)", gives="element?")
def greatest(values: Sequence[Any]) -> Any:
    """The largest value (numbers, dates or instants); nulls left out; null for an empty list."""
    return max((value for value in values if value is not None), default=None)


@_function("list(int?)", gives="list(int)")
def shares_bp(parts: Sequence[int | None]) -> list[int]:
    """The parts in basis points of their sum, by largest remainder: they sum to exactly 10000.
    A sum of zero gives zeros."""
    numbers = [part or 0 for part in parts]
    return money.largest_remainder(numbers, 10_000) if sum(numbers) > 0 else [0] * len(numbers)


@_function("str?", gives="bool")
def valid_ubn(text: str | None) -> bool:
    """統一編號 with a right check sum (CP-ELIG-31 has the arithmetic); null is not valid."""
    return text is not None and is_valid_ubn(text)


@_function("list(str?)", "str", gives="bool")
def matches_all(texts: Sequence[str | None], pattern: str) -> bool:
    """Every text of the list matches the whole pattern; a null does not; true for an empty list."""
    return all(text is not None and re.fullmatch(pattern, text) is not None for text in texts)


@_function("map", "str?", gives="int?")
def look_up(table: Mapping[str, int], key: str | None) -> int | None:
    """The number a table has for a key, 台 and 臺 being the same letter; null where it has none."""
    return table.get(key.replace("台", "臺"), table.get(key)) if key is not None else None


@_function("str?", gives="str")
def normal_text(text: str | None) -> str:
    """A text as it is compared: NFKC, white space and hyphens left out, lower case; null is ''."""
    folded = unicodedata.normalize("NFKC", text or "")
    return "".join(folded.split()).replace("-", "").casefold()


@_function("list(any)", "int", gives="int?")
def mean_ratio(groups: Sequence[Sequence[Sequence[int]]], whole: int) -> int | None:
    """`whole` times the mean over groups of the mean over their pairs [actual, target] of
    actual / target, at most 1 each; rounded half up once. Groups without pairs are left out; null
    when none is left."""
    means = [Fraction(sum(map(_reached, pairs)), len(pairs)) for pairs in groups if pairs]
    if not means:
        return None
    mean = whole * sum(means, Fraction(0)) / len(means)
    return money.half_up(mean.numerator, mean.denominator)


@_function("list(any)", "list(any)", gives="bool")
def has_all(values: Sequence[Any], wanted: Sequence[Any]) -> bool:
    """Every wanted value stands in the list."""
    return set(wanted) <= set(values)


@_function("list(any)", "list(any)", gives="same")
def without(values: Sequence[Any], removed: Sequence[Any]) -> list[Any]:
    """The values of the first list that are not in the second, in order."""
    gone = set(removed)
    return [value for value in values if value not in gone]


def reference() -> str:
    """docs/reference/cel-functions.md, generated from the list."""
    rows = [
        f"| `{function.signature}` | {' '.join((function.call.__doc__ or '').split())} |"
        for function in sorted(FUNCTIONS.values(), key=lambda function: function.name)
    ]
    return "\n".join([*_REFERENCE_HEAD, *rows, ""])


_REFERENCE_HEAD = (
    "# Functions in the expressions of a pack",
    "",
    "Generated from shared/programmes/functions.py; the list is closed. `T?` may be null, `day`",
    "is a date or an instant (which counts as its Taipei day), `same` is the type of the first",
    "argument, `element` the type of the elements of the list.",
    "",
    "Besides these, CEL's own: `size` (of lists and maps only: of text it counts bytes, use",
    "`chars`), `has`, `all`, `exists`, `exists_one`, `map`, `filter`, `in`, `contains`,",
    "`startsWith`, `endsWith`, `matches`, `int`, `string`, and the operators",
    "`? : || && ! == != < <= > >= + - * %`. `/` is refused: every rounding has a name",
    "(`half_up`, `ceil_div`, `floor_div`).",
    "",
    "| function | gives |",
    "|---|---|",
)


def _day(day: DateLike) -> date:
    return clock.taipei_date(day) if isinstance(day, datetime) else date.fromisoformat(day)


def _reached(pair: Sequence[int]) -> Fraction:
    actual, target = _integers(pair)
    return min(Fraction(1), Fraction(actual, target))


def _integers(numbers: Sequence[int | None]) -> list[int]:
    for number in numbers:
        if number is not None and (type(number) is not int):
            raise TypeError(f"{number!r} is not an integer")
    return [number for number in numbers if number is not None]
