"""Checkpoints, plan changes and notices to cure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.monitoring.domain.rows import KpiActual


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointReported:
    """The grantee's report; progress_bp is the weighted progress of its actuals."""

    case_id: UUID
    case_number: str
    checkpoint: str
    progress_bp: int
    reported_on: date
    report: str
    actuals: tuple[KpiActual, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointPassed:
    """Accepted."""

    case_id: UUID
    case_number: str
    checkpoint: str
    progress_bp: int
    passed_on: date
    usage_records: bool
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointFailed:
    """Below plan; reasons are rule ids, cure_by the day by which a better report is expected."""

    case_id: UUID
    case_number: str
    checkpoint: str
    progress_bp: int
    reasons: tuple[str, ...]
    cure_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChangeRequested:
    """The grantee asks for a change; amount_effect_twd <= 0 lowers the contract amount. used_from:
    since when the changed solution is in use already, if it is."""

    case_id: UUID
    change_id: UUID
    kind: str
    reason: str
    before: str
    after: str
    amount_effect_twd: int
    schedule_until: date | None
    solution: str | None
    used_from: date | None
    removed_ubns: tuple[str, ...]
    added: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChangeApproved:
    """Approved; amount_twd is the contract amount from now on."""

    case_id: UUID
    case_number: str
    change_id: UUID
    kind: str
    amount_twd: int
    removed_ubns: tuple[str, ...]
    added: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChangeRejected:
    """Not approved: the plan stays as it was."""

    case_id: UUID
    change_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CureNoticeIssued:
    """Written notice to cure (限期改善)."""

    case_id: UUID
    case_number: str
    notice_id: UUID
    subject: str
    cure_by: date
