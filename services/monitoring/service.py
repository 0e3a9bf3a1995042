"""The nameko class of monitoring: entrypoints and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from services.monitoring import wiring
from shared.bus.case_service import CaseService
from shared.bus.entrypoints import follows
from shared.kernel.envelope import PublicEvent


class MonitoringService(CaseService):
    """Obligations, checkpoints, alerts, closing and follow-up."""

    name = wiring.NAME
    compose = staticmethod(wiring.build)

    @follows("finance")
    def on_finance(self, events: Sequence[PublicEvent]) -> None:
        """Signed and ended contracts, payments."""
        self.deliver("finance", events)

    @follows("intake")
    def on_intake(self, events: Sequence[PublicEvent]) -> None:
        """Packs and calls."""
        self.deliver("intake", events)
