"""What the handlers of finance may see of the outside; wired in services/finance/wiring.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.kernel.streams import Ports


class Invoices(Protocol):
    """Invoice numbers used so far, over all cases."""

    def used(self, number: str) -> str | None:
        """The case number that used it, or None."""
        ...


class Enterprises(Protocol):
    """Which contract file of a call holds which enterprise."""

    def others(self, call_id: UUID, case_id: UUID, ubns: Sequence[str]) -> list[dict[str, str]]:
        """[{ubn, case_number}] of other files that hold one of these numbers."""
        ...


class Vouchers(Protocol):
    """Vouchers and paid months of persons, over all cases of all programmes."""

    def used(self, key: str, voucher_id: str) -> str | None:
        """The case number whose other voucher has this key, or None."""
        ...

    def person_month_bp(self, person_ref: str, month: str, besides: str) -> int:
        """How much of a person's month is accepted in vouchers but that one (bp)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancePorts(Ports):
    """Bound to one unit of work."""

    invoices: Invoices
    enterprises: Enterprises
    vouchers: Vouchers
