"""The nameko class of intake: entrypoints and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from services.intake import wiring
from shared.bus.case_service import CaseService
from shared.bus.entrypoints import follows
from shared.kernel.envelope import PublicEvent


class IntakeService(CaseService):
    """Calls, applicants, proposals, screening; follows the bars that finance decides."""

    name = wiring.NAME
    compose = staticmethod(wiring.build)

    @follows("finance")
    def on_finance(self, events: Sequence[PublicEvent]) -> None:
        """Bars, and bars lifted."""
        self.deliver("finance", events)
