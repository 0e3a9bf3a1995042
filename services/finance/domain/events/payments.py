"""Events of instalments, claims, disbursements and payments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentBecamePayable:
    """Its checkpoint was passed; accepted_by is who passed it."""

    case_id: UUID
    instalment_no: int
    checkpoint: str
    amount_twd: int
    passed_on: date
    usage_records: bool
    letters: tuple[str, ...]
    accepted_by: str
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentHeld:
    """Payments are stopped: a failed checkpoint, or an open finding or recovery. Public."""

    case_id: UUID
    case_number: str
    instalment_no: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsResumed:
    """The finding that stopped the payments was dismissed."""

    case_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentCancelled:
    """Finally not payable. was_payable: it had become payable, or only committed; retained_twd of
    it was kept back (awaiting a finance review, or carried over into it)."""

    case_id: UUID
    instalment_no: int
    amount_twd: int
    was_payable: bool
    reason: str
    retained_twd: int = 0
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSubmitted:
    """A payment request: invoice, request voucher (請款憑證) and attachments as
    [{kind, document}]."""

    case_id: UUID
    claim_id: UUID
    instalment_no: int
    amount_twd: int
    invoice_number: str | None
    invoice_on: date | None
    seller_ubn: str | None
    buyer: str | None
    attachments: tuple[Row, ...]
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReturned:
    """Finance sent a claim back to be claimed anew; its invoice number is not free again."""

    case_id: UUID
    claim_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisbursementPrepared:
    """What the maker wants paid; digest covers claim, amount, payee and account."""

    case_id: UUID
    disbursement_id: UUID
    revision: int
    claim_id: UUID
    instalment_no: int
    amount_twd: int
    payee_ubn: str
    payee_account: str
    digest: str
    maker: str
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisbursementEdited:
    """A later revision of the same disbursement."""

    case_id: UUID
    disbursement_id: UUID
    revision: int
    amount_twd: int
    payee_account: str
    digest: str
    maker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalVoided:
    """An edit, a stop or a cancellation voids the approval: amount_twd is payable again."""

    case_id: UUID
    disbursement_id: UUID
    instalment_no: int
    amount_twd: int
    reason: str
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentApproved:
    """The checker approved exactly this digest. Public (without revision, digest, checker)."""

    case_id: UUID
    case_number: str
    instalment_no: int
    claim_id: UUID
    amount_twd: int
    disbursement_id: UUID
    revision: int
    digest: str
    checker: str
    approved_on: date
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsDisbursed:
    """Money left for the payee. Public (without disbursement and bank reference)."""

    case_id: UUID
    case_number: str
    payment_id: UUID
    instalment_no: int
    amount_twd: int
    paid_on: date
    payee_ubn: str
    disbursement_id: UUID
    bank_reference: str
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentBalanceReleased:
    """Less was claimed and paid than the instalment held: the rest is finally not payable."""

    case_id: UUID
    instalment_no: int
    amount_twd: int
    party_ubn: str | None = None
