"""Values as an official paper writes them."""

from __future__ import annotations

import pytest

from grantcase.papers.wording import capital, ordinal, worded


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "零元整"),
        (5, "伍元整"),
        (10, "壹拾元整"),
        (10_010, "壹萬零壹拾元整"),
        (100_001, "壹拾萬零壹元整"),
        (507_500, "伍拾萬柒仟伍佰元整"),
        (570_500, "伍拾柒萬零伍佰元整"),
        (1_630_000, "壹佰陸拾參萬元整"),
        (20_000_000, "貳仟萬元整"),
        (100_000_000, "壹億元整"),
        (300_050_020, "參億零伍萬零貳拾元整"),
    ],
)
def test_an_amount_is_written_out_in_capitals(amount: int, text: str) -> None:
    assert capital(amount) == text


@pytest.mark.parametrize("amount", [-1, 10**16])
def test_an_amount_that_nobody_writes_out_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="no amount"):
        capital(amount)


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (21, "二十一")])
def test_ordinals_are_chinese(number: int, text: str) -> None:
    assert ordinal(number) == text


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        ("2023-03-16", None, "112年3月16日"),
        ("2023-03-16", "fulldate", "中華民國112年3月16日"),
        ("2023-03-16", "dotted", "112.03.16"),
        ("2023-03-16T17:00:00.001000+08:00", "instant", "112年3月16日 17:00:00.001"),
        ("2023-03-16T16:30:00+00:00", "date", "112年3月17日"),
        ("2023-07", "month", "112年7月"),
        (1_630_000, "twd", "新臺幣1,630,000元"),
        (570_500, "capital", "新臺幣伍拾柒萬零伍佰元整"),
        (3_499, "percent", "34.99%"),
        (8_750, "points", "87.50"),
        (8_000, "number", "80"),
        (60, "number", "0.60"),
        (None, "money", "－"),
        ("", None, "－"),
        (True, None, "是"),
        (["甲", "乙"], None, "甲、乙"),
        ({"zh-Hant": "甲", "en": "a"}, None, "甲"),
        ("WEEK", "word", "週"),
        (["WEEK", "unknown"], "word", "週、unknown"),
    ],
)
def test_a_value_is_worded_by_its_format(value: object, form: str | None, text: str) -> None:
    assert worded(value, form, {"WEEK": "週"}) == text


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(KeyError):
        worded(1, "nonsense", {})
