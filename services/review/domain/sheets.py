"""Decisions on score sheets and conflicts of interest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from services.review.domain import review_case as state
from services.review.domain.errors import (
    AlreadyScored,
    MalformedScore,
    NoSheetYet,
    RankingIsClosed,
)
from services.review.domain.events import committee as c
from services.review.domain.review_case import ReviewCase
from shared.kernel.errors import InvalidInput


def declare_conflict(
    case: ReviewCase, declared: c.ConflictDeclared
) -> Sequence[c.ConflictDeclared]:
    """A member's relation; declared again, in other words even, it yields no event. Raises
    RankingIsClosed."""
    known = case.relations.get((declared.member_id, declared.kind))
    if known is not None and replace(declared, note=known.note) == known:
        return ()
    if case.standing is not None:
        raise RankingIsClosed(case.filed.track)
    return (declared,)


def must_be_numbers(scores_centi: Mapping[str, object]) -> Mapping[str, int]:
    """The scores as integers of hundredths. Raises MalformedScore."""
    for criterion, value in scores_centi.items():
        if type(value) is not int:
            raise MalformedScore(criterion, value)
    return {str(criterion): int(str(value)) for criterion, value in scores_centi.items()}


def must_be_answers(answers: Mapping[str, object], asked: Sequence[str]) -> Mapping[str, bool]:
    """Answers to the sheet's own questions, each yes or no. Raises InvalidInput."""
    for name, value in answers.items():
        if name not in asked or type(value) is not bool:
            known = "、".join(asked) or "無 none"
            raise InvalidInput(
                f"評分表問項 {name} 須為 true 或 false；問項：{known}",
                f"answer {name}: the sheet asks {known}, each true or false",
                field=f"answers/{name}",
            )
    return {name: bool(value) for name, value in answers.items()}


def record_score(
    case: ReviewCase,
    sheet_id: UUID,
    reviewer_id: str,
    scores_centi: Mapping[str, int],
    answers: Mapping[str, bool],
) -> Sequence[c.ScoreRecorded]:
    """One member's sheet; the same scores again yield no event.

    Raises AlreadyScored for other scores, ReviewNotReady before the presentation or after the
    ranking.
    """
    case_id = case.must_be(state.PRESENTED)
    if earlier := case.sheets.get(reviewer_id):
        if (earlier.scores_centi, earlier.answers) == (scores_centi, answers):
            return ()
        raise AlreadyScored(case.number, reviewer_id)
    return (_sheet(case, case_id, sheet_id, reviewer_id, scores_centi, answers, None),)


def correct_score(
    case: ReviewCase,
    sheet_id: UUID,
    reviewer_id: str,
    scores_centi: Mapping[str, int],
    answers: Mapping[str, bool],
    reason: str,
) -> Sequence[c.ScoreRecorded | c.CorrectionExplained]:
    """Replace the own sheet before the ranking is closed; equal scores yield no event.

    Raises ReviewNotReady, NoSheetYet.
    """
    case_id = case.must_be(state.PRESENTED)
    earlier = case.sheets.get(reviewer_id)
    if earlier is None:
        raise NoSheetYet(case.number, reviewer_id)
    if (earlier.scores_centi, earlier.answers) == (scores_centi, answers):
        return ()
    return (
        _sheet(case, case_id, sheet_id, reviewer_id, scores_centi, answers, earlier.sheet_id),
        c.CorrectionExplained(
            case_id=case_id, reviewer_id=reviewer_id, sheet_id=sheet_id, reason=reason
        ),
    )


def close_scoring(case: ReviewCase, closed: c.ScoringClosed) -> Sequence[c.ScoringClosed]:
    """Fix points and place. Raises ReviewNotReady."""
    case.must_be(state.PRESENTED)
    return (closed,)


def _sheet(
    case: ReviewCase,
    case_id: UUID,
    sheet_id: UUID,
    reviewer_id: str,
    scores_centi: Mapping[str, int],
    answers: Mapping[str, bool],
    corrects: UUID | None,
) -> c.ScoreRecorded:
    return c.ScoreRecorded(
        case_id=case_id,
        case_number=case.number,
        sheet_id=sheet_id,
        reviewer_id=reviewer_id,
        scores_centi=dict(scores_centi),
        total_centi=sum(scores_centi.values()),
        answers=dict(answers),
        corrects=corrects,
    )
