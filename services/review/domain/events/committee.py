"""Events of the committee: panel, conflicts, score sheets, ranking. Scores in hundredths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.review.domain.events.review import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelAppointed:
    """Who reviews one track of a call; members: [{member_id, background, organisation}].
    A later appointment replaces the earlier one."""

    call_id: UUID
    track: str
    members: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictDeclared:
    """A member's relation to one case. While it counts, the member stays away, and a sheet
    already handed in no longer counts; one that ended long enough ago is only on record."""

    case_id: UUID
    member_id: str
    kind: str
    ended_on: date | None
    counts: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRecorded:
    """One member's closed sheet; corrects = sheet_id of the sheet it replaces. `answers` to the
    sheet's yes-or-no questions stay inside."""

    case_id: UUID
    case_number: str
    sheet_id: UUID
    reviewer_id: str
    scores_centi: Mapping[str, int]
    total_centi: int
    answers: Mapping[str, bool]
    corrects: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionExplained:
    """Why a member corrected the own sheet (CP-REV-23)."""

    case_id: UUID
    reviewer_id: str
    sheet_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringClosed:
    """The result of one proposal: sheets counted, points, place in its track (None: failed).
    bonuses: [{id, points_centi, evidence}], as the pack declares them."""

    case_id: UUID
    members: int
    base_centi: int
    bonuses: tuple[Row, ...]
    final_centi: int
    passed: bool
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingClosed:
    """The ranking of one track; ranking: [{case_id, case_number, rank}], ties: case numbers the
    committee put in order, with its reason."""

    call_id: UUID
    track: str
    ranking: tuple[Row, ...]
    ties: tuple[tuple[str, ...], ...]
    tie_reason: str | None


EVENTS = (
    PanelAppointed,
    ConflictDeclared,
    ScoreRecorded,
    CorrectionExplained,
    ScoringClosed,
    RankingClosed,
)
