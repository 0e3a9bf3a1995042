"""A case through its handlers: obligations, checkpoints, usage logs, alerts raised and cleared."""

from __future__ import annotations

from datetime import date

import pytest

from services.monitoring.domain import events as e
from shared.kernel.envelope import Actor
from shared.kernel.errors import NotPermitted, RefusedByRules, StaleVersion, WrongState
from shared.kernel.ids import derived_id
from tests.support.monitoring_desk import OFFICER, Desk
from tests.support.monitoring_events import CASE, SHOPS, at, public, weekly_logins
from tests.support.monitoring_steps import PHOTOS, adopt, alerts, brief, closed, decide, log, report


def test_a_signed_contract_opens_the_case_with_dated_obligations():
    desk = Desk().signed()
    duties = {(d.id, d.period): d.due_on for d in desk.case().obligations}
    assert duties["CAL-12", None] == date(2023, 7, 29)
    assert duties["CAL-13", None] == date(2023, 7, 31)
    assert duties["CAL-14", "2023-04"] == date(2023, 5, 10)
    assert duties["CAL-14", "2023-11"] == date(2023, 12, 10)
    assert ("CAL-08", None) not in duties, "a duty of finance"
    assert desk.case().plan.kpis[1].weight_bp == 6000


def test_a_kpi_that_counts_enterprises_aims_at_the_approved_number():
    desk = Desk().signed(approved_count=2)
    assert [(kpi.code, kpi.total_centi) for kpi in desk.case().plan.kpis] == [
        ("B1", 200),
        ("B6", 300),
    ]


def test_the_same_contract_heard_twice_opens_once():
    desk = Desk().signed().signed()
    assert len(desk.of(e.MonitoringOpened)) == 1


def test_a_late_report_is_alerted_the_day_after_and_cleared_by_the_report():
    desk = Desk().signed()
    adopt(desk)
    desk.advance(at("2023-07-29", "23:59:59"))
    assert ("CAL-12", None) not in alerts(desk)
    desk.advance(at("2023-07-30", "00:00:00"))
    assert ("CAL-12", None) in alerts(desk)
    report(desk, "2023-08-02", 300, 100)
    assert ("CAL-12", None) not in alerts(desk)


def test_a_report_on_the_due_day_raises_no_alert():
    desk = Desk().signed()
    adopt(desk)
    report(desk, "2023-07-29", 300, 100)
    desk.advance(at("2023-07-30"))
    assert ("CAL-12", None) not in alerts(desk)


def test_a_checkpoint_below_plan_fails_is_cured_and_passes():
    desk = Desk().signed()
    adopt(desk)
    log(desk, weekly_logins(SHOPS, "2023-06-05", 6), "2023-07-15")
    brief(desk, "2023-07-15")
    assert report(desk, "2023-07-15", 200, 0)["progress_bp"] == 2667
    answer = decide(desk, "2023-07-16")
    assert answer["outcome"] == "failed"
    assert answer["reasons"] == ["CP-MON-04"]
    assert desk.of(e.CheckpointFailed)[0].cure_by == date(2023, 7, 30)
    assert ("checkpoint-failed", "cp1") in alerts(desk)
    with pytest.raises(WrongState):
        decide(desk, "2023-07-17")
    report(desk, "2023-07-25", 300, 100)
    assert decide(desk, "2023-07-26")["outcome"] == "passed"
    assert ("checkpoint-failed", "cp1") not in alerts(desk)
    assert desk.of(e.CheckpointPassed)[0].usage_records is True


def test_a_kpi_that_was_reached_without_evidence_fails_the_checkpoint():
    desk = Desk().signed()
    adopt(desk)
    log(desk, weekly_logins(SHOPS, "2023-06-05", 6), "2023-07-15")
    actuals = [{"kpi_code": "B1", "actual_centi": 300}]
    desk.do("ReportCheckpoint", at("2023-07-15"), checkpoint="cp1", report="r.pdf", actuals=actuals)
    brief(desk, "2023-07-15")
    assert decide(desk, "2023-07-20")["reasons"] == ["CP-MON-22"]


def test_irregular_use_fails_the_checkpoint():
    desk = Desk().signed()
    adopt(desk)
    log(desk, weekly_logins(SHOPS, "2023-06-05", 6, per_week=3), "2023-07-15")
    report(desk, "2023-07-15", 300, 300)
    brief(desk, "2023-07-15")
    assert decide(desk, "2023-07-20")["reasons"] == ["CP-MON-12"]


def test_a_letter_missing_at_checkpoint_1_fails_it():
    desk = Desk().signed(letters=list(SHOPS[:2]))
    adopt(desk)
    log(desk, weekly_logins(SHOPS, "2023-06-05", 6), "2023-07-15")
    report(desk, "2023-07-15", 300, 300)
    brief(desk, "2023-07-15")
    assert decide(desk, "2023-07-20")["reasons"] == ["CP-LOI-08"]


def test_a_letter_supplied_through_intake_is_on_file():
    desk = Desk().signed(letters=list(SHOPS[:2]))
    letter = {"case_id": str(CASE), "kind": "letter", "ubn": SHOPS[2], "verified": True}
    desk.hear(public("intake", "ProposalSupplemented", letter, at("2023-05-02")))
    assert desk.case().enrolment.on_file() == tuple(sorted(SHOPS))


