"""Wire to command: intake's commands with their target, and its reactions to public events."""

from __future__ import annotations

from collections.abc import Mapping

from services.intake.application import commands as c
from services.intake.application import step_commands as s
from services.intake.application.handlers import HANDLERS
from services.intake.application.rebinding_commands import RebindCase
from services.intake.application.registration_commands import RegisterCase
from shared.bus.reactions import caused, causes, told_of_step
from shared.bus.service_core import CommandSpec, Reaction, Target, about, specs
from shared.kernel.envelope import Command, PublicEvent

_TARGETS: Mapping[type[Command], Target] = {
    c.PublishPack: lambda command: ("programme", command.document.get("id", "")),
    c.PublishCall: about("call", "call_id"),
    c.IssueInterpretation: about("programme", "programme_id"),
    c.RegisterApplicant: about("applicant", "ubn"),
    c.RegisterBar: about("bar", "ubn"),
    c.LiftRegisteredBar: about("bar", "ubn"),
    c.EraseSubject: about("subject", "subject_id"),
    c.DestroyKey: about("subject", "subject_id"),
    c.NoteCaseEnded: about("proposal"),
    c.NoteCaseResumed: about("proposal"),
    c.OpenDraft: about("applicant", "applicant_ubn"),  # there is no case yet when it is refused
    RegisterCase: about("applicant", "applicant_ubn"),
    RebindCase: about("proposal"),
    c.SaveForm: about("proposal"),
    c.ImportTable: about("proposal"),
    c.UploadDocument: about("proposal"),
    c.CheckDraft: about("proposal"),
    c.SubmitProposal: about("proposal"),
    c.LapseDraft: about("proposal"),
    c.AttachLetter: about("proposal"),
    c.VerifyLetter: about("proposal"),
    c.CloseLetters: about("proposal"),
    c.RecordLookup: about("proposal"),
    c.RecordScreeningCheck: about("proposal"),
    c.CloseScreening: about("proposal"),
    **dict.fromkeys(s.STEP_COMMANDS, about("steps")),
}

COMMANDS: Mapping[str, CommandSpec] = specs(_TARGETS, HANDLERS)


def _ended(event: PublicEvent) -> tuple[Command, ...]:
    return caused(c.NoteCaseEnded, event, how=event.type)


def _closed(event: PublicEvent) -> tuple[Command, ...]:
    """A case without follow-up is over when it is closed."""
    return _ended(event) if event.data["follow_up_ends_on"] is None else ()


_STEPS = tuple((source, "StepTaken") for source in ("review", "finance", "monitoring"))

REACTIONS: Mapping[tuple[str, str], Reaction] = {
    ("review", "ProposalForfeited"): _ended,
    ("review", "ProposalNotSelected"): _ended,
    ("review", "ProposalSelected"): causes(c.NoteCaseResumed),
    ("finance", "ContractForfeited"): _ended,
    ("monitoring", "CaseClosed"): _closed,
    ("monitoring", "FollowUpCompleted"): _ended,
    ("finance", "ApplicantBarred"): causes(c.RegisterBar),
    ("finance", "BarLifted"): causes(c.LiftRegisteredBar),
    **dict.fromkeys(_STEPS, told_of_step("intake", s.NoteApplicationStep)),
}
