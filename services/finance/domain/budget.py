"""The budget of a call: stream `budget-<call id>`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.finance.domain.events import BudgetOpened


@dataclass(frozen=True, slots=True)
class Budget:
    """What the call granted; the ledger shows what contracts have committed of it."""

    amount_twd: int = 0
    opened: bool = False

    def open(self, opened: BudgetOpened) -> Sequence[BudgetOpened]:
        """Once per call; a call without a budget yields no event."""
        return () if self.opened or opened.amount_twd <= 0 else (opened,)

    def apply(self, event: object) -> Budget:
        """Fold one fact in."""
        match event:
            case BudgetOpened():
                return replace(self, opened=True, amount_twd=event.amount_twd)
        return self
