"""The nameko class of finance: entrypoints and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from services.finance import wiring
from shared.bus.case_service import CaseService
from shared.bus.entrypoints import follows
from shared.kernel.envelope import PublicEvent


class FinanceService(CaseService):
    """Contracts, payments, recoveries and sanctions."""

    name = wiring.NAME
    compose = staticmethod(wiring.build)

    @follows("intake")
    def on_intake(self, events: Sequence[PublicEvent]) -> None:
        """Packs and calls."""
        self.deliver("intake", events)

    @follows("monitoring")
    def on_monitoring(self, events: Sequence[PublicEvent]) -> None:
        """Checkpoints, plan changes and closings."""
        self.deliver("monitoring", events)

    @follows("review")
    def on_review(self, events: Sequence[PublicEvent]) -> None:
        """Selected proposals and revoked selections."""
        self.deliver("review", events)
