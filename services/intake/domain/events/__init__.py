"""Domain events of intake. Those named in shared.contracts.intake are published."""

from __future__ import annotations

from services.intake.domain.events.drafting import (
    CaseRegistered,
    DocumentUploaded,
    FormSaved,
    ProposalLapsed,
    ProposalSubmitted,
    TableImported,
)
from services.intake.domain.events.programme import (
    CallPublished,
    InterpretationIssued,
    PackPublished,
)
from services.intake.domain.events.rebinding import CaseRebound
from services.intake.domain.events.registers import (
    ApplicantRegistered,
    BarRegistered,
    BarRemoved,
    SubjectErased,
)
from services.intake.domain.events.screening import (
    CaseEnded,
    CaseResumed,
    LetterAttached,
    LettersClosed,
    LookupRecorded,
    ProposalAccepted,
    ProposalRejected,
    ProposalSupplemented,
    ScreeningCheckRecorded,
)
from shared.kernel.refusals import CommandRefused
from shared.kernel.steps.events import STEP_EVENTS

EVENTS = (
    PackPublished,
    CallPublished,
    ApplicantRegistered,
    CaseRegistered,
    CaseRebound,
    FormSaved,
    TableImported,
    DocumentUploaded,
    ProposalSubmitted,
    ProposalLapsed,
    LetterAttached,
    ProposalSupplemented,
    LettersClosed,
    LookupRecorded,
    ScreeningCheckRecorded,
    ProposalAccepted,
    ProposalRejected,
    BarRegistered,
    BarRemoved,
    InterpretationIssued,
    CaseEnded,
    CaseResumed,
    SubjectErased,
    CommandRefused,
    *STEP_EVENTS,
)

__all__ = [
    "EVENTS",
    "PackPublished",
    "CallPublished",
    "ApplicantRegistered",
    "CaseRegistered",
    "CaseRebound",
    "FormSaved",
    "TableImported",
    "DocumentUploaded",
    "ProposalSubmitted",
    "ProposalLapsed",
    "LetterAttached",
    "ProposalSupplemented",
    "LettersClosed",
    "LookupRecorded",
    "ScreeningCheckRecorded",
    "ProposalAccepted",
    "ProposalRejected",
    "BarRegistered",
    "BarRemoved",
    "InterpretationIssued",
    "CaseEnded",
    "CaseResumed",
    "SubjectErased",
    "CommandRefused",
]
