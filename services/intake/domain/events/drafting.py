"""Events of a proposal up to its submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRegistered:
    """The case has its number (案號): a draft was opened, or an officer registered a case at its
    award or contract (`registration`, domain/registration.py; null for a draft)."""

    case_id: UUID
    case_number: str
    call_id: UUID | None
    programme_id: str
    pack_digest: str
    applicant_ubn: str
    applicant_name: str
    entry: str
    registration: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSaved:
    """One form of the draft as it now stands; personal fields are Personal values."""

    case_id: UUID
    form: str
    content: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class TableImported:
    """A table was imported from a file; `content` is its form as it now stands, as in FormSaved."""

    case_id: UUID
    form: str
    table: str
    content: Any
    rows: int
    source_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUploaded:
    """A file was fully received; size, type, pages and hash were measured by the server.

    issued_on: the day printed on the document, None when it was not given (or not yet asked).
    """

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
    issued_on: date | None = None


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
