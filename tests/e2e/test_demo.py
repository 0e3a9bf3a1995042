"""The demo story as a whole: what each case came to, the money, the order of its history, and that
all of it can be proved, rebuilt, told again and survive being killed half-way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from grantcase.auditing import verify_folder
from grantcase.backend import SERVICES
from grantcase.embedded import Embedded
from grantcase.store_folder import open_store
from shared.kernel.clock import parse_instant
from shared.projection.rebuild import rebuild
from tests.support.embedded import copied
from tests.support.embedded_demo import Told
from tests.support.embedded_probes import ProbingBackend

AMOUNTS = {"FundsDisbursed": 1, "RecoveryReceived": -1, "PaymentReturned": -1}


def of_type(events: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [event for event in events if event["type"] == name]


def rules_of(event: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in event["decision"]["findings"]}


def paid(told: Told, key: str) -> int:
    return sum(event["data"]["amount_twd"] for event in of_type(told.case(key), "FundsDisbursed"))


def recovered(told: Told, key: str) -> int:
    return sum(event["data"]["amount_twd"] for event in of_type(told.case(key), "RecoveryReceived"))


def test_the_last_microsecond_of_the_window_is_in_time(told: Told) -> None:
    submitted = of_type(told.case("sharp"), "ProposalSubmitted")[0]
    assert submitted["occurred_at"] == "2023-03-16T17:00:00.000000+08:00"
    assert submitted["data"]["submitted_at"] == submitted["occurred_at"]


def test_a_millisecond_later_is_too_late_and_refused_by_rule(told: Told) -> None:
    refused = of_type(told.case("late"), "CommandRefused")
    assert [event["occurred_at"] for event in refused] == ["2023-03-16T17:00:00.001000+08:00"]
    assert "CP-CALL-03" in refused[0]["data"]["rules"]
    assert "ProposalSubmitted" not in told.types("late")
    assert "ProposalLapsed" in told.types("late")


def test_an_ineligible_proposal_is_rejected_with_its_rule(told: Told) -> None:
    rejected = of_type(told.case("ineligible"), "ProposalRejected")[0]
    assert rejected["data"]["reasons"] == ["CP-TRK-15"]
    assert "ContractSigned" not in told.types("ineligible")


def test_absence_without_reason_forfeits(told: Told) -> None:
    assert "ProposalForfeited" in told.types("absent")
    assert not {"ProposalSelected", "ContractSigned"} & set(told.types("absent"))


def test_the_steady_case_is_paid_in_full_and_followed_to_its_archive(told: Told) -> None:
    signed = of_type(told.case("steady"), "ContractSigned")[0]["data"]
    payments = [e["data"]["amount_twd"] for e in of_type(told.case("steady"), "FundsDisbursed")]
    assert payments == [instalment["amount_twd"] for instalment in signed["instalments"]]
    assert sum(payments) == signed["amount_twd"]
    assert payments[0] == signed["amount_twd"] * 35 // 100
    assert "CaseClosed" in told.types("steady")
    archived = of_type(told.case("steady"), "FollowUpCompleted")[0]
    closed = of_type(told.case("steady"), "CaseClosed")[0]
    assert int(archived["occurred_at"][:4]) - int(closed["occurred_at"][:4]) == 3
    assert archived["data"]["missing"] == 0


def test_the_late_case_is_alerted_cured_and_paid(told: Told) -> None:
    order = ("ComplianceAlertRaised", "CureNoticeIssued", "CheckpointPassed", "FundsDisbursed")
    places = [told.types("cured").index(name) for name in order]
    assert places == sorted(places)
    raised = of_type(told.case("cured"), "ComplianceAlertRaised")[0]
    cleared = {event["data"]["alert_id"] for event in of_type(told.case("cured"), order[0])}
    assert raised["data"]["alert_id"] in cleared
    assert "FollowUpCompleted" in told.types("cured")


def test_the_breach_is_terminated_and_its_money_recovered(told: Told) -> None:
    assert "ContractTerminated" in told.types("breach")
    assert recovered(told, "breach") == paid(told, "breach") > 0
    after = told.types("breach")[told.types("breach").index("ContractTerminated") :]
    assert "FundsDisbursed" not in after


def test_the_abandoned_one_is_recovered_and_barred_for_two_years(told: Told) -> None:
    assert "ContractAbandoned" in told.types("abandoned")
    assert recovered(told, "abandoned") == paid(told, "abandoned") > 0
    bar = of_type(told.case("abandoned"), "ApplicantBarred")[0]["data"]
    assert int(bar["until"][:4]) - int(bar["decided_on"][:4]) == 2


def test_the_barred_one_is_refused_in_the_second_call(told: Told) -> None:
    refused = of_type(told.case("barred"), "CommandRefused")[0]
    assert refused["data"]["command"] == "SubmitProposal"
    assert rules_of(refused) & set(refused["data"]["rules"])
    assert "停權" in refused["data"]["message"]["zh-Hant"]
    assert "ProposalSubmitted" not in told.types("barred")


def test_the_shop_in_two_lists_stays_with_the_one_submitted_first(told: Told) -> None:
    first = of_type(told.case("steady"), "ProposalSelected")[0]["data"]["approved_count"]
    second = of_type(told.case("cured"), "ProposalSelected")[0]["data"]["approved_count"]
    assert (first, second) == (80, 33)


def test_the_books_balance_to_the_dollar(told: Told) -> None:
    events = [event for case in told.timelines.values() for event in case]
    totals = Counter[str]()
    for event in events:
        if event["type"] in AMOUNTS:
            totals[event["type"]] += event["data"]["amount_twd"]
    balances = told.queries["ledger"]["balances"]
    assert balances["trial_twd"] == 0
    assert balances["paid_twd"] == totals["FundsDisbursed"] == 3_928_000
    assert balances["recovered_twd"] == totals["RecoveryReceived"] == 1_008_000
    assert balances["outstanding_twd"] == 0
    assert balances["payable_twd"] == 0


def test_every_timeline_is_in_order_and_a_cause_stands_before_its_effect(told: Told) -> None:
    for events in told.timelines.values():
        instants = [event["occurred_at"] for event in events]
        assert instants == sorted(instants)
        place = {event["id"]: index for index, event in enumerate(events)}
        for index, event in enumerate(events):
            assert place.get(event["causation_id"], -1) < index
        assert len(place) == len(events)


def test_every_decision_names_its_pack_and_its_clauses(told: Told) -> None:
    decided = [e for case in told.timelines.values() for e in case if e["decision"]]
    assert len(decided) > 50
    for event in decided:
        assert re.fullmatch("[0-9a-f]{64}", event["decision"]["pack_digest"])
        assert event["decision"]["clauses"] or event["decision"]["rules"], event["type"]


def test_nothing_is_parked(told: Told) -> None:
    assert {name: count["parked"] for name, count in told.queries["counts"].items()} == {
        name: 0 for name in SERVICES
    }


def test_every_log_verifies_to_its_last_event(told: Told) -> None:
    verdicts = verify_folder(told.folder)
    assert {verdict.service: verdict.report.problem for verdict in verdicts} == {
        name: None for name in SERVICES
    }
    sealed = {name: count["sealed"] for name, count in told.queries["counts"].items()}
    assert {verdict.service: verdict.report.events for verdict in verdicts} == sealed
    assert [(v.report.unsealed, v.report.unsigned) for v in verdicts] == [(0, 0)] * 4


@pytest.mark.parametrize("service", SERVICES)
def test_every_projection_equals_a_fresh_replay(told: Told, service: str, tmp_path: Path) -> None:
    with open_store(copied(told.folder, tmp_path / "store")) as embedded:
        found = rebuild(embedded.cores[service].units, swap=False)
    assert found
    assert [rebuilt for rebuilt in found if rebuilt.differing] == []
    assert sum(rebuilt.rows for rebuilt in found) > 0


def test_told_again_it_is_the_same_story_event_by_event(
    told: Told, probed: tuple[Told, ProbingBackend]
) -> None:
    """The second run had bad input tried around every command: it left no trace."""
    again = probed[0]
    assert again.lines == told.lines
    assert again.timelines.keys() == told.timelines.keys()
    for number, events in told.timelines.items():
        assert [_told(event) for event in again.timelines[number]] == [_told(e) for e in events]
    assert again.queries["cases"] == told.queries["cases"]
    assert again.queries["alerts"] == told.queries["alerts"]
    assert again.queries["counts"] == told.queries["counts"]
    assert again.queries["ledger"]["balances"] == told.queries["ledger"]["balances"]


def test_a_run_killed_half_way_verifies_and_goes_on(tmp_path: Path) -> None:
    folder, output = tmp_path / "store", tmp_path / "output"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "grantcase", "demo", "--store", str(folder)],
            stdout=file,
            stderr=file,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        _wait_for(output, "CP112-0003 送件", process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with open_store(folder) as embedded:
        embedded.settle()
        before = _standing(embedded)
        embedded.settle()
        assert _standing(embedded) == before
        assert all(count["parked"] == 0 for count in before.values())
        assert all(
            not table.differing
            for core in embedded.cores.values()
            for table in rebuild(core.units, swap=False)
        )
        embedded.advance(parse_instant("2023-04-01T00:00:00+08:00"))
        states = [row["state"] for row in embedded.query("intake", "cases")]
        assert "draft" not in states
        assert "lapsed" in states
        after = _standing(embedded)
    verdicts = verify_folder(folder)
    assert [(v.report.problem, v.report.unsealed) for v in verdicts] == [(None, 0)] * 4
    assert {v.service: v.report.events for v in verdicts} == {
        name: count["sealed"] for name, count in after.items()
    }


def _told(event: dict[str, Any]) -> tuple[Any, ...]:
    names = ("service", "type", "stream", "version", "occurred_at", "actor", "data")
    return tuple(event[name] for name in names)


def _standing(embedded: Embedded) -> dict[str, Any]:
    return {name: embedded.query(name, "counts") for name in SERVICES}


def _wait_for(output: Path, text: str, process: subprocess.Popen[bytes]) -> None:
    """Until the story has told so far; fails when it ended before."""
    while text not in output.read_text():
        assert process.poll() is None, output.read_text()
        time.sleep(0.05)
