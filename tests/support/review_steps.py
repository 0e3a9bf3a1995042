"""Steps of a review that several tests take."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.kernel.errors import RefusedByRules
from tests.support.review_desk import CHAIR, DEADLINE, Desk, ubns


def rules_of(refused: pytest.ExceptionInfo[RefusedByRules]) -> set[str]:
    """The rules that blocked."""
    return {f.rule for f in refused.value.evaluation.blocking()}


def select(desk: Desk, case_id: object, count: int, twd: int, **more: object) -> object:
    """The chair decides on a proposal."""
    return desk.do(
        "DecideSelection",
        CHAIR,
        case_id=str(case_id),
        approved_count=count,
        approved_twd=twd,
        **more,
    )


def ranked_pair(shared_from: int = 80) -> tuple[Desk, object, object]:
    """A POP proposal of 80, and a FUS one of 34 whose first enterprise is number shared_from of
    the POP list, submitted a minute later; both ranked."""
    desk = Desk()
    pop = desk.accepted(1, "POP", ubns(80), requested_twd=2_000_000)
    later = DEADLINE + timedelta(minutes=1)
    fus = desk.accepted(
        2, "FUS", ubns(34, shared_from), requested_twd=1_760_000, submitted_at=later
    )
    for track, case_id in (("POP", pop), ("FUS", fus)):
        desk.panel(track)
        desk.presented(case_id)
        desk.scored(case_id)
        desk.ranked(track)
    return desk, pop, fus
