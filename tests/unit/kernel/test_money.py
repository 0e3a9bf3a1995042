"""Integer NT$: every rounding by one dollar, on both sides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.money import ceil_div, floor_div, half_up, largest_remainder


@pytest.mark.parametrize(
    ("numerator", "denominator", "half", "floor", "ceiling"),
    [
        (0, 2, 0, 0, 0),
        (1, 2, 1, 0, 1),
        (-1, 2, -1, -1, 0),
        (3, 2, 2, 1, 2),
        (-3, 2, -2, -2, -1),
        (149, 100, 1, 1, 2),
        (150, 100, 2, 1, 2),
        (-150, 100, -2, -2, -1),
        (1_430_000 * 35, 100, 500_500, 500_500, 500_500),
    ],
)
def test_halves_go_away_from_zero_and_the_others_say_where(
    numerator: int, denominator: int, half: int, floor: int, ceiling: int
) -> None:
    assert half_up(numerator, denominator) == half
    assert floor_div(numerator, denominator) == floor
    assert ceil_div(numerator, denominator) == ceiling


@pytest.mark.parametrize("function", [half_up, floor_div, ceil_div])
@pytest.mark.parametrize("denominator", [0, -1])
def test_a_denominator_is_positive(function: object, denominator: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        function(1, denominator)  # type: ignore[operator]


def test_the_largest_remainder_goes_first_and_ties_go_to_the_earlier_part() -> None:
    assert largest_remainder([1, 1, 1], 100) == [34, 33, 33]
    assert largest_remainder([1, 1, 1], 101) == [34, 34, 33]
    assert largest_remainder([0, 1], 7) == [0, 7]
    with pytest.raises(ValueError, match="zero"):
        largest_remainder([0, 0], 1)


@given(
    st.lists(st.integers(0, 10**9), min_size=1).filter(any),
    st.integers(0, 10**10),
)
def test_the_shares_are_exact_and_none_is_a_dollar_off(parts: list[int], total: int) -> None:
    shares = largest_remainder(parts, total)
    assert sum(shares) == total
    for part, share in zip(parts, shares, strict=True):
        assert share - part * total // sum(parts) in (0, 1)
