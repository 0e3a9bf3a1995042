"""Usage logs: read, counted once, stored; enterprises that fell silent raise an alert."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from services.monitoring.application import cases, facts
from services.monitoring.application import commands as c
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain.cycles import idle_enterprises
from services.monitoring.domain.events import UsageBatchIngested
from services.monitoring.domain.monitored_case import MonitoredCase
from services.monitoring.domain.usage import Counting, Usage, read_rows
from shared.kernel.clock import after_day, taipei_date
from shared.kernel.decisions import Evaluation
from shared.kernel.errors import NotOfProgramme

ABNORMAL = "abnormal-usage"
HEAD = ("csp_name", "solution_name", "enterprise_name", "time_axis", "uses_axis", "plan_file")


def ingest_usage_log(command: c.IngestUsageLog, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Take a batch if it names the six items; answers how many records counted and why the
    others did not. A batch sent again counts nothing twice."""
    case, version = cases.load_own(ports, command)
    case.must_be_executing()
    _must_be_agreed(ports, case)
    usage, usage_version = ports.streams.load(Usage, "usage", command.case_id)
    head = {name: getattr(command, name) for name in HEAD}
    records = read_rows(command.rows)
    case.must_know(sorted({record.ubn for record in records}), "rows")
    events = usage.ingest(
        command.case_id, command.batch_id, head, records, _counting(ports, case, command)
    )
    if not events:
        return {"counted": 0, "not_counted": {}, "already_ingested": True}
    summary, rows = events
    after = usage.apply(summary)
    evaluation = _checked(ports, case, command, head, summary, after)
    decision = evaluation.decision()
    append = partial(
        ports.streams.append, caused_by=command, case=command.case_id, decision=decision
    )
    append("usage", command.case_id, [summary], expected_version=usage_version)
    append("usage_batch", command.batch_id, [rows], expected_version=0)
    alerts = _alerts(case, evaluation)
    cases.append(ports, command, version, [*alerts, *cases.settled(ports, case, after)], decision)
    return {
        "counted": len(summary.keys),
        "not_counted": dict(summary.not_counted),
        "already_ingested": False,
    }


def _must_be_agreed(ports: MonitoringPorts, case: MonitoredCase) -> None:
    """Raises NotOfProgramme where pack or contract have no usage logs."""
    cases.standard_of(case)
    if not cases.section(ports, case, "usage"):
        raise NotOfProgramme(case.plan.programme_id, "usage")


def _counting(ports: MonitoringPorts, case: MonitoredCase, command: Any) -> Counting:
    return Counting(
        adopted={ubn: row.activated_at for ubn, row in case.records.adoptions.items()},
        sides=cases.section(ports, case, "usage")["counted_sides"],
        kinds=cases.standard_of(case).record_kinds,
        until=after_day(case.plan.counted_until),
        now=command.received_at,
    )


def _checked(
    ports: MonitoringPorts,
    case: MonitoredCase,
    command: Any,
    head: Mapping[str, Any],
    summary: UsageBatchIngested,
    after: Usage,
) -> Evaluation:
    last_day = min(
        case.plan.counted_until,
        taipei_date(command.received_at) - timedelta(days=1),
    )
    idle = idle_enterprises(
        case.adopted(),
        after.uses,
        cycle=cases.standard_of(case).cycle,
        last_day=_last_logged(after, last_day),
        idle_cycles=cases.section(ports, case, "usage")["idle_cycles"],
    )
    counted = {"counted": len(summary.keys), **summary.not_counted}
    found = facts.log(ports, case, command, head, counted, idle)
    return ports.rules.enforce(case.plan.pack_digest, "log", found)


def _last_logged(usage: Usage, last_day: Any) -> Any:
    """Silence can only be told up to the last day for which logs are in."""
    return min(
        max((day for days in usage.uses.values() for day in days), default=last_day), last_day
    )


def _alerts(case: MonitoredCase, evaluation: Evaluation) -> list[Any]:
    plan, alert = case.plan, case.alerts.find(ABNORMAL)
    if evaluation.of("warn"):
        text = cases.text_of(evaluation, "warn")
        return [*case.alerts.raise_(plan.case_id, plan.case_number, ABNORMAL, text)]
    if alert is not None:
        return [*case.alerts.clear(alert.alert_id, "恢復使用 in use again")]
    return []
