"""What the handlers share: load the case, append, clear the alerts a fact has settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain import events as e
from services.monitoring.domain.alerts import cleared
from services.monitoring.domain.errors import NotMonitored
from services.monitoring.domain.fulfilment import is_fulfilled
from services.monitoring.domain.monitored_case import MonitoredCase
from services.monitoring.domain.usage import Usage
from shared.kernel.clock import roc_date_text
from shared.kernel.decisions import Decision, Evaluation
from shared.kernel.errors import NotOfProgramme
from shared.kernel.permissions import permit
from shared.kernel.separations import acts_of, must_be_separate, pairs_of

FULFILLED = "義務已履行 obligation fulfilled"


def load(ports: MonitoringPorts, case_id: UUID) -> tuple[MonitoredCase, int]:
    """The case. Raises NotMonitored until its contract is signed."""
    case, version = ports.streams.load(MonitoredCase, "monitoring", case_id)
    if case.opened is None:
        raise NotMonitored(case_id)
    return case, version


def load_own(ports: MonitoringPorts, command: Any) -> tuple[MonitoredCase, int]:
    """The case, if the actor may give this command on it."""
    case, version = load(ports, command.case_id)
    permit(type(command).__name__, command.actor, parties=case.party_ubns)
    return case, version


def load_usage(ports: MonitoringPorts, case_id: UUID) -> Usage:
    """The usage logs of a case."""
    usage, _ = ports.streams.load(Usage, "usage", case_id)
    return usage


def append(
    ports: MonitoringPorts,
    command: Any,
    version: int,
    events: Sequence[object],
    decision: Decision | None = None,
) -> None:
    """Append to the case's own stream. Raises DutiesSeparated when the pack wants another person
    for this."""
    if events:
        _must_be_separate(ports, command, events)
    ports.streams.append(
        "monitoring",
        command.case_id,
        events,
        expected_version=version,
        caused_by=command,
        case=command.case_id,
        decision=decision,
    )


def _must_be_separate(ports: MonitoringPorts, command: Any, events: Sequence[object]) -> None:
    case, _ = ports.streams.load(MonitoredCase, "monitoring", command.case_id)
    if case.opened is None:
        return
    document = ports.packs.document(case.opened.pack_digest)
    if pairs := pairs_of(document, command):
        acts = acts_of("monitoring", ports.streams.history("monitoring", command.case_id))
        must_be_separate(pairs, command.actor.id, acts, events)


def record(
    ports: MonitoringPorts,
    command: Any,
    case: MonitoredCase,
    version: int,
    events: Sequence[object],
    decision: Decision | None = None,
) -> None:
    """Append, together with the clearing of every alert whose obligation is now fulfilled."""
    if not events:
        return
    after = folded(case, events)
    append(ports, command, version, [*events, *settled(ports, after)], decision)


def folded(case: MonitoredCase, events: Sequence[object]) -> MonitoredCase:
    """The case as it stands after these events."""
    return reduce(lambda state, event: state.apply(event), events, case)


def settled(
    ports: MonitoringPorts, case: MonitoredCase, usage: Usage | None = None
) -> list[e.ComplianceAlertCleared]:
    """Alerts whose obligation is fulfilled. Usage is read only when such an alert is open."""
    found = []
    for alert in case.alerts.open.values():
        duty = case.find_obligation(alert.obligation, alert.about) if alert.obligation else None
        if duty is None:
            continue
        if usage is None and duty.fulfilled_by == "usage-logged":
            usage = load_usage(ports, case.plan.case_id)
        if is_fulfilled(case, usage or Usage(), duty):
            found.append(cleared(alert, FULFILLED))
    return found


def section(ports: MonitoringPorts, case: MonitoredCase, name: str) -> Mapping[str, Any]:
    """A section of the pack the case is bound to; empty where the pack has none."""
    found: Mapping[str, Any] = ports.packs.document(case.plan.pack_digest).get(name) or {}
    return found


def standard_of(case: MonitoredCase) -> e.UsageStandard:
    """The agreed regular use. Raises NotOfProgramme where none was agreed."""
    if case.plan.standard is None:
        raise NotOfProgramme(case.plan.programme_id, "usage")
    return case.plan.standard


def parameter(ports: MonitoringPorts, case: MonitoredCase, name: str) -> Any:
    """The value of one of the programme's parameters."""
    return section(ports, case, "parameters")[name]["value"]


def call_parameters(ports: MonitoringPorts, call_id: UUID | None) -> Mapping[str, Any]:
    """What the call supplied; nothing for a programme that has no calls."""
    if call_id is None:
        return {}
    parameters: Mapping[str, Any] = ports.packs.call(call_id)["parameters"]
    return parameters


def by_rule(case: MonitoredCase, clause: str, note: str | None = None) -> Decision:
    """A decision that the calendar took: the rule the obligation stands on."""
    plan = case.plan
    return Decision(
        programme=plan.programme_id,
        digest=plan.pack_digest,
        moment=None,
        rules=(clause,) if clause else (),
        note=note,
    )


def text_of(evaluation: Evaluation, severity: str) -> dict[str, str]:
    """What the findings of a severity say, in both languages."""
    found = evaluation.of(severity)
    return {
        "zh-Hant": "；".join(finding.message["zh-Hant"] for finding in found),
        "en": "; ".join(finding.message["en"] for finding in found),
    }


def overdue_text(duty: e.Obligation) -> dict[str, str]:
    """What an alert about a missed obligation says."""
    about = f" {duty.period}" if duty.period else ""
    return {
        "zh-Hant": f"「{duty.label['zh-Hant']}{about}」應於{_roc(duty.due_on)}前完成，已逾期",
        "en": f"{duty.label['en']}{about} was due on {duty.due_on.isoformat()} and is overdue",
    }


def _roc(day: date) -> str:
    return roc_date_text(day)
