"""Opinions of members and the applicant's replies."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.review.domain import review_case as state
from services.review.domain.errors import UnknownOpinion
from services.review.domain.events import review as r
from services.review.domain.review_case import ReviewCase

_OPEN = (
    state.ACCEPTED,
    state.SCHEDULED,
    state.PRESENTED,
    state.RANKED,
    state.SELECTED,
    state.RESERVE,
)


def give_opinion(
    case: ReviewCase, opinion_id: UUID, reviewer_id: str, text: str
) -> Sequence[r.OpinionGiven]:
    """One opinion; the same id again yields no event. Raises ReviewNotReady."""
    if opinion_id in case.opinions:
        return ()
    return (
        r.OpinionGiven(
            case_id=case.must_be(*_OPEN),
            opinion_id=opinion_id,
            reviewer_id=reviewer_id,
            text=text,
        ),
    )


def answer_opinion(case: ReviewCase, opinion_id: UUID, text: str) -> Sequence[r.OpinionAnswered]:
    """The applicant's reply, which a later one replaces. Raises UnknownOpinion, ReviewNotReady."""
    case_id = case.must_be(*_OPEN)
    if opinion_id not in case.opinions:
        raise UnknownOpinion(opinion_id)
    if case.answers.get(opinion_id) == text:
        return ()
    return (r.OpinionAnswered(case_id=case_id, opinion_id=opinion_id, text=text),)
