"""Checkpoints: reported by the grantee, decided by the rules of their moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.monitoring.application import cases, facts
from services.monitoring.application import commands as c
from services.monitoring.application.measured import progress_bp, weighted
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain import events as e
from services.monitoring.domain.errors import UnknownItem
from services.monitoring.domain.monitored_case import MonitoredCase
from shared.kernel.clock import taipei_date
from shared.kernel.decisions import Evaluation

FAILED = "checkpoint-failed"
CURE_BY = "cure_by"
"""The pack's value (a date, or null) by which a failed checkpoint is to be reported again."""


def report_checkpoint(command: c.ReportCheckpoint, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Hand in what was reached; answers the weighted progress."""
    case, version = cases.load_own(ports, command)
    case.must_be_executing()
    _must_be_kpis(case, command)
    actuals = {row.kpi_code: row.actual_centi for row in command.actuals}
    reported = e.CheckpointReported(
        case_id=command.case_id,
        case_number=case.plan.case_number,
        checkpoint=command.checkpoint,
        progress_bp=weighted(case, actuals),
        reported_on=taipei_date(command.received_at),
        report=command.report,
        actuals=command.actuals,
    )
    cases.record(ports, command, case, version, case.checkpoints.report(reported))
    return {"progress_bp": reported.progress_bp}


def decide_checkpoint(command: c.DecideCheckpoint, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Passed when nothing blocks; otherwise failed, with the rules and the day to cure by."""
    case, version = cases.load(ports, command.case_id)
    case.must_be_executing()
    case.checkpoints.must_be_decidable(command.checkpoint)
    usage = cases.load_usage(ports, command.case_id)
    planned = case.checkpoints.planned(command.checkpoint)
    evaluation = ports.rules.evaluate(
        case.plan.pack_digest,
        planned.moment,
        facts.checkpoint(ports, case, command, usage, command.checkpoint),
    )
    blocking = [f for f in evaluation.findings if f.severity == "block" and f.blocks != "counting"]
    reasons = tuple(sorted({finding.rule for finding in blocking}))
    if reasons:
        events = _failed(case, command, evaluation, reasons)
    else:
        events = _passed(case, command, usage.batches > 0)
    cases.record(ports, command, case, version, events, evaluation.decision())
    return {
        "outcome": "failed" if reasons else "passed",
        "reasons": list(reasons),
        "progress_bp": progress_bp(case, command.checkpoint),
        "findings": [finding.as_dict() for finding in evaluation.findings],
    }


def _passed(case: MonitoredCase, command: c.DecideCheckpoint, usage_records: bool) -> list[Any]:
    passed = e.CheckpointPassed(
        case_id=command.case_id,
        case_number=case.plan.case_number,
        checkpoint=command.checkpoint,
        progress_bp=progress_bp(case, command.checkpoint),
        passed_on=taipei_date(command.received_at),
        usage_records=usage_records,
        letters=case.enrolment.on_file(),
    )
    events: list[Any] = [*case.checkpoints.pass_(passed)]
    alert = case.alerts.find(FAILED, about=command.checkpoint)
    if alert is not None:
        events += case.alerts.clear(alert.alert_id, "已補正並通過 cured and passed")
    return events


def _failed(
    case: MonitoredCase,
    command: c.DecideCheckpoint,
    evaluation: Evaluation,
    reasons: tuple[str, ...],
) -> list[Any]:
    cure_by = evaluation.values.get(CURE_BY)
    failed = e.CheckpointFailed(
        case_id=command.case_id,
        case_number=case.plan.case_number,
        checkpoint=command.checkpoint,
        progress_bp=progress_bp(case, command.checkpoint),
        reasons=reasons,
        cure_by=date.fromisoformat(cure_by) if cure_by else None,
    )
    return [
        *case.checkpoints.fail(failed),
        *case.alerts.raise_(
            command.case_id,
            case.plan.case_number,
            FAILED,
            cases.text_of(evaluation, "block"),
            about=command.checkpoint,
        ),
    ]


def _must_be_kpis(case: MonitoredCase, command: c.ReportCheckpoint) -> None:
    known = {kpi.code for kpi in case.plan.kpis}
    for row in command.actuals:
        if row.kpi_code not in known:
            raise UnknownItem(f"指標 {row.kpi_code}", f"KPI {row.kpi_code}", "actuals")
