"""The nameko class of review: entrypoints and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from services.review import wiring
from shared.bus.case_service import CaseService
from shared.bus.entrypoints import follows
from shared.kernel.envelope import PublicEvent


class ReviewService(CaseService):
    """Panels, meetings, scores and selection; follows accepted proposals and ended contracts."""

    name = wiring.NAME
    compose = staticmethod(wiring.build)

    @follows("finance")
    def on_finance(self, events: Sequence[PublicEvent]) -> None:
        """Contracts that ended a selection."""
        self.deliver("finance", events)

    @follows("intake")
    def on_intake(self, events: Sequence[PublicEvent]) -> None:
        """Packs, calls and accepted proposals."""
        self.deliver("intake", events)
