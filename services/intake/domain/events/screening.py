"""Events of a proposal after its submission: letters, screening, and what became of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


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
    enterprises: tuple[Mapping[str, Any], ...]
    letters: tuple[str, ...]
    participant_ubns: tuple[str, ...]
    tasks: tuple[Mapping[str, Any], ...]
    forms: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRejected:
    """Not accepted at screening; reasons are rule ids."""

    case_id: UUID
    case_number: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnded:
    """The case is over elsewhere: not selected, waived, not signed, or archived."""

    case_id: UUID
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed:
    """A reserve was called up."""

    case_id: UUID
