"""Wire to command: intake's commands with their targets, and its reactions to public events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.intake.application import commands as c
from services.intake.application.handlers import HANDLERS
from shared.bus.service_core import CommandSpec, Reaction, derived_command
from shared.kernel.envelope import Command, PublicEvent
from shared.kernel.ids import derived_id


def _proposal(command: Any) -> tuple[str, UUID | str]:
    return "proposal", command.case_id


def _own(category: str, field: str) -> Any:
    return lambda command: (category, getattr(command, field))


_TARGETS: Mapping[type[Command], Any] = {
    c.PublishPack: lambda command: ("programme", command.document.get("id", "")),
    c.PublishCall: _own("call", "call_id"),
    c.IssueInterpretation: _own("programme", "programme_id"),
    c.RegisterApplicant: _own("applicant", "ubn"),
    c.RegisterBar: _own("bar", "ubn"),
    c.LiftRegisteredBar: _own("bar", "ubn"),
    c.EraseSubject: _own("subject", "subject_id"),
    c.DestroyKey: _own("subject", "subject_id"),
    c.NoteCaseEnded: _proposal,
    c.NoteCaseResumed: _proposal,
    c.OpenDraft: _own("applicant", "applicant_ubn"),  # there is no case yet when it is refused
    c.SaveForm: _proposal,
    c.ImportRoster: _proposal,
    c.UploadDocument: _proposal,
    c.CheckDraft: _proposal,
    c.SubmitProposal: _proposal,
    c.LapseDraft: _proposal,
    c.AttachLetter: _proposal,
    c.VerifyLetter: _proposal,
    c.CloseLetters: _proposal,
    c.RecordLookup: _proposal,
    c.RecordScreeningCheck: _proposal,
    c.CloseScreening: _proposal,
}

COMMANDS: Mapping[str, CommandSpec] = {
    command.__name__: CommandSpec(command, HANDLERS[command.__name__], target)
    for command, target in _TARGETS.items()
}


def _bar(event: PublicEvent) -> tuple[Command, ...]:
    data = event.data
    return (
        derived_command(
            c.RegisterBar,
            event,
            derived_id(event.id, "RegisterBar"),
            bar_id=UUID(data["bar_id"]),
            ubn=data["ubn"],
            programme_id=data["programme_id"],
            decided_on=date.fromisoformat(data["decided_on"]),
            until=date.fromisoformat(data["until"]),
            reason=data["reason"],
        ),
    )


def _bar_lifted(event: PublicEvent) -> tuple[Command, ...]:
    data = event.data
    return (
        derived_command(
            c.LiftRegisteredBar,
            event,
            derived_id(event.id, "LiftRegisteredBar"),
            bar_id=UUID(data["bar_id"]),
            ubn=data["ubn"],
            reason=data["reason"],
        ),
    )


def _ended(event: PublicEvent) -> tuple[Command, ...]:
    command_id = derived_id(event.id, "NoteCaseEnded")
    case_id = UUID(str(event.data["case_id"]))
    return (derived_command(c.NoteCaseEnded, event, command_id, case_id=case_id, how=event.type),)


def _selected(event: PublicEvent) -> tuple[Command, ...]:
    command_id = derived_id(event.id, "NoteCaseResumed")
    case_id = UUID(str(event.data["case_id"]))
    return (derived_command(c.NoteCaseResumed, event, command_id, case_id=case_id),)


REACTIONS: Mapping[tuple[str, str], Reaction] = {
    ("review", "ProposalForfeited"): _ended,
    ("review", "ProposalNotSelected"): _ended,
    ("review", "ProposalSelected"): _selected,
    ("finance", "ContractForfeited"): _ended,
    ("monitoring", "FollowUpCompleted"): _ended,
    ("finance", "ApplicantBarred"): _bar,
    ("finance", "BarLifted"): _bar_lifted,
}
