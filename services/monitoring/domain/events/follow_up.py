"""Alerts, closing, the years of follow-up, and the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.monitoring.domain.events.opening import Obligation
from services.monitoring.domain.rows import FollowUpRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplianceAlertRaised:
    """Late, behind schedule, abnormal usage, missing follow-up, ... `about` tells alerts of one
    kind apart (a period, a checkpoint) and is not published."""

    case_id: UUID
    case_number: str
    alert_id: UUID
    kind: str
    obligation: str | None
    about: str | None
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplianceAlertCleared:
    """The cause of an alert is gone, or an officer cleared it with a reason."""

    case_id: UUID
    case_number: str
    alert_id: UUID
    kind: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkNoted:
    """A duty without a sanction was missed: a remark for the evaluation, no alert."""

    case_id: UUID
    obligation: str
    period: str | None
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed:
    """Closing approved (結案). follow_up_ends_on: None where nothing is followed up."""

    case_id: UUID
    case_number: str
    closed_on: date
    follow_up_ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpOpened:
    """The yearly reports that are due, counted from the closing or termination."""

    case_id: UUID
    counted_from: date
    ends_on: date
    obligations: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpFiled:
    """One year's tracking data."""

    case_id: UUID
    year: int
    rows: tuple[FollowUpRow, ...]
    filed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpReminderSent:
    """Written reminder of an overdue follow-up."""

    case_id: UUID
    period: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRegisterEntered:
    """An overdue follow-up stands in the evaluation register (執行評核)."""

    case_id: UUID
    period: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpCompleted:
    """The follow-up period has ended."""

    case_id: UUID
    case_number: str
    ended_on: date
    reports: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseArchived:
    """Nothing more is due of this case; it is kept as it is."""

    case_id: UUID
    archived_on: date
