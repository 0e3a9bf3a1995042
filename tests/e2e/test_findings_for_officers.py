"""The shop in two rosters: officers are warned of it, applicants never, however they ask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from grantcase.backend import Refused
from grantcase.demo import people, proposals
from grantcase.demo.proposing import draft, submit
from shared.bus.desk import Desk
from shared.bus.envelope_text import to_json
from shared.kernel.ids import random_id
from tests.support.embedded import Office

WARNING = "CP-ELIG-19"
APPLICANT = people.applicant(proposals.BY_KEY["cured"].ubn)


@pytest.fixture
def desk(office: Office) -> Office:
    """Two complete drafts with one shop in common; the first is submitted, the second lacks the
    name of its plan."""
    assert office.stage
    office.at("2023-03-01T10:00:00+08:00")
    for key in ("steady", "cured"):
        draft(office.script, office.stage, key)
    submit(office.script, office.stage, "steady")
    forms = proposals.forms_of(
        proposals.BY_KEY["cured"], office.stage.example["forms"], office.embedded.now().year
    )
    office.do(
        APPLICANT,
        "SaveForm",
        case_id=office.stage.case("cured"),
        form="F01",
        content={**forms["F01"], "plan_name": None},
    )
    return office


def rules(document: Mapping[str, Any]) -> set[str]:
    return {finding["rule"] for finding in document["findings"]}


def test_a_refused_applicant_hears_the_reason_and_not_the_warning(desk: Office) -> None:
    assert desk.stage
    payload, id = {"case_id": desk.stage.case("cured")}, random_id()
    envelope = desk.envelope(APPLICANT, "SubmitProposal", payload, id)
    replies = [_refusal(desk, envelope), _refusal(desk, envelope)]
    rpc = Desk(desk.embedded.cores["intake"], desk.clock)
    replies.append(rpc.do(to_json(envelope, simulated=True), desk.embedded.now()))
    other = desk.envelope(APPLICANT, "SubmitProposal", payload, random_id())
    replies.append(rpc.do(to_json(other, simulated=True), desk.embedded.now()))
    for reply in replies:
        assert reply["error"] == "refused-by-rules"
        assert rules(reply)
        assert WARNING not in json.dumps(reply)


def test_an_officer_sees_the_warning_before_and_after(desk: Office) -> None:
    assert desk.stage
    case_id = desk.stage.case("cured")
    assert WARNING in rules(desk.do(people.SCREENER, "CheckDraft", case_id=case_id))
    assert WARNING not in rules(desk.do(APPLICANT, "CheckDraft", case_id=case_id))
    desk.refused(APPLICANT, "SubmitProposal", case_id=case_id)
    refused = desk.events("intake", case_id)[-1]
    assert refused["type"] == "CommandRefused"
    assert WARNING in rules(refused["decision"])


def _refusal(desk: Office, envelope: Any) -> Mapping[str, Any]:
    with pytest.raises(Refused) as refused:
        desk.embedded.do("intake", envelope)
    return refused.value.answer
