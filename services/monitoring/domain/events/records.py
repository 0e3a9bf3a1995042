"""What is handed in and recorded while the contract runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.monitoring.domain.rows import AdoptionRow, AssessmentRow, EvidenceFile, VisitRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionsRecorded:
    """Enterprises activated the tool; `late` are those after the programme's date, not counted."""

    case_id: UUID
    adoptions: tuple[AdoptionRow, ...]
    late: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAdoptionAdmitted:
    """The executing body decided to count an enterprise that adopted late."""

    case_id: UUID
    ubn: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CounsellingRecorded:
    """Counselling visits."""

    case_id: UUID
    visits: tuple[VisitRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRecorded:
    """An activity, film, analysis or the like; `kind` is one of the programme's."""

    case_id: UUID
    activity_id: UUID
    kind: str
    title: str
    held_on: date
    place: str
    participants: int
    attendance: str | None
    performer_ubn: str | None
    evidence: tuple[EvidenceFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentsRecorded:
    """Digital capability assessments, before (PRE) or after (POST)."""

    case_id: UUID
    assessments: tuple[AssessmentRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReported:
    """One month (2023-06): actual cumulative work and budget beside the plan, basis points."""

    case_id: UUID
    month: str
    planned_work_bp: int
    planned_budget_bp: int
    work_bp: int
    budget_bp: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingHeld:
    """A briefing at a checkpoint; `breach` when a delegate spoke without prior consent."""

    case_id: UUID
    checkpoint: str
    held_on: date
    presenter: str
    reason: str
    consent_on: date | None
    breach: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageBatchIngested:
    """A usage-log batch, summed up: `counted` is uses per enterprise and day, `keys` the short
    hashes of the counted records; the rows lie in the stream usage_batch-<batch_id>."""

    case_id: UUID
    batch_id: UUID
    digest: str
    solution_name: str
    months: tuple[str, ...]
    counted: Mapping[str, Mapping[str, int]]
    keys: tuple[str, ...]
    not_counted: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRowsStored:
    """The rows of a batch as handed in, with the six items of its head."""

    case_id: UUID
    batch_id: UUID
    head: Mapping[str, Any]
    rows: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheckRecorded:
    """A check on site; samples: [{ubn, first_on, last_on, uploaded, found}], uploaded being our
    own count of these days when the check was recorded."""

    case_id: UUID
    check_id: UUID
    checked_on: date
    cooperated: bool
    note: str
    samples: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesNotRecognised:
    """A changed solution (None: all) was used before its change was approved: uses from first_on
    to last_on do not count."""

    case_id: UUID
    change_id: UUID
    solution: str | None
    first_on: date
    last_on: date
