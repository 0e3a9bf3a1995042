"""Plan changes and notices to cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from services.monitoring.application import cases, facts
from services.monitoring.application import commands as c
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain.events import (
    PlanChangeRejected,
    PlanChangeRequested,
    UsesNotRecognised,
)
from shared.kernel.decisions import Evaluation
from shared.kernel.errors import InvalidInput

NOT_RECOGNISED_UNTIL = "not_recognised_until"
"""The pack's value (a date, or null) of moment `change`: uses up to it do not count."""


def _is_date(value: Any) -> bool:
    try:
        return value is None or bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


_READ: Mapping[str, Callable[[Any], bool]] = {
    "lookup_clear": lambda value: value is None or type(value) is bool,
    "lookup_on": _is_date,
}
"""Facts of an added row, and whether a value can be one."""


def request_plan_change(command: c.RequestPlanChange, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Ask for a change; nothing changes before it is approved."""
    case, version = cases.load_own(ports, command)
    _must_be_rows(command, cases.section(ports, case, "monitoring").get("added") or {})
    request = PlanChangeRequested(
        case_id=command.case_id,
        change_id=command.change_id,
        kind=command.kind,
        reason=command.reason,
        before=command.before,
        after=command.after,
        amount_effect_twd=command.amount_effect_twd,
        schedule_until=command.schedule_until,
        solution=command.solution,
        used_from=command.used_from,
        removed_ubns=command.removed_ubns,
        added=command.added,
    )
    events = case.request_change(request)
    if not events:
        return {"findings": []}
    evaluation = ports.rules.enforce(
        case.plan.pack_digest, "change-request", facts.change(ports, case, command, request)
    )
    cases.append(ports, command, version, events, evaluation.decision())
    return {"findings": [finding.as_dict() for finding in evaluation.findings]}


def decide_plan_change(command: c.DecidePlanChange, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Approve when the rules allow it, or reject with a reason; decided before: no event."""
    case, version = cases.load(ports, command.case_id)
    request = case.open_change(command.change_id)
    if request is None:
        return {"outcome": "decided-before"}
    if not command.approve:
        rejected = PlanChangeRejected(
            case_id=command.case_id, change_id=command.change_id, reason=command.reason
        )
        cases.append(ports, command, version, [rejected])
        return {"outcome": "rejected"}
    evaluation = ports.rules.enforce(
        case.plan.pack_digest, "change", facts.change(ports, case, command, request)
    )
    approved = case.approve_change(request)
    events = [approved, *_not_recognised(request, evaluation)]
    cases.record(ports, command, case, version, events, evaluation.decision())
    return {
        "outcome": "approved",
        "amount_twd": approved.amount_twd,
        "findings": [finding.as_dict() for finding in evaluation.findings],
    }


def _not_recognised(
    request: PlanChangeRequested, evaluation: Evaluation
) -> tuple[UsesNotRecognised, ...]:
    """What was used before the approval, up to the day that the rules name."""
    until = evaluation.values.get(NOT_RECOGNISED_UNTIL)
    if until is None or request.used_from is None:
        return ()
    return (
        UsesNotRecognised(
            case_id=request.case_id,
            change_id=request.change_id,
            solution=request.solution,
            first_on=request.used_from,
            last_on=date.fromisoformat(until),
        ),
    )


def issue_cure_notice(command: c.IssueCureNotice, ports: MonitoringPorts) -> None:
    """Written notice to cure."""
    case, version = cases.load(ports, command.case_id)
    events = case.issue_notice(command.notice_id, command.subject, command.cure_by)
    cases.append(ports, command, version, events)


def _must_be_rows(command: c.RequestPlanChange, names: Mapping[str, str]) -> None:
    """Rows as the facts take them. Raises InvalidInput naming row and field."""
    for index, row in enumerate(command.added):
        for fact, name in names.items():
            if not _READ[fact](row.get(name)):
                raise InvalidInput(
                    f"新增企業第 {index + 1} 列之 {name} 型別不符",
                    f"added row {index + 1}: {name} has another type",
                    field=f"added/{index}/{name}",
                )
        if not isinstance(row.get("ubn"), str):
            raise InvalidInput(
                f"新增企業第 {index + 1} 列缺統一編號",
                f"added row {index + 1} has no ubn",
                field=f"added/{index}/ubn",
            )
