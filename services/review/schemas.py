"""Wire to command: review's commands with their targets, and its reactions to public events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.review.application import commands as c
from services.review.application import reactions as r
from services.review.application import selection_commands as s
from services.review.application import step_commands as t
from services.review.application.handlers import HANDLERS
from services.review.application.rebinding_commands import NoteReviewRebinding
from services.review.domain.panel import panel_id
from shared.bus.reactions import caused, causes, told_of_step
from shared.bus.service_core import CommandSpec, Reaction, Target, about, specs
from shared.kernel.clock import parse_instant
from shared.kernel.envelope import Command, PublicEvent


def _panel(command: Any) -> tuple[str, UUID | str]:
    return "panel", panel_id(command.call_id, command.track)


_TARGETS: Mapping[type[Command], Target] = {
    r.OpenReviewFile: about("review"),
    r.CloseReviewFile: about("review"),
    r.OpenReview: about("review"),
    r.NoteLetter: about("review"),
    r.NoteLapse: about("review"),
    c.AppointPanel: _panel,
    c.DeclareConflict: about("review"),
    c.NotifyMeeting: about("review"),
    c.RecordAttendance: about("review"),
    c.DecideAbsence: about("review"),
    c.RecordScore: about("review"),
    c.CorrectScore: about("review"),
    c.GiveOpinion: about("review"),
    c.ReplyToOpinion: about("review"),
    s.DecideEnterprise: about("review"),
    s.CloseScoring: _panel,
    s.DecideSelection: about("review"),
    s.AnnounceResults: about("results", "call_id"),
    s.CallUpReserve: about("review"),
    s.GiveRevocationNotice: about("review"),
    s.AnswerRevocationNotice: about("review"),
    s.RevokeSelection: about("review"),
    NoteReviewRebinding: about("review"),
    **dict.fromkeys(t.STEP_COMMANDS, about("steps")),
}

COMMANDS: Mapping[str, CommandSpec] = specs(_TARGETS, HANDLERS)


def _submitted(event: PublicEvent) -> tuple[Command, ...]:
    submitted_at = parse_instant(event.data["submitted_at"])
    return caused(r.OpenReviewFile, event, submitted_at=submitted_at)


def _accepted(event: PublicEvent) -> tuple[Command, ...]:
    # whoever closed the screening may not score
    return caused(r.OpenReview, event, screened_by=event.actor_id)


def _supplemented(event: PublicEvent) -> tuple[Command, ...]:
    return caused(r.NoteLetter, event) if event.data["kind"] == "letter" else ()


_STEPS = tuple((source, "StepTaken") for source in ("intake", "finance"))

REACTIONS: Mapping[tuple[str, str], Reaction] = {
    ("intake", "CaseRebound"): causes(NoteReviewRebinding),
    ("intake", "ProposalSubmitted"): _submitted,
    ("intake", "ProposalAccepted"): _accepted,
    ("intake", "ProposalRejected"): causes(r.CloseReviewFile),
    ("intake", "ProposalSupplemented"): _supplemented,
    ("finance", "ContractForfeited"): causes(r.NoteLapse),
    **dict.fromkeys(_STEPS, told_of_step("review", t.NoteReviewStep)),
}
