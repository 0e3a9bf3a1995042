"""The demo's mobile smart applications, told once: how each contract ends, what it was paid, and
that the closing report is written from what was handed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grantcase.auditing import verify_folder
from grantcase.backend import SERVICES
from grantcase.case_picture import picture
from grantcase.demo.mobile import story
from grantcase.demo.mobile.cast import BY_KEY
from grantcase.demo.script import Script
from grantcase.demo.stories import STORIES
from grantcase.embedded import Embedded
from grantcase.papers.desk import case_paper
from grantcase.papers.model import Heading, Paper, Table
from grantcase.store_folder import create_store, write_clock
from grantcase.timeline import timeline
from shared.kernel.business_number import is_valid_ubn
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.kernel.ids import seeded_ids
from tests.support.embedded import copied
from tests.support.embedded_terminal import terminal

PAID = {"stalls": 3_000_000, "valley": 800_000, "kiosk": 1_000_000}
RECOVERED = {"stalls": 0, "valley": 0, "kiosk": 1_000_000}


@dataclass(frozen=True, slots=True)
class Told:
    """The finished story."""

    folder: Path
    numbers: Mapping[str, str]
    events: Mapping[str, list[dict[str, Any]]]
    parked: Mapping[str, int]
    balances: Mapping[str, int]
    open_alerts: Mapping[str, int]
    paper: Paper

    def types(self, key: str) -> list[str]:
        """The event types of a case, in order."""
        return [event["type"] for event in self.events[key]]

    def data(self, key: str, type: str) -> list[dict[str, Any]]:
        """What the events of a type hold."""
        return [event["data"] for event in self.events[key] if event["type"] == type]

    def steps(self, key: str) -> list[str]:
        """The steps of the reports, in order."""
        taken = [row["step"] for row in self.data(key, "StepRecorded")]
        return [step for step in taken if step.startswith(("midterm", "closing"))]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("mobile") / "store"
    clock = SimulatedClock(parse_instant(story.BEGINS))
    create_store(folder, clock)
    embedded = Embedded(folder, clock=clock, new_ids=seeded_ids)
    try:
        cast = story.tell(Script(embedded, lambda line: None, name=story.PROGRAMME))
        return Told(
            folder=folder,
            numbers=dict(cast.numbers),
            events={key: timeline(embedded, str(cast.case(key))) for key in cast.numbers},
            parked={name: embedded.query(name, "counts")["parked"] for name in SERVICES},
            balances=embedded.query("finance", "ledger")["balances"],
            open_alerts={
                key: len(embedded.query("monitoring", "alerts", case=str(cast.case(key))))
                for key in ("stalls", "valley")
            },
            paper=case_paper(embedded, cast.numbers["stalls"], "closing-report"),
        )
    finally:
        write_clock(folder, clock)
        embedded.close()


def test_the_story_is_one_of_the_demo():
    (one,) = [one for one in STORIES if one.programme == story.PROGRAMME]
    assert one.begins == story.BEGINS


def test_the_companies_have_numbers_that_check(told: Told):
    assert all(is_valid_ubn(project.ubn) for project in BY_KEY.values())
    assert list(told.numbers.values()) == ["MA110-0001", "MA110-0002", "MA110-0003"]


def test_a_contract_registered_is_signed_and_followed_without_another_command(told: Told):
    for key in told.numbers:
        types = told.types(key)
        order = ("CaseRegistered", "ContractFileOpened", "ContractSigned", "MonitoringOpened")
        assert sorted(order, key=types.index) == list(order)
        (signed,) = told.data(key, "ContractSigned")
        assert signed["amount_twd"] == BY_KEY[key].amount_twd


def test_a_plan_whose_weights_are_short_is_refused_before_it_gets_a_number(told: Told):
    refused = told.data("stalls", "CommandRefused")[0]
    assert (refused["command"], refused["rules"]) == ("RegisterCase", ["MA-PRG-07"])


def test_a_report_is_returned_answered_and_accepted(told: Told):
    assert told.steps("stalls") == [
        *("midterm_report", "midterm_returned"),
        *("midterm_report", "midterm_checked", "midterm_comments"),
        *("midterm_report", "midterm_checked", "midterm_accepted"),
        *("closing_report", "closing_checked", "closing_accepted"),
    ]
    versions = [event["report"] for event in told.data("stalls", "CheckpointReported")]
    assert versions[:3] == [f"期中報告第{number}版.pdf" for number in (1, 2, 3)]
    passed = [event["checkpoint"] for event in told.data("stalls", "CheckpointPassed")]
    assert passed == ["midterm", "closing"]


def test_a_plan_is_changed_by_request_and_approval(told: Told):
    taken = {row["step"]: row["forms"] for row in told.data("stalls", "StepRecorded")}
    asked, agreed = taken["plan_change_request"], taken["plan_changed"]
    assert asked == agreed
    assert {row["code"]: row["due_on"] for row in agreed["P03"]}["C1"] == "2022-08-25"


def test_the_closing_waits_for_the_data_to_be_uploaded(told: Told):
    refused = told.data("stalls", "CommandRefused")[-1]
    assert (refused["command"], refused["rules"]) == ("ApproveClosing", ["MA-COP-04"])
    types = told.types("stalls")
    closed = types.index("CaseClosed")
    assert (
        types.index("ContractSettled")
        > closed
        > len(types) - 1 - types[::-1].index("FundsDisbursed")
    )


def test_the_followed_case_ends_in_the_archive_after_three_years(told: Told):
    (closed,) = told.data("stalls", "CaseClosed")
    assert (closed["closed_on"], closed["follow_up_ends_on"]) == ("2022-10-03", "2025-10-03")
    assert [row["year"] for row in told.data("stalls", "FollowUpFiled")] == [1, 2, 3]
    assert told.types("stalls")[-1] == "CaseArchived"
    assert told.data("stalls", "FollowUpCompleted")[0]["missing"] == 0
    assert told.open_alerts["stalls"] == 0


def test_a_late_report_is_alerted_and_the_alert_goes_when_it_comes(told: Told):
    types = told.types("valley")
    places = [types.index(f"ComplianceAlert{what}") for what in ("Raised", "Cleared")]
    assert places == sorted(places)
    alert = told.data("valley", "ComplianceAlertRaised")[0]
    assert (alert["kind"], alert["obligation"]) == ("late", "M-CAL-03")
    assert len(told.data("valley", "CheckpointReported")) == 1


def test_what_is_given_up_by_force_majeure_keeps_what_it_was_paid(told: Told):
    types = told.types("valley")
    assert types.index("ContractAbandoned") > types.index("FundsDisbursed")
    assert "MonitoringStopped" in types
    assert "RecoveryDemanded" not in types


def test_an_app_released_without_its_certificate_ends_the_contract(told: Told):
    breach = next(
        event
        for event in told.events["kiosk"]
        if event["type"] == "StepRecorded" and event["data"]["key"] == "android"
    )
    rules = {finding["rule"] for finding in breach["decision"]["findings"]}
    assert rules == {"MA-COP-08", "MA-SAN-02"}
    order = ["FindingOpened", "SanctionAnswered", "SanctionDecided", "ContractTerminated"]
    assert sorted(order, key=told.types("kiosk").index) == order
    refused = told.data("kiosk", "CommandRefused")[0]
    assert (refused["command"], refused["rules"]) == ("DecideSanction", ["MA-SAN-01"])


@pytest.mark.parametrize(
    ("key", "track", "state"),
    [
        ("stalls", "LOWPEN", "archived"),
        ("valley", "LOWPEN", "abandoned"),
        ("kiosk", "VALUE", "terminated；archived"),
    ],
)
def test_a_case_list_shows_the_track_and_the_ending(told: Told, key: str, track: str, state: str):
    seen = picture(told.events[key])
    assert (seen.track, seen.enterprises, seen.state[1]) == (track, None, state)
    assert seen.contract_twd == BY_KEY[key].amount_twd


def test_every_dollar_is_paid_by_two_people_and_the_books_balance(told: Told):
    for key in told.numbers:
        sums = Counter[str]()
        for event in told.events[key]:
            sums[event["type"]] += event["data"].get("amount_twd", 0)
        assert sums["FundsDisbursed"] == PAID[key]
        assert sums["RecoveryReceived"] == RECOVERED[key]
    balances = told.balances
    assert (balances["trial_twd"], balances["outstanding_twd"]) == (0, 0)
    assert balances["paid_twd"] == sum(PAID.values())
    assert balances["recovered_twd"] == sum(RECOVERED.values())
    assert (balances["committed_twd"], balances["payable_twd"]) == (0, 0)


def test_nothing_is_parked_and_the_chain_holds(told: Told):
    assert set(told.parked.values()) == {0}
    assert [verdict.report.problem for verdict in verify_folder(told.folder)] == [None] * 4


def test_the_closing_report_is_written_from_what_was_handed_in(told: Told):
    heads = [block.text for block in told.paper.blocks if isinstance(block, Heading)]
    assert len(heads) == 16  # section 7 stands there twice
    tables = [block for block in told.paper.blocks if isinstance(block, Table)]
    cells = {cell for table in tables for row in table.rows for cell in row}
    assert {"已於S08補充", "菜籃快點"} <= cells


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK")])
def test_the_closing_report_is_written_to_a_file(
    told: Told, tmp_path: Path, monkeypatch, capsys, form: str, begins: bytes
):
    run = terminal(monkeypatch, capsys, copied(told.folder, tmp_path / "store"))
    out = tmp_path / f"report.{form}"
    number = told.numbers["stalls"]
    assert run("case", "paper", number, "closing-report", "--format", form, "--out", out).code == 0
    assert out.read_bytes().startswith(begins)
