"""The invented pair as nameko classes: what services/<name>/service.py is for the real ones."""

from __future__ import annotations

from collections.abc import Sequence

from shared.bus.case_service import CaseService
from shared.bus.entrypoints import follows
from shared.kernel.envelope import PublicEvent
from tests.support import pair


class PairIntake(CaseService):
    name = "intake"
    compose = staticmethod(pair.build_intake)

    @follows("review")
    def on_review(self, events: Sequence[PublicEvent]) -> None:
        self.deliver("review", events)


class PairReview(CaseService):
    name = "review"
    compose = staticmethod(pair.build_review)

    @follows("intake")
    def on_intake(self, events: Sequence[PublicEvent]) -> None:
        self.deliver("intake", events)
