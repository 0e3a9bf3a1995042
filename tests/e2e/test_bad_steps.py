"""A step taken wrongly: an error that names the step, the form or the field, and nothing stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.kernel.envelope import Actor
from tests.support.embedded import Office
from tests.support.registrations import CASE, LEADER, OFFICER, STRANGER, award, office_of, types

STEP: dict[str, Any] = {"case_id": CASE, "step": "plan_final", "forms": {"L02": {"goal": "百盞"}}}
AUDITOR = Actor(id="ada", roles=("auditor",))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_of("award", tmp_path / "store") as opened:
        opened.do(OFFICER, "RegisterCase", **award())
        yield opened


@pytest.mark.parametrize(
    ("actor", "changes", "error", "field", "says"),
    [
        (LEADER, {"step": "plan_fnal"}, "invalid-input", "step", "there are: plan_final"),
        (LEADER, {"step": "site_visit"}, "invalid-input", "step", "has no step site_visit here"),
        (LEADER, {"forms": {}}, "invalid-input", "forms/L02", "lacks the form L02"),
        (
            *(LEADER, {"forms": {**STEP["forms"], "L09": {}}}),
            *("invalid-input", "forms/L09", "takes no form L09; it takes L02"),
        ),
        (LEADER, {"forms": {"L02": {"gaol": "百盞"}}}, "invalid-input", "/forms/L02/gaol", "L02"),
        (LEADER, {"forms": {"L02": {"goal": 7}}}, "invalid-input", "/forms/L02/goal", "L02"),
        (LEADER, {"forms": "L02"}, "invalid-input", "/forms", "forms"),
        (LEADER, {"key": "a"}, "invalid-input", "key", "has no keys"),
        (STRANGER, {}, "not-permitted", "actor", "on their own case only"),
        (OFFICER, {}, "not-permitted", "actor", "is for applicant"),
        (AUDITOR, {}, "not-permitted", "actor", "is for applicant"),
    ],
)
def test_what_is_wrong_with_a_step_is_named_and_nothing_stored(
    office: Office, actor: Actor, changes: dict[str, Any], error: str, field: str, says: str
):
    before = types(office, "intake")
    refused = office.refused(actor, "TakeApplicationStep", **{**STEP, **changes})
    assert (refused["error"], refused["field"]) == (error, field)
    assert says in refused["message"]["en"]
    assert refused["message"]["zh-Hant"]
    assert types(office, "intake") == before


def test_a_step_that_stands_is_done_or_refused(office: Office):
    office.do(LEADER, "TakeApplicationStep", **STEP)
    before = types(office, "intake")
    office.do(LEADER, "TakeApplicationStep", **STEP)  # the same again: done already
    other = {**STEP, "forms": {"L02": {"goal": "千盞"}}}
    refused = office.refused(LEADER, "TakeApplicationStep", **other)
    assert (refused["error"], refused["field"]) == ("wrong-state", "step")
    assert types(office, "intake") == before


def test_a_service_that_does_not_know_the_case_says_so(office: Office):
    refused = office.refused(OFFICER, "TakeReviewStep", case_id=CASE, step="x", forms={})
    assert refused["error"] == "unknown"
