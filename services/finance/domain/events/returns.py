"""Events of payments that came back, or were wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReversalProposed:
    """A payment was wrong; the checker has to agree that it is reversed."""

    case_id: UUID
    payment_id: UUID
    reason: str
    maker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReturned:
    """kind bank-return: the money is back; kind reversal: it is claimed from whoever has it.
    Public (without instalment and day)."""

    case_id: UUID
    case_number: str
    payment_id: UUID
    amount_twd: int
    kind: str
    reason: str
    instalment_no: int
    returned_on: date
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalMoneyReceived:
    """The money of a wrong payment came back."""

    case_id: UUID
    payment_id: UUID
    instalment_no: int
    amount_twd: int
    bank_reference: str
    received_on: date
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedPaymentReleased:
    """Returned money leaves the suspense account: the instalment is payable again."""

    case_id: UUID
    instalment_no: int
    amount_twd: int
    party_ubn: str | None = None
