"""Loading and appending a proposal, the same way in every handler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.intake.application.ports import IntakePorts
from services.intake.domain.errors import UnknownDraft
from services.intake.domain.proposal import REGISTERED, Proposal
from shared.kernel.decisions import Decision
from shared.kernel.errors import NotPermitted
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
    permit(type(command).__name__, command.actor, parties=proposal.parties)
    return proposal, version


def load_editable(ports: IntakePorts, command: Any) -> tuple[Proposal, int]:
    """As load_own; an officer edits a registered case only, never a draft. Raises NotPermitted."""
    proposal, version = load_own(ports, command)
    own = "applicant" in command.actor.roles and command.actor.organisation in proposal.parties
    if not own and proposal.state != REGISTERED:
        name = type(command).__name__
        raise NotPermitted(
            f"「{name}」僅限本案提案單位", f"{name}: only the case's own applicant", field="actor"
        )
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
