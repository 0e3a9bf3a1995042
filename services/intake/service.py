"""The nameko class of intake: entrypoints and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from services.intake import wiring
from shared.bus.case_service import CaseService
from shared.bus.entrypoints import follows
from shared.kernel.envelope import PublicEvent


class IntakeService(CaseService):
    """Calls, applicants, proposals, screening; follows bars and the ends of cases."""

    name = wiring.NAME
    compose = staticmethod(wiring.build)

    @follows("review")
    def on_review(self, events: Sequence[PublicEvent]) -> None:
        """Which cases are over, and reserves called up."""
        self.deliver("review", events)

    @follows("monitoring")
    def on_monitoring(self, events: Sequence[PublicEvent]) -> None:
        """Which cases are archived."""
        self.deliver("monitoring", events)

    @follows("finance")
    def on_finance(self, events: Sequence[PublicEvent]) -> None:
        """Bars, bars lifted, selections that lapsed."""
        self.deliver("finance", events)
