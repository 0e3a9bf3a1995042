"""What the grantee records while the contract runs, except usage logs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.monitoring.application import cases, facts
from services.monitoring.application import commands as c
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain import events as e
from services.monitoring.domain.monitored_case import MonitoredCase
from shared.kernel.errors import InvalidInput

BEHIND = "behind-schedule"
BREACH = "breach-noted"


def record_adoption(command: c.RecordAdoption, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Note adoptions; those that the rules do not count are marked late."""
    case, version = _running(ports, command)
    known = case.records.adoptions
    rows = tuple(row for row in command.adoptions if known.get(row.ubn) != row)
    case.must_know([row.ubn for row in rows], "adoptions")
    if not rows:
        return {"recorded": 0, "late": []}
    evaluation = ports.rules.enforce(
        case.plan.pack_digest, "adoption", facts.adoption(ports, case, command, rows)
    )
    missed = {finding.subject["ubn"] for finding in evaluation.blocking("counting")}
    late = tuple(sorted(missed.difference(known)))  # the first activation decided already
    event = e.AdoptionsRecorded(case_id=command.case_id, adoptions=rows, late=late)
    cases.record(ports, command, case, version, [event], evaluation.decision())
    return {"recorded": len(rows), "late": list(late)}


def admit_late_adoption(command: c.AdmitLateAdoption, ports: MonitoringPorts) -> None:
    """The executing body decides to count an enterprise that adopted late."""
    case, version = cases.load(ports, command.case_id)
    case.must_be_executing()
    case.must_know([command.ubn])
    if command.ubn in case.records.admitted:
        return
    event = e.LateAdoptionAdmitted(case_id=command.case_id, ubn=command.ubn, reason=command.reason)
    cases.record(ports, command, case, version, [event])


def record_counselling(command: c.RecordCounselling, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Note visits; work of a unit that the plan does not name becomes a task for an officer."""
    case, version = _running(ports, command)
    rows = tuple(row for row in command.visits if row not in case.records.visits)
    case.must_know([row.ubn for row in rows], "visits")
    if not rows:
        return {"recorded": 0}
    seen = [
        {
            "kind": "VISIT",
            "held_on": row.held_on.isoformat(),
            "performer_ubn": row.performer_ubn,
            "evidence": ["photos"] if row.photos else [],
        }
        for row in rows
    ]
    evaluation = ports.rules.enforce(
        case.plan.pack_digest, "record", facts.records(ports, case, command, seen)
    )
    event = e.CounsellingRecorded(case_id=command.case_id, visits=rows)
    cases.record(ports, command, case, version, [event], evaluation.decision())
    return {"recorded": len(rows), "findings": _shown(evaluation)}


def record_activity(command: c.RecordActivity, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Note an activity with its evidence; the same id again yields no event."""
    case, version = _running(ports, command)
    known = {activity.activity_id for activity in case.records.activities}
    if command.activity_id in known:
        return {"recorded": 0}
    seen = {
        "kind": command.kind,
        "held_on": command.held_on.isoformat(),
        "performer_ubn": command.performer_ubn,
        "evidence": [file.kind for file in command.evidence],
    }
    evaluation = ports.rules.enforce(
        case.plan.pack_digest, "record", facts.records(ports, case, command, [seen])
    )
    event = e.ActivityRecorded(
        case_id=command.case_id,
        activity_id=command.activity_id,
        kind=command.kind,
        title=command.title,
        held_on=command.held_on,
        place=command.place,
        participants=command.participants,
        attendance=command.attendance,
        performer_ubn=command.performer_ubn,
        evidence=command.evidence,
    )
    cases.record(ports, command, case, version, [event], evaluation.decision())
    return {"recorded": 1, "findings": _shown(evaluation)}


def record_assessment(command: c.RecordAssessment, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Note assessments, before and after."""
    case, version = _running(ports, command)
    known = case.records.assessments
    rows = tuple(row for row in command.assessments if known.get((row.ubn, row.phase)) != row)
    case.must_know([row.ubn for row in rows], "assessments")
    if rows:
        event = e.AssessmentsRecorded(case_id=command.case_id, assessments=rows)
        cases.record(ports, command, case, version, [event])
    return {"recorded": len(rows)}


def report_progress(command: c.ReportProgress, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Note a month; too far behind the plan raises an alert, back on track clears it."""
    case, version = _running(ports, command)
    report = _progress(case, command)
    if case.records.progress.get(command.month) == report:
        return {"recorded": 0}
    evaluation = ports.rules.enforce(
        case.plan.pack_digest, "progress", facts.progress(ports, case, command, report)
    )
    events: list[Any] = [report]
    plan, alert = case.plan, case.alerts.find(BEHIND)
    if evaluation.of("warn"):
        text = cases.text_of(evaluation, "warn")
        events += case.alerts.raise_(plan.case_id, plan.case_number, BEHIND, text)
    elif alert is not None and command.month >= max(case.records.progress, default=""):
        events += case.alerts.clear(alert.alert_id, "進度已趕上 back on schedule")
    cases.record(ports, command, case, version, events, evaluation.decision())
    return {"recorded": 1, "findings": _shown(evaluation)}


def record_briefing(command: c.RecordBriefing, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Note a briefing; a delegate without prior consent is a breach note, not a refusal."""
    case, version = cases.load(ports, command.case_id)
    case.must_be_executing()
    case.checkpoints.planned(command.checkpoint)
    evaluation = ports.rules.enforce(
        case.plan.pack_digest, "briefing", facts.briefing(ports, case, command)
    )
    breach = bool(evaluation.blocking("counting"))
    event = e.BriefingHeld(
        case_id=command.case_id,
        checkpoint=command.checkpoint,
        held_on=command.held_on,
        presenter=command.presenter,
        reason=command.reason,
        consent_on=command.consent_on,
        breach=breach,
    )
    if case.records.briefings.get(command.checkpoint) == event:
        return {"breach": breach}
    events: list[Any] = [event]
    if breach:
        plan = case.plan
        events += case.alerts.raise_(
            plan.case_id,
            plan.case_number,
            BREACH,
            cases.text_of(evaluation, "block"),
            about=command.checkpoint,
        )
    cases.record(ports, command, case, version, events, evaluation.decision())
    return {"breach": breach}


def _running(ports: MonitoringPorts, command: Any) -> tuple[MonitoredCase, int]:
    case, version = cases.load_own(ports, command)
    case.must_be_executing()
    return case, version


def _progress(case: MonitoredCase, command: c.ReportProgress) -> e.ProgressReported:
    month = int(command.month[5:])
    planned = next((row for row in case.plan.progress if row.month == month), None)
    if planned is None:
        raise InvalidInput(
            f"進度表沒有 {command.month} 月份",
            f"the plan has no month {command.month}",
            field="month",
        )
    return e.ProgressReported(
        case_id=command.case_id,
        month=command.month,
        planned_work_bp=planned.work_bp,
        planned_budget_bp=planned.budget_bp,
        work_bp=command.work_bp,
        budget_bp=command.budget_bp,
        note=command.note,
    )


def _shown(evaluation: Any) -> list[dict[str, Any]]:
    return [finding.as_dict() for finding in evaluation.findings]
