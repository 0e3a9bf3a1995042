"""Events of the finance review (財務審查), which sets what an instalment pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentAwaitsReview:
    """Its checkpoint was passed; amount_twd is its ceiling, kept back until the review. figures are
    the whole numbers among the values of the checkpoint's decision."""

    case_id: UUID
    instalment_no: int
    checkpoint: str
    amount_twd: int
    passed_on: date
    usage_records: bool
    letters: tuple[str, ...]
    accepted_by: str
    figures: Mapping[str, int]
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinanceReviewClosed:
    """The review of one instalment: payable_twd of its ceiling_twd; carried_twd is earned and kept
    back for instalment carried_to; released_twd is no longer kept back. figures: every value of the
    rules that is a whole number."""

    case_id: UUID
    review_id: UUID
    instalment_no: int
    checkpoint: str
    cut_off_on: date
    ceiling_twd: int
    payable_twd: int
    carried_twd: int
    carried_to: int | None
    released_twd: int
    refund_twd: int
    interest_twd: int
    figures: Mapping[str, int]
    note: str
    reviewer: str
    closed_on: date
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentPortionForfeited:
    """Part of an instalment is finally not payable: less was earned than its ceiling."""

    case_id: UUID
    instalment_no: int
    amount_twd: int
    reason: str
    party_ubn: str | None = None
