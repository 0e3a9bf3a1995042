"""Events of recoveries (追回)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.finance.domain.events.kinds import SUBSIDY


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryOpened:
    """It was decided that up to amount_twd is to come back; for subsidy payments stop."""

    case_id: UUID
    recovery_id: UUID
    amount_twd: int
    reason: str
    kind: str = SUBSIDY
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryProposed:
    """The maker's demand, for the checker: amount, due day, account to pay to."""

    case_id: UUID
    recovery_id: UUID
    amount_twd: int
    due_on: date
    account: str
    digest: str
    maker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryDemanded:
    """Two people demand the money back; decided_twd was still to be demanded of what was decided.
    Public (without account, checker, day and decided_twd)."""

    case_id: UUID
    case_number: str
    recovery_id: UUID
    amount_twd: int
    due_on: date
    reason: str
    account: str
    checker: str
    demanded_on: date
    kind: str = SUBSIDY
    party_ubn: str | None = None
    decided_twd: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryReceived:
    """Money came back. Public (without bank reference and day)."""

    case_id: UUID
    case_number: str
    recovery_id: UUID
    amount_twd: int
    outstanding_twd: int
    bank_reference: str
    received_on: date
    kind: str = SUBSIDY
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestRemitted:
    """Interest reached the treasury. direct: by the grantee's own slip, accrued_twd of it before it
    was demanded; office: passed on out of what was received."""

    case_id: UUID
    recovery_id: UUID
    amount_twd: int
    accrued_twd: int
    route: str
    slip_no: str
    remitted_on: date
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryOverdue:
    """The due day passed with money outstanding: legal measures may be taken."""

    case_id: UUID
    recovery_id: UUID
    outstanding_twd: int
    due_on: date
    legal_measures: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffProposed:
    """The maker's proposal to give up what is outstanding, with the authority for it."""

    case_id: UUID
    recovery_id: UUID
    authority: str
    maker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryWrittenOff:
    """Two people wrote off what was outstanding."""

    case_id: UUID
    recovery_id: UUID
    amount_twd: int
    authority: str
    checker: str
    written_off_on: date
    kind: str = SUBSIDY
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointClaimOpened:
    """The other parties are liable for what failing_ubn owes, each for the whole; what any of them
    pays counts once, on the same recovery."""

    case_id: UUID
    recovery_id: UUID
    failing_ubn: str
    debtors: tuple[str, ...]
    outstanding_twd: int
    reason: str
    opened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JointDebtorReleased:
    """A party is released from a joint claim, by consent."""

    case_id: UUID
    recovery_id: UUID
    ubn: str
    consent_no: str
    consent_on: date
