"""The calendar: what happens the day after an obligation was due, and officers' clearing."""

from __future__ import annotations

from typing import Any

from services.monitoring.application import cases
from services.monitoring.application import commands as c
from services.monitoring.application import reactions as r
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain import events as e
from services.monitoring.domain.fulfilment import is_fulfilled
from services.monitoring.domain.monitored_case import EXECUTING, MonitoredCase

REMARK = "remark"


def check_obligation(command: r.CheckObligation, ports: MonitoringPorts) -> None:
    """Timer: nothing when the obligation is fulfilled or moot; else alert, reminder or entry."""
    case, version = cases.load(ports, command.case_id)
    duty = case.find_obligation(command.obligation, command.period)
    if duty is None or not _still_owed(case, duty):
        return
    if is_fulfilled(case, cases.load_usage(ports, command.case_id), duty):
        return
    events = _consequence(case, duty, command.step)
    cases.append(ports, command, version, events, cases.by_rule(case, duty.clause))


def clear_alert(command: c.ClearAlert, ports: MonitoringPorts) -> None:
    """An officer ends an alert, with a reason."""
    case, version = cases.load(ports, command.case_id)
    cases.append(ports, command, version, case.alerts.clear(command.alert_id, command.reason))


def _still_owed(case: MonitoredCase, duty: e.Obligation) -> bool:
    """Duties of the execution end with it; follow-up reports stay owed after the archive too."""
    if case.follow_up is not None and duty in case.follow_up.obligations:
        return True
    return case.state == EXECUTING


def _consequence(case: MonitoredCase, duty: e.Obligation, step: str) -> Any:
    period = duty.period or ""
    if (step, period) in case.steps:
        return ()
    id, due_on = case.plan.case_id, duty.due_on
    if step == "reminder":
        return [e.FollowUpReminderSent(case_id=id, period=period, due_on=due_on)]
    if step == "register":
        return [e.EvaluationRegisterEntered(case_id=id, period=period, due_on=due_on)]
    if duty.alert == REMARK:
        return [e.RemarkNoted(case_id=id, obligation=duty.id, period=duty.period, due_on=due_on)]
    return case.alerts.raise_(
        id,
        case.plan.case_number,
        duty.alert,
        cases.overdue_text(duty),
        obligation=duty.id,
        about=duty.period,
    )
