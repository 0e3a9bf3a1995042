"""A case of SIIR 113-2 from its award to the second instalment, over the four services: the first
printed example (55 % of the plan spent in the first year, 45 % in the second)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.kernel.ids import derived_id
from tests.support.embedded import Office
from tests.support.siir_office import (
    CASE,
    CHAIR,
    COMPANY,
    MAKER,
    OFFICER,
    UBN,
    accepted,
    confirm_the_plan,
    form,
    hand_in_the_plan,
    newest,
    opened_round,
    pass_checkpoint,
    pay,
    register,
    registration,
    review_and_pay,
    sign,
    spend_share,
    step,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened_round(tmp_path / "store") as opened_office:
        yield opened_office


def test_an_awarded_case_is_planned_confirmed_and_signed(office: Office):
    assert register(office) == "SI113-0001"
    hand_in_the_plan(office)
    confirm_the_plan(office)
    refused = office.refused(OFFICER, "SignContract", case_id=CASE, contract_number="X")
    assert refused["error"] == "refused-by-rules"
    sign(office)
    signed = newest(office, "finance", "ContractSigned")
    assert [row["amount_twd"] for row in signed["instalments"]] == [500_000, 500_000]


@pytest.mark.parametrize(
    ("percents", "payments", "figures"),
    [
        ((55, 45), (500_000, 500_000), {"carry": 50_000, "forfeited1": 0}),
        ((40, 60), (400_000, 500_000), {"carry": 0, "forfeited1": 100_000}),
    ],
)
def test_the_two_printed_examples_are_paid_as_printed_and_closed(
    office: Office, percents, payments, figures
):
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    sign(office)
    office.at("2024-11-25T10:00:00+08:00")
    spend_share(office, "2024-11-20", percents[0])
    office.at("2024-12-02T10:00:00+08:00")
    pass_checkpoint(office, "interim", "2024-12-10", 3)
    office.at("2024-12-12T10:00:00+08:00")
    first = review_and_pay(office, "interim", "2024-12-12")
    assert first["payable_twd"] == payments[0]
    assert {name: first["figures"][name] for name in figures} == figures
    pay(office, 1, payments[0], "2024-12-12")
    office.at("2025-04-10T10:00:00+08:00")
    spend_share(office, "2025-03-20", percents[1])
    step(office, COMPANY, "Execution", "kpi_result", F34=form("F34"))
    pass_checkpoint(office, "final", "2025-04-22", 5)
    second = review_and_pay(office, "final", "2025-04-10")
    assert second["payable_twd"] == payments[1]
    assert second["figures"]["payable_total"] == sum(payments)
    assert second["refund_twd"] == 0
    pay(office, 2, payments[1], "2025-04-10")
    office.at("2025-05-20T10:00:00+08:00")
    assert office.refused(OFFICER, "ApproveClosing", case_id=CASE)["rule"] == "SI-ACC-004"
    step(office, MAKER, "Contract", "account_settlement", UBN, F36=form("F36"))
    closed = office.do(OFFICER, "ApproveClosing", case_id=CASE)
    assert closed["closed_on"] == "2025-05-20"
    assert newest(office, "finance", "ContractSettled")["case_id"] == str(CASE)


def test_a_rescission_recovers_everything_and_bars_the_company(office: Office):
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    sign(office)
    finding = {"case_id": CASE, "finding_id": derived_id(CASE, "finding")}
    office.do(
        OFFICER, "OpenFinding", **finding, kind="forged", facts="偽造憑證", rules=[], evidence=[]
    )
    decision = {
        **finding,
        **{"effect": "rescind", "recover_twd": 0, "force_majeure": False},
        **{"facts": "偽造憑證", "rules": ["SI-RES-003"], "remedy": "得提起訴願"},
        "figures": {"interest_twd": 0, "costs_twd": 60_000},
    }
    refused = office.refused(OFFICER, "DecideSanction", **decision, bar=False)
    assert (refused["error"], refused["rule"]) == ("refused-by-rules", "SI-RES-003")
    office.do(OFFICER, "DecideSanction", **decision, bar=True)
    opened_recoveries = [
        event["data"]
        for event in office.events("finance", CASE)
        if event["type"] == "RecoveryOpened"
    ]
    assert [(row["kind"], row["amount_twd"]) for row in opened_recoveries] == [("costs", 60_000)]
    assert newest(office, "finance", "ApplicantBarred")["until"] == "2029-09-25"
    again = {**registration(), "case_id": derived_id(CASE, "again")}
    later = {"F00": form("F00", applied_on="2029-09-25")}
    refused = office.refused(OFFICER, "RegisterCase", **{**again, "forms": later})
    assert refused["rule"] == "SI-RES-014"
    later = {"F00": form("F00", applied_on="2029-09-26")}
    office.do(OFFICER, "RegisterCase", **{**again, "forms": later})


def test_a_reduced_company_is_barred_for_one_programme_year_only(office: Office):
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    sign(office)
    finding = {"case_id": CASE, "finding_id": derived_id(CASE, "reduced")}
    told = {"facts": "減價驗收", "rules": ["SI-RED-004"]}
    office.do(OFFICER, "OpenFinding", **finding, **told, kind="price-reduced", evidence=[])
    notice = {"facts": "減價驗收", "rules": ["SI-RED-004"], "effects": ["次年度不得申請"]}
    office.do(OFFICER, "GiveSanctionNotice", **finding, **notice)
    office.at("2025-05-20T10:00:00+08:00")
    decision = {"effect": "none", "recover_twd": 0, "bar": True, "force_majeure": False}
    decided = {**finding, **told, **decision, "remedy": "得提起訴願", "figures": {}}
    office.do(OFFICER, "DecideSanction", **decided)
    again = {**registration(), "case_id": derived_id(CASE, "again")}
    for year, outcome in ((115, "SI-RED-004"), (116, None)):
        forms = {"F00": form("F00", applied_on="2026-03-01", programme_year_roc=year)}
        if outcome:
            refused = office.refused(OFFICER, "RegisterCase", **{**again, "forms": forms})
            assert refused["rule"] == outcome
        else:
            office.do(OFFICER, "RegisterCase", **{**again, "forms": forms})


def test_who_does_not_sign_forfeits_when_the_window_is_over(office: Office):
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    step(office, COMPANY, "Contract", "signing_slot", F24=form("F24"))
    lapse = {"case_id": CASE, "reason": "未到場"}
    office.at("2024-10-02T17:00:00+08:00")
    assert office.refused(OFFICER, "LapseSelection", **lapse)["error"] == "wrong-state"
    office.at("2024-10-03T09:00:00+08:00")
    office.do(OFFICER, "LapseSelection", **lapse)
    assert newest(office, "finance", "ContractForfeited")["case_id"] == str(CASE)


def test_an_unfinished_checkpoint_reduces_what_is_paid(office: Office):
    """10 % unfinished: 100,000 less (E-23, TV-085)."""
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    sign(office)
    office.at("2024-11-25T10:00:00+08:00")
    spend_share(office, "2024-11-20", 50)
    office.at("2024-12-02T10:00:00+08:00")
    pass_checkpoint(office, "interim", "2024-12-10", 3)
    office.at("2024-12-12T10:00:00+08:00")
    review_and_pay(office, "interim", "2024-12-12")
    pay(office, 1, 500_000, "2024-12-12")
    office.at("2025-04-10T10:00:00+08:00")
    spend_share(office, "2025-03-20", 50)
    step(office, COMPANY, "Execution", "kpi_result", F34=form("F34"))
    report = {"case_id": CASE, "checkpoint": "final", "report": "報告.pdf", "actuals": []}
    office.do(COMPANY, "ReportCheckpoint", **report)
    done = accepted(5)
    done["rows"][3].update(completion_bp=0, evidence=0)
    named = {"case_id": CASE, "step": "accepted_progress", "key": "final"}
    full = {**named, "forms": {"F33": done}}
    assert office.refused(CHAIR, "TakeExecutionStep", **full)["rule"] == "SI-MON-019"
    office.do(
        CHAIR, "TakeExecutionStep", **{**named, "forms": {"F33": {**done, "acceptance": "REDUCED"}}}
    )
    assert (
        office.do(OFFICER, "DecideCheckpoint", case_id=CASE, checkpoint="final")["outcome"]
        == "passed"
    )
    closed = review_and_pay(office, "final", "2025-04-10")
    assert closed["figures"]["payable_total"] == 900_000
    assert closed["payable_twd"] == 400_000


def test_a_plan_change_is_lettered_tested_again_and_approved(office: Office):
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    sign(office)
    office.at("2025-02-10T10:00:00+08:00")
    step(office, COMPANY, "Execution", "change_letter", F17=form("F17"))
    plan = {name: form(name) for name in ("F06", "F08", "F11", "F11S", "F12")}
    lowered = [*plan["F06"][:-1], {**plan["F06"][-1], "target_centi": 400_000}]
    named = {"case_id": CASE, "step": "change_plan"}
    lower = {**named, "forms": {**plan, "F06": lowered}}
    assert office.refused(COMPANY, "TakeExecutionStep", **lower)["rule"] == "SI-KPI-013"
    office.do(COMPANY, "TakeExecutionStep", **named, forms=plan)
    asked = {"case_id": CASE, "change_id": derived_id(CASE, "change")}
    told = {"kind": "BUDGET", "reason": "線上會議", "before": "100,000", "after": "80,000"}
    office.do(COMPANY, "RequestPlanChange", **asked, **told)
    decide = {**asked, "approve": True, "reason": "同意"}
    assert office.refused(OFFICER, "DecidePlanChange", **decide)["rule"] == "SI-CHG-004"
    step(office, OFFICER, "Execution", "change_checked", F18=form("F18"))
    office.do(OFFICER, "DecidePlanChange", **decide)
