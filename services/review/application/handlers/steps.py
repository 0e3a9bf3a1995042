"""The steps that packs declare: shared.kernel.steps over a review file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from services.review.application import facts
from services.review.application import step_commands as s
from services.review.application.handlers.loading import load
from services.review.application.ports import ReviewPorts
from shared.kernel.envelope import Command
from shared.kernel.steps.taking import StepCase, check_step, note_step, plan_steps, take_step


def take_review_step(command: s.TakeReviewStep, ports: ReviewPorts) -> Mapping[str, Any]:
    """Take a step with the forms it asks for."""
    return take_step(command, ports, _case(ports, command, command.case_id))


def note_review_step(command: s.NoteReviewStep, ports: ReviewPorts) -> None:
    """Keep what another service told."""
    note_step(command, ports)


def check_review_step(command: s.CheckReviewStep, ports: ReviewPorts) -> None:
    """Record a step that was not taken in time."""
    _case(ports, command, command.case_id)  # there is one
    check_step(command, ports)


def plan(ports: ReviewPorts, command: Command, case_id: UUID) -> None:
    """Set the timers of the steps that are due some day; the case has just opened here."""
    plan_steps(ports, _case(ports, command, case_id), "CheckReviewStep")


def _case(ports: ReviewPorts, command: Command, case_id: UUID) -> StepCase:
    case, _ = load(ports, case_id)
    return StepCase(
        case_id=case_id,
        number=case.number,
        digest=case.filed.pack_digest,
        service="review",
        state=case.state,
        parties=(case.filed.applicant_ubn,),
        facts=partial(facts.step, ports, case, command),
    )
