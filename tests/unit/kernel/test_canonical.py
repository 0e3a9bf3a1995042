"""Canonical JSON: what is hashed is what is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.canonical import NotCanonical, canonical_json, digest_of, sha256_hex

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_keys_are_sorted_and_nothing_is_escaped_or_spaced() -> None:
    assert (
        canonical_json({"b": [1, True, None], "a": "臺中 é"}) == '{"a":"臺中 é","b":[1,true,null]}'
    )


def test_tuples_read_as_lists() -> None:
    assert canonical_json((1, (2,))) == canonical_json([1, [2]])


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), b"x", {1: "a"}, Decimal("1"), {1, 2}, uuid4(), datetime.now(UTC)],
)
def test_what_is_not_canonical_is_refused_with_its_path(value: object) -> None:
    with pytest.raises(NotCanonical, match="a/1"):
        canonical_json({"a": [0, value]})


@given(VALUES)
def test_equal_values_have_equal_text_whatever_the_order_of_keys(value: object) -> None:
    assert canonical_json(value) == canonical_json(_reversed(value))


def test_a_digest_is_that_of_the_text_in_utf8() -> None:
    assert digest_of({"b": 1}) == sha256_hex(b'{"b":1}')
    assert sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def _reversed(value: object) -> object:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [_reversed(item) for item in value]
    return value
