"""Spot checks on site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.monitoring.application import cases, facts
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.application.visit_commands import RecordSpotCheck
from services.monitoring.domain.cycles import uses_between
from services.monitoring.domain.errors import SameId
from services.monitoring.domain.events import SpotCheckRecorded
from services.monitoring.domain.rows import SpotCheckSample
from services.monitoring.domain.usage import Usage
from shared.kernel.clock import taipei_date

SPOT_CHECK = "spot-check"


def record_spot_check(command: RecordSpotCheck, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Note a check; what the rules give to a person raises an alert, and finance may open its
    finding on it. The same check again yields no event."""
    case, version = cases.load(ports, command.case_id)
    case.must_be_executing()
    case.must_know([sample.ubn for sample in command.samples], "samples")
    usage = cases.load_usage(ports, command.case_id)
    checked = SpotCheckRecorded(
        case_id=command.case_id,
        check_id=command.check_id,
        checked_on=taipei_date(command.received_at),
        cooperated=command.cooperated,
        note=command.note,
        samples=tuple(_beside(usage, sample) for sample in command.samples),
    )
    known = case.records.spot_checks.get(command.check_id)
    if known is not None:
        if (known.cooperated, known.note) != (checked.cooperated, checked.note):
            raise SameId("check_id")
        return {"findings": []}
    evaluation = ports.rules.enforce(
        case.plan.pack_digest, "visit", facts.visit(ports, case, command, checked)
    )
    events: list[Any] = [checked]
    if evaluation.of("manual"):
        plan, text = case.plan, cases.text_of(evaluation, "manual")
        about = str(command.check_id)
        events += case.alerts.raise_(plan.case_id, plan.case_number, SPOT_CHECK, text, about=about)
    cases.record(ports, command, case, version, events, evaluation.decision())
    return {"findings": [finding.as_dict() for finding in evaluation.findings]}


def _beside(usage: Usage, sample: SpotCheckSample) -> dict[str, Any]:
    end = sample.last_on + timedelta(days=1)
    return {
        "ubn": sample.ubn,
        "first_on": sample.first_on.isoformat(),
        "last_on": sample.last_on.isoformat(),
        "uploaded": uses_between(usage.uses.get(sample.ubn, {}), sample.first_on, end),
        "found": sample.found,
    }
