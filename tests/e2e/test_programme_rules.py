"""What the programme demands of the workflow, seen through the four services from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from grantcase.commands import catalogue
from grantcase.demo import people, proposals, proposing
from grantcase.demo.proposals import BY_KEY
from shared.kernel.clock import parse_instant
from tests.support.embedded import Office
from tests.support.embedded_demo import Told

KEY = "steady"  # a popularisation proposal of 80 shops: 8 letters, tier B
OWNER = people.applicant(BY_KEY[KEY].ubn)
SHOPS = proposals.roster_of(BY_KEY[KEY])
HELPED = {
    "list": "cloud-generation",
    "year_roc": 111,
    "plan": "雲世代產業數位轉型",
    "outcome": "assisted",
    "checked_on": "2023-03-20",
}


def case(office: Office) -> Any:
    assert office.stage
    return office.stage.case(KEY)


def types(office: Office) -> list[str]:
    return [event["type"] for event in office.events("intake", case(office))]


def last(office: Office, type: str, service: str = "intake") -> Mapping[str, Any]:
    found = [e for e in office.events(service, case(office)) if e["type"] == type]
    return found[-1]["data"]  # type: ignore[no-any-return]


def drafted(office: Office) -> None:
    assert office.stage
    office.at("2023-03-01T10:00:00+08:00")
    proposing.draft(office.script, office.stage, KEY)


def submitted(office: Office) -> Mapping[str, Any]:
    drafted(office)
    office.at("2023-03-15T10:00:00+08:00")
    return office.do(OWNER, "SubmitProposal", case_id=case(office))


def attach(office: Office, first: int, count: int) -> None:
    assert office.stage
    for shop in SHOPS[first - 1 : first - 1 + count]:
        content = proposals.letter_of(BY_KEY[KEY], shop, office.stage.letter, "2023-03-15")
        office.do(OWNER, "AttachLetter", case_id=case(office), content=content)


def looked_up(office: Office, first: int = 1) -> None:
    office.do(
        people.SCREENER,
        "RecordLookup",
        case_id=case(office),
        ubns=[shop.ubn for shop in SHOPS[first - 1 :]],
        content=proposing.CLEAR,
    )


def screened(office: Office) -> Mapping[str, Any]:
    return office.do(people.SCREENER, "CloseScreening", case_id=case(office))


@pytest.fixture
def complete(office: Office) -> Office:
    """Submitted with its eight letters, which nobody has looked at; screening is open."""
    submitted(office)
    attach(office, 1, 8)
    office.at("2023-03-21T10:00:00+08:00")
    return office


def test_the_stamp_of_the_arrival_decides_not_the_hour_of_the_handling(office: Office) -> None:
    drafted(office)
    office.at("2023-03-16T17:05:00+08:00")
    assert types(office)[-1] == "ProposalLapsed"
    given = office.envelope(OWNER, "SubmitProposal", {"case_id": str(case(office))})
    in_time = replace(given, received_at=parse_instant("2023-03-16T17:00:00+08:00"))
    answer = office.embedded.do("intake", in_time)
    assert answer["submitted_at"] == "2023-03-16T17:00:00.000000+08:00"
    assert last(office, "ProposalSubmitted")["submitted_at"] == answer["submitted_at"]


def test_submitting_again_is_a_no_op_even_after_the_screening(complete: Office) -> None:
    looked_up(complete)
    assert screened(complete)["outcome"] == "accepted"
    before = types(complete)
    again = complete.do(OWNER, "SubmitProposal", case_id=case(complete))
    assert again["submitted_at"] == "2023-03-15T10:00:00.000000+08:00"
    assert types(complete) == before


def test_no_command_takes_anything_of_a_submitted_proposal_back(complete: Office) -> None:
    for verb in ("Withdraw", "Replace", "Delete", "Void", "Return"):
        assert [name for name in catalogue() if name.startswith(verb)] in ([], ["ReturnClaim"])
    before = types(complete)
    for command, payload in (
        ("SaveForm", {"form": "F01", "content": {"track": "FUS"}}),
        ("ImportTable", {"table": "F19", "file_name": "F19.csv", "file_base64": ""}),
        ("UploadDocument", {"kind": "slides", "file_name": "a.pdf", "file_base64": "JVBERi0="}),
    ):
        complete.refused(OWNER, command, case_id=case(complete), **payload)
    assert [name for name in types(complete) if name != "CommandRefused"] == before


def test_the_screening_is_not_closed_while_letters_may_come(office: Office) -> None:
    submitted(office)
    office.at("2023-03-18T23:59:59.999999+08:00")
    before = types(office)
    refused = office.refused(people.SCREENER, "CloseScreening", case_id=case(office))
    assert refused["field"] == "case_id"
    assert types(office) == before
    office.at("2023-03-19T00:00:00+08:00")
    assert types(office)[-1] == "LettersClosed"
    assert screened(office)["reasons"] == ["CP-LOI-04"]


def test_nothing_is_accepted_before_every_enterprise_was_looked_up(complete: Office) -> None:
    looked_up(complete, first=2)
    refused = complete.refused(people.SCREENER, "CloseScreening", case_id=case(complete))
    assert refused["rule"] == "CP-ELIG-17"
    assert SHOPS[0].ubn in refused["message"]["en"]
    assert last(complete, "CommandRefused")["rules"] == ["CP-ELIG-17"]
    looked_up(complete)
    assert screened(complete)["outcome"] == "accepted"


def test_screening_that_lowers_the_tier_opens_a_task_to_cut_the_amount(complete: Office) -> None:
    """80 shops less 5 are 75: tier A, and the request is above its cap (as CP-T031)."""
    helped = [shop.ubn for shop in SHOPS[75:]]
    complete.do(
        people.SCREENER, "RecordLookup", case_id=case(complete), ubns=helped, content=HELPED
    )
    looked_up(complete)
    assert screened(complete)["enterprises"] == 75
    accepted = last(complete, "ProposalAccepted")
    assert (accepted["tier"], accepted["cap_twd"]) == ("A", 1_500_000)
    assert accepted["requested_twd"] > 1_500_000
    assert "CP-TRK-15" in {task["rule"] for task in accepted["tasks"]}
    opened = last(complete, "ReviewOpened", "review")
    assert "CP-TRK-15" in {task["rule"] for task in opened["tasks"]}


def test_the_letter_base_is_what_counted_with_a_late_letter_only_by_decision(
    office: Office,
) -> None:
    """Seven in time and one after the grace window: the eighth counts once an officer says so."""
    submitted(office)
    attach(office, 1, 7)
    office.at("2023-03-20T10:00:00+08:00")
    assert len(last(office, "LettersClosed")["base"]) == 7
    attach(office, 8, 1)
    assert last(office, "LetterAttached")["after_grace"] is True
    office.do(
        people.SCREENER, "VerifyLetter", case_id=case(office), ubn=SHOPS[7].ubn, verified=True
    )
    looked_up(office)
    assert screened(office)["outcome"] == "accepted"
    assert sorted(last(office, "ProposalAccepted")["letters"]) == sorted(
        shop.ubn for shop in SHOPS[:8]
    )


def test_a_refused_letter_does_not_count(complete: Office) -> None:
    ubn = SHOPS[0].ubn
    complete.do(people.SCREENER, "VerifyLetter", case_id=case(complete), ubn=ubn, verified=False)
    looked_up(complete)
    assert screened(complete)["reasons"] == ["CP-LOI-04"]


def test_the_day_of_the_announcement_starts_the_counselling(told: Told) -> None:
    events = {event["type"]: event["data"] for event in told.case(KEY)}
    announced = events["ProposalSelected"]["announced_on"]
    assert announced == "2023-04-06"
    assert events["ContractSigned"]["execution_start"] >= announced
