"""The steps that packs declare: shared.kernel.steps over a monitored case."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from services.monitoring.application import cases, facts
from services.monitoring.application import step_commands as s
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain.monitored_case import CLOSED, EXECUTING
from shared.kernel.envelope import Command
from shared.kernel.steps.taking import StepCase, check_step, note_step, plan_steps, take_step


def take_execution_step(command: s.TakeExecutionStep, ports: MonitoringPorts) -> Mapping[str, Any]:
    """Take a step with the forms it asks for."""
    return take_step(command, ports, _case(ports, command, command.case_id))


def note_execution_step(command: s.NoteExecutionStep, ports: MonitoringPorts) -> None:
    """Keep what another service told."""
    note_step(command, ports)


def check_execution_step(command: s.CheckExecutionStep, ports: MonitoringPorts) -> None:
    """Record a step that was not taken in time; a case that was stopped misses nothing more."""
    if _case(ports, command, command.case_id).state in (EXECUTING, CLOSED):
        check_step(command, ports)


def plan(ports: MonitoringPorts, command: Command, case_id: UUID) -> None:
    """Set the timers of the steps that are due some day; the case has just opened here."""
    plan_steps(ports, _case(ports, command, case_id), "CheckExecutionStep")


def _case(ports: MonitoringPorts, command: Command, case_id: UUID) -> StepCase:
    case, _ = cases.load(ports, case_id)
    return StepCase(
        case_id=case_id,
        number=case.plan.case_number,
        digest=case.plan.pack_digest,
        service="monitoring",
        state=case.state,
        parties=case.party_ubns,
        facts=partial(facts.base, ports, case, command),
    )
