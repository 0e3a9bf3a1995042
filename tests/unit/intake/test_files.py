"""What a document kind asks to be said of a file."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from services.intake.application.handlers.files import must_fit_its_kind
from shared.kernel.errors import InvalidInput

KINDS = {
    "tax-proof": {
        "label": {"zh-Hant": "納稅證明", "en": "Tax proof"},
        "needs": ["owner_ubn", "issued_on"],
        "rule": "EX-DOC-1",
    },
    "other": {"label": {"zh-Hant": "其他", "en": "Other"}},
}


def given(kind: str, **said: Any) -> Any:
    fields = dict.fromkeys(("party", "owner_ubn", "about", "period", "issued_on"))
    return SimpleNamespace(**{"kind": kind, **fields, **said})


def test_a_kind_that_needs_nothing_takes_any_file() -> None:
    must_fit_its_kind(given("other"), KINDS)


def test_what_is_needed_and_said_is_taken() -> None:
    must_fit_its_kind(given("tax-proof", owner_ubn="12345676", issued_on="2023-03-01"), KINDS)


@pytest.mark.parametrize(
    ("said", "field"),
    [({}, "owner_ubn"), ({"owner_ubn": ""}, "owner_ubn"), ({"owner_ubn": "1"}, "issued_on")],
)
def test_what_is_needed_and_missing_is_named_with_the_rule(said: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        must_fit_its_kind(given("tax-proof", **said), KINDS)
    assert (caught.value.field, caught.value.rule) == (field, "EX-DOC-1")
    assert "納稅證明" in caught.value.zh


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="tax-proof"):
        must_fit_its_kind(given("love-letter"), KINDS)
