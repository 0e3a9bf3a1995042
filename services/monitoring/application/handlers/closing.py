"""Closing (結案), the years of follow-up, and the archive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.monitoring.application import cases, facts
from services.monitoring.application import commands as c
from services.monitoring.application import reactions as r
from services.monitoring.application.handlers.opening import follow_up
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain.errors import NotInFollowUp, UnknownItem
from services.monitoring.domain.events import CaseArchived, CaseClosed, FollowUpOpened
from services.monitoring.domain.fulfilment import ARCHIVE
from services.monitoring.domain.monitored_case import ARCHIVED, CLOSED, MonitoredCase
from shared.kernel.clock import taipei_date

SETTLED = "已結案 the case is closed"


def approve_closing(command: c.ApproveClosing, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Close when the checklist of moment `close` holds; the follow-up starts that day, or, where
    the programme has none, the case is archived."""
    case, version = cases.load(ports, command.case_id)
    over = case.state == CLOSED or (case.state == ARCHIVED and case.follow_up is None)
    if over and case.closed_on:
        return {"closed_on": case.closed_on.isoformat()}
    case.must_be_executing()
    usage = cases.load_usage(ports, command.case_id)
    evaluation = ports.rules.enforce(
        case.plan.pack_digest, "close", facts.close(ports, case, command, usage)
    )
    after, ends_on = _after(ports, command, case)
    closed = CaseClosed(
        case_id=command.case_id,
        case_number=case.plan.case_number,
        closed_on=taipei_date(command.received_at),
        follow_up_ends_on=ends_on,
    )
    events = [*case.alerts.clear_all(SETTLED), closed, after]
    cases.append(ports, command, version, events, evaluation.decision())
    return {
        "closed_on": closed.closed_on.isoformat(),
        "follow_up_ends_on": ends_on.isoformat() if ends_on else None,
    }


def _after(
    ports: MonitoringPorts, command: c.ApproveClosing, case: MonitoredCase
) -> tuple[FollowUpOpened | CaseArchived, date | None]:
    """What follows the closing, and the last day of it."""
    if not cases.section(ports, case, "follow_up"):
        on = taipei_date(command.received_at)
        return CaseArchived(case_id=command.case_id, archived_on=on), None
    opened = follow_up(ports, command, case)
    archive = next(duty for duty in opened.obligations if duty.fulfilled_by == ARCHIVE)
    return opened, archive.due_on


def file_follow_up(command: c.FileFollowUp, ports: MonitoringPorts) -> Mapping[str, Any]:
    """One year's tracking data; clears the alert about it."""
    case, version = cases.load_own(ports, command)
    if case.follow_up is None:
        raise NotInFollowUp(case.plan.case_number, case.state)
    duties = case.follow_up.obligations
    duty = next((duty for duty in duties if duty.period == str(command.year)), None)
    if duty is None:
        raise UnknownItem(f"第 {command.year} 年追蹤", f"follow-up year {command.year}", "year")
    evaluation = ports.rules.enforce(
        case.plan.pack_digest, "follow-up", facts.follow_up(ports, case, command, duty)
    )
    on = taipei_date(command.received_at)
    events = case.file_follow_up(command.year, command.rows, on)
    cases.record(ports, command, case, version, events, evaluation.decision())
    return {"findings": [finding.as_dict() for finding in evaluation.findings]}


def archive_case(command: r.ArchiveCase, ports: MonitoringPorts) -> None:
    """Timer: the first instant after the follow-up period."""
    case, version = cases.load(ports, command.case_id)
    if case.follow_up is None:
        return
    archive = [duty for duty in case.follow_up.obligations if duty.fulfilled_by == ARCHIVE]
    events = case.archive(max(duty.due_on for duty in archive))
    decision = cases.by_rule(case, archive[0].clause)
    cases.append(ports, command, version, events, decision)
