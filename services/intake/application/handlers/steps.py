"""The steps that packs declare: shared.kernel.steps over a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from services.intake.application import facts
from services.intake.application import step_commands as s
from services.intake.application.handlers.loading import load
from services.intake.application.ports import IntakePorts
from shared.kernel.envelope import Command
from shared.kernel.steps.taking import StepCase, check_step, note_step, plan_steps, take_step


def take_application_step(command: s.TakeApplicationStep, ports: IntakePorts) -> Mapping[str, Any]:
    """Take a step with the forms it asks for."""
    return take_step(command, ports, _case(ports, command, command.case_id))


def note_application_step(command: s.NoteApplicationStep, ports: IntakePorts) -> None:
    """Keep what another service told."""
    note_step(command, ports)


def check_application_step(command: s.CheckApplicationStep, ports: IntakePorts) -> None:
    """Record a step that was not taken in time."""
    _case(ports, command, command.case_id)  # there is one
    check_step(command, ports)


def plan(ports: IntakePorts, command: Command, case_id: UUID) -> None:
    """Set the timers of the steps that are due some day; the case has just opened here."""
    plan_steps(ports, _case(ports, command, case_id), "CheckApplicationStep")


def _case(ports: IntakePorts, command: Command, case_id: UUID) -> StepCase:
    proposal, _ = load(ports, case_id)
    return StepCase(
        case_id=case_id,
        number=proposal.case_number,
        digest=proposal.pack_digest,
        service="intake",
        state=proposal.state,
        parties=proposal.parties,
        facts=partial(facts.step, ports, proposal, command),
    )
