"""Events of the spending (stream `spending-<case id>`): vouchers, their audit, the account book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchersSubmitted:
    """A batch of vouchers (憑證) of one party; each row with its key (seller, invoice and date, or
    null) and used_by, the case that had the key before."""

    case_id: UUID
    batch_id: UUID
    party_ubn: str
    vouchers: tuple[Row, ...]
    submitted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchersAudited:
    """lines [{voucher_id, outcome, net_twd, government_twd, self_twd, year, self_borne, rules,
    note}]: the latest line of a voucher counts. government_twd is what was told; shares are folded
    anew whenever they are asked for."""

    case_id: UUID
    batch_id: UUID
    audit_id: UUID
    party_ubn: str
    lines: tuple[Row, ...]
    auditor: str
    audited_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMovementsRecorded:
    """Movements of a party's dedicated account [{movement_id, on, kind, amount_twd, months,
    reference}]; origin is request (before the bank) or statement (after it)."""

    case_id: UUID
    party_ubn: str
    origin: str
    movements: tuple[Row, ...]
    withdrawn_twd: int
    entitled_twd: int
    overdrawn_twd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdrawFound:
    """A statement shows more withdrawn than spending of closed months covers: for the maker."""

    case_id: UUID
    party_ubn: str
    from_on: date
    amount_twd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdrawAssessed:
    """The penalty of one overdraw, in the contract's stream beside the recovery it opens."""

    case_id: UUID
    party_ubn: str
    overdraw_id: UUID
    amount_twd: int
    from_on: date
    until_on: date
    penalty_twd: int
    assessed_on: date
