"""Domain events of intake. Those named in shared.contracts.intake are published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.kernel.refusals import CommandRefused

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPublished:
    """A programme version came into force; `pack` is the parsed document under its digest."""

    programme_id: str
    version: int
    digest: str
    pack: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPublished:
    """A call of a pack version with the call's own parameters."""

    call_id: UUID
    call_code: str
    programme_id: str
    pack_digest: str
    title: Mapping[str, str]
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantRegistered:
    """An organisation that may propose. contact holds Personal values."""

    ubn: str
    name: str
    contact: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRegistered:
    """A draft was opened and has its case number (案號)."""

    case_id: UUID
    case_number: str
    call_id: UUID | None
    programme_id: str
    pack_digest: str
    applicant_ubn: str
    applicant_name: str
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSaved:
    """One form of the draft as it now stands; personal fields are Personal values."""

    case_id: UUID
    form: str
    content: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterImported:
    """The planned enterprise list as imported; replaces the earlier one."""

    case_id: UUID
    form: str
    rows: tuple[Row, ...]
    source_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUploaded:
    """A file was fully received; size, type, pages and hash were measured by the server."""

    case_id: UUID
    document_id: UUID
    kind: str
    party: str | None
    owner_ubn: str | None
    about: str | None
    file_name: str
    media_type: str
    size_bytes: int
    pages: int | None
    sha256: str
    scan: str
    encrypted: bool
    readable: bool
    period: str | None
    uploaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSubmitted:
    """Submitted; submitted_at is the server's stamp of the complete request."""

    case_id: UUID
    case_number: str
    call_id: UUID
    programme_id: str
    pack_digest: str
    applicant_ubn: str
    applicant_name: str
    track: str
    enterprise_count: int
    enterprise_ubns: tuple[str, ...]
    requested_twd: int
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalLapsed:
    """Not submitted at the deadline: deemed not proposed (視為未提案)."""

    case_id: UUID
    case_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterAttached:
    """An enterprise's letter of intent came in; content holds Personal values."""

    case_id: UUID
    ubn: str
    content: Mapping[str, Any]
    complete: bool
    missing: tuple[str, ...]
    signed_on: date | None
    uploaded_at: datetime
    after_grace: bool
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSupplemented:
    """An officer verified (or did not) what came after submission: today, a letter."""

    case_id: UUID
    case_number: str
    kind: str
    ubn: str
    verified: bool
    after_grace: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersClosed:
    """End of the grace window: `base` is the counted set P that later replacements refer to."""

    case_id: UUID
    base: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupRecorded:
    """What a public register said of enterprises (prior aid, SME status, insured persons)."""

    case_id: UUID
    ubns: tuple[str, ...]
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningCheckRecorded:
    """An officer's answer to one check of the screening."""

    case_id: UUID
    check: str
    outcome: str
    note: str
    ubn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAccepted:
    """Eligible; forms are without personal fields, removed enterprises are left out."""

    case_id: UUID
    case_number: str
    call_id: UUID
    programme_id: str
    pack_digest: str
    applicant_ubn: str
    applicant_name: str
    track: str
    tier: str
    cap_twd: int
    requested_twd: int
    submitted_at: datetime
    enterprises: tuple[Row, ...]
    letters: tuple[str, ...]
    participant_ubns: tuple[str, ...]
    tasks: tuple[Row, ...]
    forms: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRejected:
    """Not accepted at screening; reasons are rule ids."""

    case_id: UUID
    case_number: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRegistered:
    """finance decided a bar; intake refuses the barred until its last day."""

    bar_id: UUID
    ubn: str
    programme_id: str
    decided_on: date
    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRemoved:
    """finance lifted a bar."""

    bar_id: UUID
    ubn: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpretationIssued:
    """The executing body's reading of a rule, with its number."""

    programme_id: str
    number: str
    issued_on: date
    text: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnded:
    """The case is over elsewhere: not selected, waived, not signed, or archived."""

    case_id: UUID
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed:
    """A reserve was called up."""

    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectErased:
    """A data subject's key is to be destroyed in every service."""

    subject_id: str


EVENTS = (
    PackPublished,
    CallPublished,
    ApplicantRegistered,
    CaseRegistered,
    FormSaved,
    RosterImported,
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
)
