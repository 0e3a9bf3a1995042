"""Events of the selection: over-9 enterprises, the committee's decision, the announcement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.review.domain.events.review import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseDecided:
    """The committee's verdict on one enterprise that needs one (CP-REV-24)."""

    case_id: UUID
    ubn: str
    approved: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionDecided:
    """The committee's decision on one proposal; a later one, before the announcement, replaces
    it. approved_ubns is the list as it would be approved."""

    case_id: UUID
    outcome: str  # selected | reserve | not-selected
    approved_count: int
    approved_twd: int
    approved_ubns: tuple[str, ...]
    conditions: tuple[Row, ...]  # [{id, text}]
    reserve_order: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsAnnounced:
    """The list of one call; the date is the counselling start date (CP-CALL-13)."""

    call_id: UUID
    announced_on: date
    results: tuple[Row, ...]
    publication_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSelected:
    """In the list; forms and enterprises are the approved version."""

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
    approved_count: int
    approved_twd: int
    enterprises: tuple[Row, ...]
    letters: tuple[str, ...]
    conditions: tuple[Row, ...]
    forms: Mapping[str, Any]
    announced_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalNotSelected:
    """Not in the list (a reserve neither, until it is called up); rank None: below the mark."""

    case_id: UUID
    case_number: str
    rank: int | None
    reason: str
    reserve_order: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationNotified:
    """Written notice of what was found, before a selection is revoked (CP-SAN-14); a later one
    about something else replaces it."""

    case_id: UUID
    finding: str
    given_on: date
    answer_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationAnswered:
    """The applicant's answer to the notice; late ones are kept, too."""

    case_id: UUID
    text: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionRevoked:
    """A selection is taken back (CP-SAN-01)."""

    case_id: UUID
    case_number: str
    reason: str
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionLapsed:
    """finance said that the signing window passed: the place is free for a reserve."""

    case_id: UUID
    reason: str


EVENTS = (
    EnterpriseDecided,
    SelectionDecided,
    ResultsAnnounced,
    ProposalSelected,
    ProposalNotSelected,
    RevocationNotified,
    RevocationAnswered,
    SelectionRevoked,
    SelectionLapsed,
)
