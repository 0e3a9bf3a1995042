"""The facts of monitoring's moments, from what the case has recorded.

A little longer than a page, so that there is one function per moment in one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from services.monitoring.application import cases
from services.monitoring.application.measured import (
    Facts,
    activities,
    enterprises,
    iso,
    kpis,
    progress_bp,
    usage_totals,
)
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain import events as e
from services.monitoring.domain.monitored_case import MonitoredCase
from services.monitoring.domain.rows import AdoptionRow
from services.monitoring.domain.usage import Usage
from shared.kernel.clock import taipei_date
from shared.kernel.parties import alone
from shared.kernel.steps.taking import steps_of


def base(ports: MonitoringPorts, case: MonitoredCase, command: Any) -> Facts:
    """now, call, case, actor, forms and parties of the contract, steps: what every moment has."""
    plan = case.plan
    return {
        "now": command.received_at,
        "call": dict(cases.call_parameters(ports, plan.call_id)),
        "case": {
            "number": plan.case_number,
            "state": case.state,
            "track": plan.track,
            "enterprises": len(case.enrolment.enterprises),
            "amount_twd": case.amount_twd,
            "signed_on": plan.signed_on.isoformat(),
            "execution_start": plan.execution_start.isoformat(),
            "execution_end": plan.execution_end.isoformat(),
            "closed_on": iso(case.closed_on),
            "open_recoveries": _open_recoveries(case),
        },
        "actor": {"id": command.actor.id, "organisation": command.actor.organisation},
        "plan": dict(plan.forms),
        "steps": steps_of(ports, plan.case_id, plan.pack_digest),
        "parties": [dict(party) for party in plan.parties]
        or [*alone(plan.applicant_ubn, plan.applicant_name, case.amount_twd)],
    }


def adoption(
    ports: MonitoringPorts, case: MonitoredCase, command: Any, rows: tuple[AdoptionRow, ...]
) -> Facts:
    """Moment `adoption`."""
    adoptions = [{"ubn": row.ubn, "activated_at": row.activated_at} for row in rows]
    return _with(ports, case, command, adoptions=adoptions)


def records(
    ports: MonitoringPorts, case: MonitoredCase, command: Any, rows: Sequence[Mapping[str, Any]]
) -> Facts:
    """Moment `record`: visits and activities as they come in."""
    named = list(case.plan.participants)
    return _with(ports, case, command, records=rows, participants=named)


def progress(
    ports: MonitoringPorts, case: MonitoredCase, command: Any, report: e.ProgressReported
) -> Facts:
    """Moment `progress`: one month against the plan."""
    row = {
        "month": report.month,
        "work_bp": report.work_bp,
        "budget_bp": report.budget_bp,
        "planned_work_bp": report.planned_work_bp,
        "planned_budget_bp": report.planned_budget_bp,
    }
    return _with(ports, case, command, progress=row)


def log(
    ports: MonitoringPorts,
    case: MonitoredCase,
    command: Any,
    head: Mapping[str, Any],
    counted: Mapping[str, int],
    idle: list[str],
) -> Facts:
    """Moment `log`: the six items of the batch, the agreed standard, what was counted."""
    standard = cases.standard_of(case)
    return {
        **base(ports, case, command),
        "registers": {
            "batch": dict(head),
            "standard": {
                "record_kinds": list(standard.record_kinds),
                "minimum": standard.minimum,
                "cycle": standard.cycle,
            },
            "counted": [{"outcome": name, "records": n} for name, n in sorted(counted.items())],
            "idle": idle,
        },
    }


def briefing(ports: MonitoringPorts, case: MonitoredCase, command: Any) -> Facts:
    """Moment `briefing`: who speaks, and with whose consent."""
    row = {
        "checkpoint": command.checkpoint,
        "held_on": command.held_on.isoformat(),
        "presenter": command.presenter,
        "reason": command.reason or None,
        "consent_on": iso(command.consent_on),
    }
    return _with(ports, case, command, briefing=row)


def checkpoint(
    ports: MonitoringPorts, case: MonitoredCase, command: Any, usage: Usage, id: str
) -> Facts:
    """Moments of the checkpoints: report, briefing, enterprises, KPIs, activities, usage."""
    planned, state = case.checkpoints.planned(id), case.checkpoints.state(id)
    held = case.records.briefings.get(id)
    until = min(planned.due_on, taipei_date(command.received_at) - timedelta(days=1))
    row = {
        "id": id,
        "due_on": planned.due_on.isoformat(),
        "progress_bp": progress_bp(case, id),
        "reported_on": iso(state.report.reported_on) if state.report else None,
        "report": state.report.report if state.report else None,
        "briefing_on": iso(held.held_on) if held else None,
        "briefing_breach": held.breach if held else None,
    }
    return _with(
        ports,
        case,
        command,
        checkpoint=row,
        enterprises=enterprises(ports, case, usage, until),
        kpis=kpis(case, id),
        activities=activities(case),
        usage=usage_totals(case, usage),
        progress=[
            {"month": row.month, "work_bp": row.work_bp, "budget_bp": row.budget_bp}
            for _, row in sorted(case.records.progress.items())
        ],
    )


def visit(
    ports: MonitoringPorts, case: MonitoredCase, command: Any, checked: e.SpotCheckRecorded
) -> Facts:
    """Moment `visit`: who cooperated, and each sample beside what was uploaded."""
    row = {
        "cooperated": checked.cooperated,
        "note": checked.note or None,
        "samples": [dict(sample) for sample in checked.samples],
    }
    return _with(ports, case, command, spot_check=row)


def close(ports: MonitoringPorts, case: MonitoredCase, command: Any, usage: Usage) -> Facts:
    """Moment `close`: the closing checklist."""
    closing = {
        "checkpoints": [
            {
                "id": plan.id,
                "state": case.checkpoints.state(plan.id).state,
                "reported": case.checkpoints.state(plan.id).report is not None,
                "briefed": plan.id in case.records.briefings,
            }
            for plan in case.checkpoints.plan
        ],
        "open_recoveries": _open_recoveries(case),
        "open_alerts": len(case.alerts.open),
    }
    last_day = taipei_date(command.received_at) - timedelta(days=1)
    until = min(last_day, case.plan.counted_until)
    return _with(
        ports,
        case,
        command,
        closing=closing,
        enterprises=enterprises(ports, case, usage, until),
        activities=activities(case),
    )


def change(
    ports: MonitoringPorts, case: MonitoredCase, command: Any, request: e.PlanChangeRequested
) -> Facts:
    """Moments `change-request` and `change`: the change and what it does to the letter base."""
    enrolment = case.enrolment
    added = tuple(row["ubn"] for row in request.added)
    excluded = getattr(command, "excluded_ubns", ())
    names = cases.section(ports, case, "monitoring").get("added") or {}
    row = {
        "kind": request.kind,
        "reason": request.reason,
        "before": request.before,
        "after": request.after,
        "amount_effect_twd": request.amount_effect_twd,
        "schedule_until": iso(request.schedule_until),
        "used_from": iso(request.used_from),
        "base": len(enrolment.letter_base()),
        "removed_from_base": enrolment.removed_from_base(request.removed_ubns, added),
        "removed": [
            {"ubn": ubn, "in_base": ubn in enrolment.letter_base()} for ubn in request.removed_ubns
        ],
        "exclusions_checked_on": iso(getattr(command, "exclusions_checked_on", None)),
        "added": [
            {
                "ubn": row["ubn"],
                "letter": row["ubn"] in enrolment.letters,
                "excluded": row["ubn"] in excluded,
                **{fact: row.get(name) for fact, name in names.items()},
            }
            for row in request.added
        ],
    }
    return _with(ports, case, command, change=row)


def follow_up(
    ports: MonitoringPorts, case: MonitoredCase, command: Any, duty: e.Obligation
) -> Facts:
    """Moment `follow-up`: one year's report."""
    row = {
        "year": command.year,
        "opens_on": duty.opens_on.isoformat(),
        "due_on": duty.due_on.isoformat(),
        "rows": len({row.ubn for row in command.rows}),
        "enterprises": [{"ubn": row.ubn, "employees": row.employees} for row in command.rows],
    }
    return _with(ports, case, command, follow_up=row, activities=activities(case))


def _open_recoveries(case: MonitoredCase) -> int:
    return sum(1 for owed in case.recoveries.values() if owed > 0)


def _with(ports: MonitoringPorts, case: MonitoredCase, command: Any, **registers: Any) -> Facts:
    return {**base(ports, case, command), "registers": registers}
