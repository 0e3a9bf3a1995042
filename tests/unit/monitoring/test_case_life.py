"""A case through its handlers: alerts by timer, failure and cure, closing, follow-up, archive."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.monitoring.domain import events as e
from shared.kernel.envelope import Actor
from shared.kernel.errors import NotPermitted, RefusedByRules, StaleVersion, WrongState
from shared.kernel.ids import derived_id
from tests.support.monitoring_desk import OFFICER, Desk
from tests.support.monitoring_events import CASE, SHOPS, at, public, weekly_logins

PHOTOS = [
    {"kind": kind, "reference": kind}
    for kind in ("agenda", "sign_in", "photos", "link", "reach_screenshot")
]


def adopt(desk: Desk, day: str = "2023-06-05", ubns: tuple[str, ...] = SHOPS) -> Any:
    rows = [
        {
            "ubn": ubn,
            "solution": "預約雲",
            "version": "1",
            "account": f"acc-{ubn}",
            "activated_at": f"{day}T00:00:00+08:00",
        }
        for ubn in ubns
    ]
    return desk.do("RecordAdoption", at(day), adoptions=rows)


def log(desk: Desk, rows: list[dict[str, Any]], day: str, name: str = "batch") -> Any:
    return desk.do(
        "IngestUsageLog",
        at(day),
        batch_id=str(derived_id(name)),
        csp_name="共好雲端",
        solution_name="預約雲",
        enterprise_name="各店",
        time_axis="日",
        uses_axis="次",
        plan_file="plan.pdf",
        rows=rows,
    )


def report(desk: Desk, day: str, b1: int, b6: int, checkpoint: str = "cp1") -> Any:
    actuals = [
        {"kpi_code": code, "actual_centi": reached, "evidence": ["佐證.pdf"]}
        for code, reached in (("B1", b1), ("B6", b6))
    ]
    return desk.do(
        "ReportCheckpoint", at(day), checkpoint=checkpoint, report="r.pdf", actuals=actuals
    )


def brief(desk: Desk, day: str, checkpoint: str = "cp1", **changed: Any) -> Any:
    payload = {"held_on": day, "presenter": "PROJECT_MANAGER", **changed}
    return desk.do("RecordBriefing", at(day), OFFICER, checkpoint=checkpoint, **payload)


def decide(desk: Desk, day: str, checkpoint: str = "cp1") -> Any:
    return desk.do("DecideCheckpoint", at(day), OFFICER, checkpoint=checkpoint)


def assess(desk: Desk, phase: str, day: str) -> None:
    rows = [
        {"ubn": ubn, "phase": phase, "assessed_at": f"{day}T10:00:00+08:00", "score_centi": 6000}
        for ubn in SHOPS
    ]
    desk.do("RecordAssessment", at(day), assessments=rows)


def activity(desk: Desk, kind: str, day: str) -> None:
    desk.do(
        "RecordActivity",
        at(day),
        activity_id=str(derived_id(kind, day)),
        kind=kind,
        title=kind,
        held_on=day,
        place="臺中",
        participants=30,
        evidence=PHOTOS,
    )


def visits(desk: Desk) -> None:
    rows = [
        {
            "ubn": ubn,
            "held_on": day,
            "start": "14:00",
            "end": "16:00",
            "mode": mode,
            "consultant_id": "staff-3",
            "topic": "預約",
            "content": "教學",
            "photos": ["1.jpg"],
            "confirmed": True,
        }
        for ubn in SHOPS
        for day, mode in (
            ("2023-05-10", "ON_SITE"),
            ("2023-06-12", "ONLINE"),
            ("2023-08-12", "PHONE"),
        )
    ]
    desk.do("RecordCounselling", at("2023-08-13"), visits=rows)


def passed_first(desk: Desk) -> Desk:
    adopt(desk)
    log(desk, weekly_logins(SHOPS, "2023-06-05", 6), "2023-07-15")
    report(desk, "2023-07-15", 300, 100)
    brief(desk, "2023-07-15")
    assert decide(desk, "2023-07-20")["outcome"] == "passed"
    return desk


def closed(desk: Desk, day: str = "2023-12-20") -> Desk:
    passed_first(desk)
    assess(desk, "PRE", "2023-05-10")
    assess(desk, "POST", "2023-11-20")
    visits(desk)
    for kind, held in (
        ("LITERACY", "2023-06-20"),
        ("LITERACY", "2023-07-20"),
        ("LITERACY", "2023-08-20"),
        ("SHOWCASE", "2023-10-20"),
        ("FILM", "2023-10-25"),
        ("ANALYSIS", "2023-11-20"),
        ("PORTAL_LISTING", "2023-11-21"),
    ):
        activity(desk, kind, held)
    log(desk, weekly_logins(SHOPS, "2023-07-17", 20), "2023-12-01", "rest")
    report(desk, "2023-12-05", 300, 300, "cp2")
    brief(desk, "2023-12-06", "cp2")
    assert decide(desk, "2023-12-08", "cp2")["outcome"] == "passed"
    desk.do("ApproveClosing", at(day), OFFICER)
    return desk


def alerts(desk: Desk) -> list[tuple[str, str | None]]:
    return [
        (alert.obligation or alert.kind, alert.about) for alert in desk.case().alerts.open.values()
    ]


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


def test_half_of_the_letter_base_may_be_replaced_and_not_one_more():
    desk = Desk().signed()
    desk.hear(
        public(
            "intake",
            "ProposalAccepted",
            {"case_id": str(CASE), "letters": list(SHOPS[:2])},
            at("2023-03-25"),
        )
    )
    first = ask(desk, "first", removed=[SHOPS[0]], added=["84149961"])
    assert first["outcome"] == "approved"
    assert SHOPS[0] not in desk.case().enrolment.enterprises
    with pytest.raises(RefusedByRules) as refusal:
        ask(desk, "second", removed=[SHOPS[1]], added=["16446274"])
    assert refusal.value.rule == "CP-LOI-09"
    back = ask(desk, "third", removed=["84149961"], added=[SHOPS[0]])
    assert back["outcome"] == "approved"


def ask(desk: Desk, name: str, removed: list[str], added: list[str], **changed: Any) -> Any:
    change_id = str(derived_id(name))
    desk.do(
        "RequestPlanChange",
        at("2023-06-10"),
        change_id=change_id,
        kind="ENTERPRISES",
        reason="歇業",
        before="甲",
        after="乙",
        removed_ubns=removed,
        added=[{"ubn": ubn} for ubn in added],
        **changed,
    )
    return desk.do("DecidePlanChange", at("2023-06-12"), OFFICER, change_id=change_id, approve=True)


def test_a_change_that_raises_the_amount_is_refused():
    desk = Desk().signed()
    with pytest.raises(RefusedByRules) as refusal:
        ask(desk, "more", removed=[], added=[], amount_effect_twd=1)
    assert refusal.value.rule == "CP-CON-12"
    assert desk.case().amount_twd == 1_000_000


def test_a_change_decided_before_changes_nothing():
    desk = Desk().signed()
    ask(desk, "less", removed=[], added=[], amount_effect_twd=-1_000)
    again = desk.do(
        "DecidePlanChange",
        at("2023-06-13"),
        OFFICER,
        change_id=str(derived_id("less")),
        approve=True,
    )
    assert again["outcome"] == "decided-before"
    assert desk.case().amount_twd == 999_000


def test_closing_waits_for_every_item_of_the_checklist():
    desk = passed_first(Desk().signed())
    missing = {"CP-MON-37/a", "CP-MON-37/e", "CP-MON-37/f", "CP-MON-27/a"}
    assert missing <= why_not_closed(desk)


def test_a_closed_case_owes_three_yearly_reports_and_is_archived_after_three_years():
    desk = closed(Desk().signed())
    dues = [d.due_on for d in desk.case().obligations if d.id == "CAL-20"]
    assert dues == [date(2024, 12, 20), date(2025, 12, 20), date(2026, 12, 20)]
    assert desk.of(e.CaseClosed)[0].follow_up_ends_on == date(2026, 12, 20)
    file_year(desk, 1, "2024-12-01")
    desk.advance(at("2026-12-20", "23:59:59"))
    assert desk.case().state == "closed"
    desk.advance(at("2026-12-21", "00:00:00"))
    assert desk.case().state == "archived"
    completed = desk.of(e.FollowUpCompleted)[0]
    assert (completed.ended_on, completed.reports, completed.missing) == (date(2026, 12, 20), 1, 2)


def file_year(desk: Desk, year: int, day: str) -> Any:
    rows = [
        {"ubn": ubn, "alive": True, "still_using": True, "renewed": True, "employees": 4}
        for ubn in SHOPS
    ]
    return desk.do("FileFollowUp", at(day), year=year, rows=rows)


def test_a_missing_follow_up_is_alerted_reminded_and_registered():
    desk = closed(Desk().signed())
    desk.advance(at("2024-12-20", "23:59:59"))
    assert alerts(desk) == []
    desk.advance(at("2024-12-21", "00:00:00"))
    assert alerts(desk) == [("CAL-20", "1")]
    desk.advance(at("2025-01-03", "00:00:00"))
    assert [event.period for event in desk.of(e.FollowUpReminderSent)] == ["1"]
    desk.advance(at("2025-01-18", "23:59:59"))
    assert desk.of(e.EvaluationRegisterEntered) == []
    desk.advance(at("2025-01-19", "00:00:00"))
    assert [event.period for event in desk.of(e.EvaluationRegisterEntered)] == ["1"]
    file_year(desk, 1, "2025-02-01")
    assert alerts(desk) == []


def test_an_open_recovery_stops_the_closing_until_it_is_paid():
    desk = Desk().signed()
    recovery = {"case_id": str(CASE), "recovery_id": str(derived_id("r")), "amount_twd": 5}
    desk.hear(public("finance", "RecoveryDemanded", recovery, at("2023-12-01")))
    assert "CP-MON-37/g" in why_not_closed(desk)
    paid = {**recovery, "outstanding_twd": 0}
    desk.hear(public("finance", "RecoveryReceived", paid, at("2023-12-02")))
    assert "CP-MON-37/g" not in why_not_closed(desk)


def why_not_closed(desk: Desk) -> set[str]:
    with pytest.raises(RefusedByRules) as refusal:
        desk.do("ApproveClosing", at("2023-12-20"), OFFICER)
    return {f"{f.rule}/{f.clause}" for f in refusal.value.evaluation.blocking()}


def test_a_termination_clears_the_alerts_and_keeps_the_follow_up():
    desk = Desk().signed()
    desk.advance(at("2023-07-16"))
    assert alerts(desk)
    ended = {"case_id": str(CASE), "reason": "違約"}
    desk.hear(public("finance", "ContractTerminated", ended, at("2023-07-20")))
    assert alerts(desk) == []
    desk.advance(at("2023-12-31"))
    assert alerts(desk) == [], "what was due of the execution is moot"
    desk.advance(at("2024-07-21", "00:00:00"))
    assert alerts(desk) == [("CAL-20", "1")]


@pytest.mark.parametrize("ending", ["ContractAbandoned", "ContractRescinded"])
def test_an_abandoned_or_rescinded_contract_owes_nothing_more(ending: str):
    desk = Desk().signed()
    ended = {"case_id": str(CASE), "reason": "放棄"}
    desk.hear(public("finance", ending, ended, at("2023-07-20")))
    desk.advance(at("2027-01-01"))
    assert alerts(desk) == []
    with pytest.raises(WrongState):
        adopt(desk, "2023-07-25")


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
