"""Domain events of review. Those named in shared.contracts.review are published."""

from __future__ import annotations

from services.review.domain.events import committee, review, selection
from shared.kernel.erasure import ErasureRecorded
from shared.kernel.rebinding import RebindingNoted
from shared.kernel.refusals import CommandRefused
from shared.kernel.steps.events import STEP_EVENTS

EVENTS = (
    *review.EVENTS,
    *committee.EVENTS,
    *selection.EVENTS,
    *STEP_EVENTS,
    ErasureRecorded,
    RebindingNoted,
    CommandRefused,
)
