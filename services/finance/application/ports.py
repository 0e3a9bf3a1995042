"""What the handlers of finance may see of the outside; wired in services/finance/wiring.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from shared.kernel.streams import Packs, Rules, Streams, Timers


class Shelf(Packs, Protocol):
    """Packs by digest, and the calls published so far."""

    def call(self, call_id: UUID) -> Mapping[str, Any]:
        """The data of CallPublished. Raises UnknownPack."""
        ...


class Amounts(Rules, Protocol):
    """The rules, and single expressions of the pack (an instalment's amount)."""

    def compute(self, digest: str, expression: str, variables: Mapping[str, Any]) -> Any:
        """The value of the expression over the given names and `param`. Raises RuleError."""
        ...


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancePorts:
    """Bound to one unit of work."""

    streams: Streams
    rules: Amounts
    packs: Shelf
    timers: Timers
    invoices: Invoices
    enterprises: Enterprises
