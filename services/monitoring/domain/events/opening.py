"""How a monitored case starts and ends, as far as others decide it; its obligations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiPlan:
    """One KPI of the approved plan: total in hundredths, weight in basis points of 100 %."""

    code: str
    item: str | None
    total_centi: int
    weight_bp: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPlan:
    """Planned cumulative progress at the end of a month (1 to 12), basis points."""

    month: int
    work_bp: int
    budget_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageStandard:
    """The agreed regular-traffic standard: at least `minimum` counted uses per complete cycle
    (DAY, WEEK, MONTH) of the record kinds; `total` uses in the plan period."""

    service_item: str
    record_kinds: tuple[str, ...]
    minimum: int
    cycle: str
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointPlan:
    """One checkpoint in the order of the programme."""

    id: str
    label: Mapping[str, str]
    due_on: date
    moment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One duty with its day, worked out from the pack when it became known.

    period: "2023-06" (a month), "1" (a year of the follow-up) or None; alert: the kind raised when
    it is missed, "none" or "remark"; clause: the rule it stands on; fulfilled_by: a fact of
    domain/fulfilment.py.
    """

    id: str
    period: str | None
    label: Mapping[str, str]
    who: str
    opens_on: date
    due_on: date
    alert: str
    clause: str
    fulfilled_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterBaseNoted:
    """intake accepted the proposal: the verified letters at that time are the base set that
    replacements are measured against."""

    case_id: UUID
    base: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterNoted:
    """A letter came in later, or an officer's verdict on it changed."""

    case_id: UUID
    ubn: str
    on_file: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringOpened:
    """A contract was signed: all that is measured against, frozen, with the dated obligations.
    standard: None where no regular use was agreed. parties: none where the programme knows only
    the applicant."""

    case_id: UUID
    case_number: str
    contract_number: str
    call_id: UUID | None
    programme_id: str
    pack_digest: str
    applicant_ubn: str
    applicant_name: str
    track: str
    amount_twd: int
    approved_count: int
    enterprises: tuple[Mapping[str, Any], ...]
    letters: tuple[str, ...]
    participants: tuple[str, ...]
    signed_on: date
    execution_start: date
    execution_end: date
    counted_until: date
    standard: UsageStandard | None
    kpis: tuple[KpiPlan, ...]
    progress: tuple[MonthPlan, ...]
    checkpoints: tuple[CheckpointPlan, ...]
    obligations: tuple[Obligation, ...]
    forms: Mapping[str, Any]
    parties: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringStopped:
    """finance ended the contract: outcome is abandoned, terminated or rescinded."""

    case_id: UUID
    outcome: str
    reason: str
    stopped_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryNoted:
    """What is still owed of a recovery; 0 ends it."""

    case_id: UUID
    recovery_id: UUID
    outstanding_twd: int
