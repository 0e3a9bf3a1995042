"""Loading and appending a proposal, the same way in every handler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.intake.application.ports import IntakePorts
from services.intake.domain.errors import UnknownDraft
from services.intake.domain.proposal import Proposal
from shared.kernel.decisions import Decision
from shared.kernel.permissions import permit


def load(ports: IntakePorts, case_id: UUID) -> tuple[Proposal, int]:
    """The case's proposal. Raises UnknownDraft."""
    proposal, version = ports.streams.load(Proposal, "proposal", case_id)
    if proposal.id is None:
        raise UnknownDraft(case_id)
    return proposal, version


def load_own(ports: IntakePorts, command: Any) -> tuple[Proposal, int]:
    """The case's proposal, if the actor may give this command on it. Raises UnknownDraft."""
    proposal, version = load(ports, command.case_id)
    permit(type(command).__name__, command.actor, applicant_ubn=proposal.applicant_ubn)
    return proposal, version


def append(
    ports: IntakePorts,
    command: Any,
    version: int,
    events: Sequence[object],
    decision: Decision | None = None,
) -> None:
    """Append to the case's own stream."""
    ports.streams.append(
        "proposal",
        command.case_id,
        events,
        expected_version=version,
        caused_by=command,
        case=command.case_id,
        decision=decision,
    )
