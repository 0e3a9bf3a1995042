"""The steps that packs declare: shared.kernel.steps over a contract file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from services.finance.application import facts
from services.finance.application import step_commands as s
from services.finance.application.handlers.loading import load
from services.finance.application.ports import FinancePorts
from shared.kernel.envelope import Command
from shared.kernel.steps.taking import StepCase, check_step, note_step, plan_steps, take_step


def take_contract_step(command: s.TakeContractStep, ports: FinancePorts) -> Mapping[str, Any]:
    """Take a step with the forms it asks for."""
    return take_step(command, ports, _case(ports, command, command.case_id))


def note_contract_step(command: s.NoteContractStep, ports: FinancePorts) -> None:
    """Keep what another service told."""
    note_step(command, ports)


def check_contract_step(command: s.CheckContractStep, ports: FinancePorts) -> None:
    """Record a step that was not taken in time."""
    _case(ports, command, command.case_id)  # there is one
    check_step(command, ports)


def plan(ports: FinancePorts, command: Command, case_id: UUID) -> None:
    """Set the timers of the steps that are due some day; the case has just opened here."""
    plan_steps(ports, _case(ports, command, case_id), "CheckContractStep")


def _case(ports: FinancePorts, command: Command, case_id: UUID) -> StepCase:
    contract, _ = load(ports, case_id)
    file = contract.signing.file
    return StepCase(
        case_id=case_id,
        number=file.case_number,
        digest=file.pack_digest,
        service="finance",
        state=contract.state,
        parties=contract.party_ubns,
        facts=partial(facts.step, ports, contract, command),
    )
