"""Events of the contract file, from the selection to the end of the contract.

Over 200 lines: one class for each thing that happens to a contract, read as one list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetOpened:
    """The budget of a call: what its contracts may commit."""

    call_id: UUID
    programme_id: str
    amount_twd: int
    opened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFileOpened:
    """A selected proposal is to be signed by signing_due_on; the approved version as it was.
    parties [{ubn, name, lead, total_twd, subsidy_twd, self_twd}]: none where the programme knows
    only the applicant."""

    case_id: UUID
    case_number: str
    call_id: UUID
    programme_id: str
    pack_digest: str
    applicant_ubn: str
    applicant_name: str
    track: str
    approved_twd: int
    approved_count: int
    enterprises: tuple[Row, ...]
    enterprise_ubns: tuple[str, ...]
    letters: tuple[str, ...]
    conditions: tuple[Row, ...]
    forms: Mapping[str, Any]
    announced_on: date
    reminder_on: date | None
    signing_due_on: date
    parties: tuple[Row, ...] = ()
    execution_start: date | None = None
    execution_end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFileStopped:
    """The selection was revoked before anything was signed."""

    case_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPlanSubmitted:
    """The contract plan (簽約計畫書): answers [{condition, status, text}], the agreed usage
    standard {service_item, record_kinds, minimum, cycle, total}, dates. A later one replaces it."""

    case_id: UUID
    amount_twd: int
    enterprise_count: int
    answers: tuple[Row, ...]
    usage_standard: Row | None
    execution_start: date
    execution_end: date
    valid_to: date
    payee_ubn: str
    can_issue_invoice: bool
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningExtended:
    """The signing window was extended, once."""

    case_id: UUID
    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningReminderSent:
    """The written reminder without which a selection does not lapse."""

    case_id: UUID
    sent_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningWindowClosed:
    """The window passed unsigned: a task for the programme officer, no automatic outcome."""

    case_id: UUID
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterNoted:
    """Another enterprise's letter of intent is on file (intake verified it)."""

    case_id: UUID
    ubn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionsChecked:
    """The exclusions of every enterprise were looked up once more before the signing; those
    found would have stopped it."""

    case_id: UUID
    checked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSigned:
    """Signed by both parties; instalments are [{no, checkpoint, amount_twd}], with party_ubn where
    the contract has parties of its own (as in ContractFileOpened). Public."""

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
    enterprises: tuple[Row, ...]
    letters: tuple[str, ...]
    signed_on: date
    execution_start: date
    execution_end: date
    valid_to: date
    instalments: tuple[Row, ...]
    usage_standard: Row
    forms: Mapping[str, Any]
    parties: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractForfeited:
    """The signing window passed: the selection lapsed. Public."""

    case_id: UUID
    case_number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAmountReduced:
    """An approved plan change lowered the amount: reduced_by_twd came off what was committed;
    excess_twd could not, because it is claimed or paid already. instalments as they now stand; by
    party [{party_ubn, amount_twd}] says whose commitment came down, where there are parties."""

    case_id: UUID
    change_id: UUID
    amount_twd: int
    reduced_by_twd: int
    excess_twd: int
    instalments: tuple[Row, ...]
    by_party: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterprisesChanged:
    """An approved plan change took these enterprises out of the contract's list and put those
    in: the number of enterprises in force follows."""

    case_id: UUID
    change_id: UUID
    removed_ubns: tuple[str, ...]
    added_ubns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonmentDeclared:
    """The grantee gives up; proofs of force majeure are [{kind, document}]."""

    case_id: UUID
    reason: str
    force_majeure_claimed: bool
    proofs: tuple[Row, ...]
    declared_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAbandoned:
    """The officer has decided whether it was force majeure. Public."""

    case_id: UUID
    case_number: str
    reason: str
    force_majeure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingNoted:
    """monitoring closed the case; what is still due is paid before the contract is settled."""

    case_id: UUID
    closed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSettled:
    """Every instalment paid or finally not payable, nothing outstanding. Public."""

    case_id: UUID
    case_number: str
    paid_twd: int
    recovered_twd: int
