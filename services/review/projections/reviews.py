"""The list of reviews: one row per case, from its own stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.review.domain import review_case as state
from services.review.domain.events import committee as c
from services.review.domain.events import review as r
from services.review.domain.events import selection as s
from services.review.projections.tables import review_list
from shared.kernel.clock import instant_text
from shared.kernel.envelope import RecordedEvent

NAME = "review.reviews"
TABLES = (review_list,)

_STATES: dict[type, str] = {
    r.ReviewFileClosed: state.NOT_ACCEPTED,
    r.ReviewOpened: state.ACCEPTED,
    r.MeetingNotified: state.SCHEDULED,
    r.AbsenceRecorded: state.ABSENT,
    r.PresentationGiven: state.PRESENTED,
    r.ProposalForfeited: state.FORFEITED,
    s.SelectionRevoked: state.REVOKED,
    s.SelectionLapsed: state.LAPSED,
}


def project(connection: Any, recorded: RecordedEvent) -> None:
    """State, points and result as they stand."""
    event = recorded.event
    if isinstance(event, r.ReviewFileOpened):
        connection.execute(review_list.insert().values(**_opened(event)))
    elif type(event) in _STATES:
        _update(connection, event.case_id, state=_STATES[type(event)])
    elif isinstance(event, c.ScoreRecorded | c.ScoringClosed):
        _update(connection, event.case_id, **_scored(event))
    elif isinstance(event, s.SelectionDecided | s.ProposalSelected | s.ProposalNotSelected):
        _update(connection, event.case_id, **_decided(event))


class FileTable:
    """The Files port."""

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def of_call(self, call_id: UUID, track: str | None = None) -> Sequence[UUID]:
        """Case ids, in order of submission; those of one track when it is named."""
        table = review_list.c
        query = sa.select(table.case_id).where(table.call_id == str(call_id))
        if track is not None:
            query = query.where(table.track == track)
        rows = self._connection.execute(query.order_by(table.submitted_at, table.case_number))
        return [UUID(row.case_id) for row in rows]


def _opened(event: r.ReviewFileOpened) -> dict[str, Any]:
    return {
        "case_id": str(event.case_id),
        "case_number": event.case_number,
        "call_id": str(event.call_id),
        "track": event.track,
        "applicant_ubn": event.applicant_ubn,
        "applicant_name": event.applicant_name,
        "submitted_at": instant_text(event.submitted_at),
        "state": state.FILED,
        "sheets": 0,
    }


def _scored(event: c.ScoreRecorded | c.ScoringClosed) -> dict[str, Any]:
    if isinstance(event, c.ScoreRecorded):
        return {"sheets": review_list.c.sheets + (1 if event.corrects is None else 0)}
    return {
        "state": state.RANKED,
        "base_centi": event.base_centi,
        "final_centi": event.final_centi,
        "rank": event.rank,
    }


def _decided(
    event: s.SelectionDecided | s.ProposalSelected | s.ProposalNotSelected,
) -> dict[str, Any]:
    if isinstance(event, s.ProposalNotSelected):
        outcome = state.RESERVE if event.reserve_order else state.NOT_SELECTED
        return {"state": outcome, "outcome": outcome}
    figures = {"approved_count": event.approved_count, "approved_twd": event.approved_twd}
    if isinstance(event, s.SelectionDecided):
        return {"outcome": event.outcome, **figures}
    return {"state": state.SELECTED, "outcome": state.SELECTED, **figures}


def _update(connection: Any, case_id: UUID, **values: Any) -> None:
    connection.execute(
        review_list.update().where(review_list.c.case_id == str(case_id)).values(**values)
    )
