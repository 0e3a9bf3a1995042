"""Events of a review before scoring: its file, the meeting, attendance, opinions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.kernel.envelope import Erased, Personal

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFileOpened:
    """A proposal was submitted in time: its file exists, ordered by submitted_at."""

    case_id: UUID
    case_number: str
    call_id: UUID
    programme_id: str
    pack_digest: str
    applicant_ubn: str
    applicant_name: str
    track: str
    enterprise_count: int
    requested_twd: int
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFileClosed:
    """Not accepted at screening; reasons are rule ids."""

    case_id: UUID
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOpened:
    """Eligible: what the committee decides on, as intake handed it over (no personal fields)."""

    case_id: UUID
    tier: str
    cap_twd: int
    requested_twd: int
    enterprises: tuple[Row, ...]
    letters: tuple[str, ...]
    participant_ubns: tuple[str, ...]
    tasks: tuple[Row, ...]
    forms: Mapping[str, Any]
    screened_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterNoted:
    """A letter of intent came in, or an officer gave a verdict on one."""

    case_id: UUID
    ubn: str
    verified: bool
    after_grace: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingNotified:
    """Date and time of the presentation were sent to the applicant."""

    case_id: UUID
    slot_at: datetime
    mode: str  # on-site | online
    place: str
    delegate_allowed: bool  # a delegate with written consent may present


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationGiven:
    """The project manager (or the delegate allowed before) presented."""

    case_id: UUID
    mode: str
    identity_checked: bool
    by_delegate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRecorded:
    """The project manager did not present; sending somebody else is absence (CP-REV-05). The
    stated reason (an illness, say) is personal."""

    case_id: UUID
    stated_reason: Personal | Erased | None
    delegate_came: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceExcused:
    """The reason was good: another slot, or a delegate with written consent."""

    case_id: UUID
    reason: str
    remedy: str  # new-slot | delegate
    consent: str | None  # where the written consent is on file


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalForfeited:
    """Treated as waived (視為棄權): absent without good reason."""

    case_id: UUID
    case_number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionGiven:
    """A member's opinion; disclosed to the applicant without the member (CP-REV-22)."""

    case_id: UUID
    opinion_id: UUID
    reviewer_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionAnswered:
    """The applicant's reply to an opinion."""

    case_id: UUID
    opinion_id: UUID
    text: str


EVENTS = (
    ReviewFileOpened,
    ReviewFileClosed,
    ReviewOpened,
    LetterNoted,
    MeetingNotified,
    PresentationGiven,
    AbsenceRecorded,
    AbsenceExcused,
    ProposalForfeited,
    OpinionGiven,
    OpinionAnswered,
)
