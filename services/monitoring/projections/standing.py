"""Where a case stands: obligations, checkpoints and usage, folded from its streams on demand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.monitoring.domain import cycles
from services.monitoring.domain.errors import NotMonitored
from services.monitoring.domain.events import UsageStandard
from services.monitoring.domain.fulfilment import is_fulfilled
from services.monitoring.domain.monitored_case import MonitoredCase
from services.monitoring.domain.usage import Usage
from services.monitoring.projections.tables import case_list


def obligations(unit: Any, case: str) -> list[dict[str, Any]]:
    """The obligations calendar of one case (number or id), by due day."""
    monitored, usage = _load(unit, case)
    rows = [
        {
            "obligation": duty.id,
            "period": duty.period,
            "label": dict(duty.label),
            "who": duty.who,
            "opens_on": duty.opens_on.isoformat(),
            "due_on": duty.due_on.isoformat(),
            "clause": duty.clause,
            "fulfilled": is_fulfilled(monitored, usage, duty),
            "alert": monitored.alerts.find(duty.alert, duty.id, duty.period) is not None,
        }
        for duty in monitored.obligations
    ]
    return sorted(rows, key=lambda row: (row["due_on"], row["obligation"]))


def checkpoints(unit: Any, case: str) -> list[dict[str, Any]]:
    """The checkpoints of one case, in order."""
    monitored, _ = _load(unit, case)
    return [_checkpoint(monitored, plan) for plan in monitored.checkpoints.plan]


def usage(unit: Any, case: str) -> dict[str, Any]:
    """Usage of one case: totals, why records did not count, and every enterprise's standing at
    the end of counting."""
    monitored, logged = _load(unit, case)
    standard = monitored.plan.standard
    standings = {} if standard is None else _standings(monitored, logged, standard)
    return {
        "case_number": monitored.plan.case_number,
        "standard": {"cycle": standard.cycle, "minimum": standard.minimum} if standard else None,
        "batches": logged.batches,
        "total": cycles.total_traffic(monitored.records.recognised(logged.uses)),
        "promised": standard.total if standard else 0,
        "not_counted": dict(logged.not_counted),
        "enterprises": [
            {
                "ubn": ubn,
                "uses": sum(logged.uses.get(ubn, {}).values()),
                "standing": standings.get(ubn, cycles.NOT_ASSESSABLE),
            }
            for ubn in sorted(monitored.enrolment.enterprises)
        ],
    }


def _standings(
    monitored: MonitoredCase, logged: Usage, standard: UsageStandard
) -> Mapping[str, str]:
    return cycles.regular_enterprises(
        monitored.adopted(),
        monitored.records.recognised(logged.uses),
        cycle=standard.cycle,
        minimum=standard.minimum,
        last_day=_last_day(logged, monitored.plan.counted_until),
        ratio_bp=10_000,
    )


def _checkpoint(monitored: MonitoredCase, plan: Any) -> dict[str, Any]:
    now = monitored.checkpoints.state(plan.id)
    return {
        "checkpoint": plan.id,
        "label": dict(plan.label),
        "due_on": plan.due_on.isoformat(),
        "state": now.state,
        "progress_bp": now.report.progress_bp if now.report else None,
        "reported_on": now.report.reported_on.isoformat() if now.report else None,
        "reasons": list(now.failure.reasons) if now.failure else [],
        "cure_by": now.failure.cure_by.isoformat() if now.failure and now.failure.cure_by else None,
        "passed_on": now.passed.passed_on.isoformat() if now.passed else None,
    }


def _last_day(logged: Usage, until: date) -> date:
    return min(max((day for days in logged.uses.values() for day in days), default=until), until)


def _load(unit: Any, case: str) -> tuple[MonitoredCase, Usage]:
    query = sa.select(case_list.c.case_id).where(
        sa.or_(case_list.c.case_number == case, case_list.c.case_id == case)
    )
    case_id = unit.connection.execute(query).scalar()
    if case_id is None:
        raise NotMonitored(case)
    monitored, _ = unit.streams.load(MonitoredCase, "monitoring", case_id)
    logged, _ = unit.streams.load(Usage, "usage", case_id)
    return monitored, logged
