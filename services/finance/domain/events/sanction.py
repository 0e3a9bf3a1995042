"""Events of findings, hearings, sanctions and bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingOpened:
    """Something to be decided: false-data, breach, subcontracting, abandoned, not-closed, ..."""

    case_id: UUID
    finding_id: UUID
    kind: str
    facts: str
    rules: tuple[str, ...]
    evidence: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionNoticeGiven:
    """The written notice: facts, rules, what may follow, and until when the party may answer."""

    case_id: UUID
    finding_id: UUID
    facts: str
    rules: tuple[str, ...]
    effects: tuple[str, ...]
    given_on: date
    answer_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionAnswered:
    """The party's answer; late means after answer_by, and is kept all the same."""

    case_id: UUID
    finding_id: UUID
    text: str
    answered_at: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionDecided:
    """effect is none, terminate or rescind; money and bar stand beside it. recover_twd: subsidy to
    come back, of all parties. remedy says what the party can do against it; figures are what the
    officer stated."""

    case_id: UUID
    finding_id: UUID
    effect: str
    recover_twd: int
    bar: bool
    force_majeure: bool
    damages_reserved: bool
    facts: str
    rules: tuple[str, ...]
    remedy: str
    decided_on: date
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerminated:
    """Ended by the executing body. Public."""

    case_id: UUID
    case_number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRescinded:
    """Undone from the start. Public."""

    case_id: UUID
    case_number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantBarred:
    """A bar from the programme, up to and including `until`; with years_roc it is about those
    programme years only. Public."""

    case_id: UUID
    case_number: str
    bar_id: UUID
    ubn: str
    programme_id: str
    decided_on: date
    until: date
    reason: str
    years_roc: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BarLifted:
    """A bar ends early by a new decision; the old one is never edited. Public."""

    case_id: UUID
    case_number: str
    bar_id: UUID
    ubn: str
    reason: str