def test_an_adoption_after_the_date_is_late_until_admitted():
    desk = Desk().signed()
    assert adopt(desk, "2023-08-01")["late"] == sorted(SHOPS)
    assert desk.case().adopted() == {}
    desk.do("AdmitLateAdoption", at("2023-08-03"), OFFICER, ubn=SHOPS[0], reason="系統商延誤")
    assert list(desk.case().adopted()) == [SHOPS[0]]


def test_a_month_ten_points_behind_raises_an_alert_that_the_next_month_clears():
    desk = Desk().signed()
    desk.do("ReportProgress", at("2023-07-05"), month="2023-06", work_bp=2000, budget_bp=0)
    assert ("behind-schedule", None) in alerts(desk)
    desk.do("ReportProgress", at("2023-08-05"), month="2023-07", work_bp=4000, budget_bp=0)
    assert ("behind-schedule", None) not in alerts(desk)


def test_a_month_nobody_reported_is_alerted_on_the_eleventh():
    desk = Desk().signed()
    desk.advance(at("2023-05-11", "00:00:00"))
    assert ("CAL-14", "2023-04") in alerts(desk)
    desk.do("ReportProgress", at("2023-05-12"), month="2023-04", work_bp=1000, budget_bp=0)
    assert ("CAL-14", "2023-04") not in alerts(desk)


def test_a_batch_sent_again_counts_nothing_and_stores_nothing():
    desk = Desk().signed()
    adopt(desk)
    rows = weekly_logins(SHOPS, "2023-06-05", 2)
    assert log(desk, rows, "2023-06-30")["counted"] == 24
    again = log(desk, rows, "2023-07-01")
    assert again["already_ingested"] is True
    assert len(desk.events("usage")) == 1


def test_a_batch_without_its_plan_file_is_refused_and_only_the_refusal_is_stored():
    desk = Desk().signed()
    adopt(desk)
    with pytest.raises(RefusedByRules) as refusal:
        desk.do("IngestUsageLog", at("2023-07-01"), batch_id=str(derived_id("b")), rows=[])
    assert refusal.value.rule == "CP-MON-06"
    assert desk.events("usage") == []
    assert desk.of(e.CommandRefused)[0].command == "IngestUsageLog"


def test_two_silent_weeks_raise_abnormal_usage():
    desk = Desk().signed()
    adopt(desk)
    log(desk, weekly_logins(SHOPS[:2], "2023-06-05", 3), "2023-06-26")
    assert ("abnormal-usage", None) in alerts(desk)
    log(desk, weekly_logins(SHOPS, "2023-06-05", 3), "2023-06-27", "more")
    assert ("abnormal-usage", None) not in alerts(desk)


def test_a_delegate_without_consent_is_a_breach_note_and_the_briefing_counts():
    desk = Desk().signed()
    answer = brief(desk, "2023-07-15", presenter="DELEGATE", reason="主持人住院")
    assert answer["breach"] is True
    assert ("breach-noted", "cp1") in alerts(desk)


def test_work_of_an_unnamed_unit_becomes_a_task():
    desk = Desk().signed()
    answer = desk.do(
        "RecordActivity",
        at("2023-06-21"),
        activity_id=str(derived_id("a")),
        kind="LITERACY",
        title="工作坊",
        held_on="2023-06-20",
        place="臺中",
        participants=30,
        performer_ubn="84149961",
        evidence=PHOTOS,
    )
    assert [(f["rule"], f["role"]) for f in answer["findings"]] == [
        ("CP-CON-09", "programme_officer")
    ]


def test_another_organisation_may_not_report():
    desk = Desk().signed()
    stranger = Actor(id="x", roles=("applicant",), organisation="22099131")
    with pytest.raises(NotPermitted):
        desk.do(
            "ReportProgress", at("2023-07-05"), stranger, month="2023-06", work_bp=0, budget_bp=0
        )


def test_a_stale_version_is_refused_and_nothing_is_stored():
    desk = Desk().signed()
    with pytest.raises(StaleVersion):
        desk.do(
            "ReportProgress",
            at("2023-07-05"),
            expected_version=9,
            month="2023-06",
            work_bp=3000,
            budget_bp=0,
        )
    assert desk.of(e.ProgressReported) == []


def test_everything_published_keeps_its_contract_and_names_its_rules():
    desk = closed(Desk().signed())
    desk.advance(at("2026-12-21"))
    told = dict(desk.public())
    assert {"CheckpointReported", "CheckpointPassed", "CaseClosed", "FollowUpCompleted"} <= set(
        told
    )
    assert told["CheckpointPassed"]["decided_by"]["moment"] == "cp2"
    assert told["ComplianceAlertRaised"]["decided_by"]["rules"]


def test_the_same_command_id_returns_the_first_answer():
    desk = Desk().signed()
    payload = {"month": "2023-06", "work_bp": 3000, "budget_bp": 0}
    first = desk.do("ReportProgress", at("2023-07-05"), command_id=derived_id("c"), **payload)
    again = desk.do("ReportProgress", at("2023-07-06"), command_id=derived_id("c"), **payload)
    assert again == first
    assert len(desk.of(e.ProgressReported)) == 1
