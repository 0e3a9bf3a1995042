"""What was measured of a case, as lists of facts: enterprises, KPIs, activities, usage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.monitoring.application import cases
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain import cycles
from services.monitoring.domain import events as e
from services.monitoring.domain.monitored_case import MonitoredCase
from services.monitoring.domain.progress import attainment_bp, weighted_progress_bp
from services.monitoring.domain.usage import Usage

Facts = dict[str, Any]


def enterprises(
    ports: MonitoringPorts, case: MonitoredCase, usage: Usage, until: date
) -> list[Facts]:
    """Every enterprise of the list: letter, adoption, visits, regular use, assessments."""
    records, standard = case.records, case.plan.standard
    standings: Mapping[str, str] = {}
    ratio_bp = cases.section(ports, case, "usage").get("regular_ratio_bp")
    if standard is not None and ratio_bp is not None:
        standings = cycles.regular_enterprises(
            case.adopted(),
            records.recognised(usage.uses),
            cycle=standard.cycle,
            minimum=standard.minimum,
            last_day=min(until, case.plan.counted_until),
            ratio_bp=ratio_bp,
        )
    visits = records.visit_counts()
    return [
        {
            "ubn": ubn,
            "letter": ubn in case.enrolment.letters,
            "adopted": ubn in records.adoptions,
            "counted": records.counted(ubn),
            "visits": visits.get(ubn, (0, 0))[0],
            "onsite_visits": visits.get(ubn, (0, 0))[1],
            "standing": standings.get(ubn, cycles.NOT_ASSESSABLE),
            "pre": records.assessed(ubn, "PRE"),
            "post": records.assessed(ubn, "POST"),
            "last_used_on": iso(usage.last_used(ubn)),
        }
        for ubn in sorted(case.enrolment.enterprises)
    ]


def progress_bp(case: MonitoredCase, id: str) -> int:
    """Weighted progress of the newest report of a checkpoint; 0 without one."""
    report = case.checkpoints.state(id).report
    return report.progress_bp if report else 0


def weighted(case: MonitoredCase, actuals: Mapping[str, int]) -> int:
    """Weighted progress of these actuals against the approved plan."""
    return weighted_progress_bp(case.plan.kpis, actuals)


def kpis(case: MonitoredCase, id: str) -> list[Facts]:
    """Every KPI with its actual of the newest report."""
    report = case.checkpoints.state(id).report
    actuals = {row.kpi_code: row for row in report.actuals} if report else {}
    return [_kpi(kpi, actuals.get(kpi.code)) for kpi in case.plan.kpis]


def activities(case: MonitoredCase) -> list[Facts]:
    """Activities, films and analyses on record."""
    return [
        {
            "kind": activity.kind,
            "held_on": activity.held_on.isoformat(),
            "participants": activity.participants,
            "attendance": activity.attendance,
        }
        for activity in case.records.activities
    ]


def usage_totals(case: MonitoredCase, usage: Usage) -> Facts:
    """Batches on file, and the total traffic beside what was promised."""
    return {
        "batches": usage.batches,
        "total": cycles.total_traffic(case.records.recognised(usage.uses)),
        "promised": case.plan.standard.total if case.plan.standard else 0,
    }


def _kpi(kpi: e.KpiPlan, actual: Any) -> Facts:
    reached = actual.actual_centi if actual else 0
    return {
        "code": kpi.code,
        "item": kpi.item,
        "target_centi": kpi.total_centi,
        "actual_centi": reached,
        "attainment_bp": attainment_bp(reached, kpi.total_centi) if kpi.total_centi > 0 else None,
        "weight_bp": kpi.weight_bp,
        "evidence": len(actual.evidence) if actual else 0,
    }


def iso(day: date | None) -> str | None:
    """A date as ISO text, null where there is none."""
    return day.isoformat() if day else None
