"""What people may ask of review. Scores and members are for officers; `opinions` is what an
applicant reads: without the member (CP-REV-22)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.review.domain.review_case import ReviewCase
from services.review.projections.tables import panel_list, review_list
from shared.eventstore.codec import encode


def reviews(unit: Any, call_id: str | None = None) -> list[dict[str, Any]]:
    """Every review, in order of submission: state, number of sheets, points, rank, outcome."""
    query = sa.select(review_list).order_by(review_list.c.submitted_at, review_list.c.case_number)
    if call_id:
        query = query.where(review_list.c.call_id == call_id)
    return [dict(row) for row in unit.connection.execute(query).mappings()]


def review_case(unit: Any, case: str) -> dict[str, Any] | None:
    """One review by case number or id, with sheets, standing, verdicts, decision and opinions."""
    row = _row(unit, case)
    if row is None:
        return None
    held = _load(unit, row)
    return {
        **row,
        "meeting": encode(held.meeting),
        "tasks": encode(held.opened.tasks) if held.opened else [],
        "conflicts": dict(held.conflicts),
        "score_sheets": [encode(sheet) for sheet in held.sheets.values()],
        "standing": encode(held.standing),
        "enterprise_decisions": [encode(one) for one in held.enterprise_decisions.values()],
        "decision": encode(held.decision),
        "opinions": _opinions(held),
    }


def ranking(unit: Any, call_id: str, track: str) -> list[dict[str, Any]]:
    """The ranked proposals of a track, best first, then those below the pass mark."""
    table = review_list.c
    query = (
        sa.select(review_list)
        .where(table.call_id == call_id, table.track == track, table.final_centi.is_not(None))
        .order_by(table.rank.is_(None), table.rank, table.final_centi.desc())
    )
    return [dict(row) for row in unit.connection.execute(query).mappings()]


def panels(unit: Any, call_id: str) -> list[dict[str, Any]]:
    """The panels of a call with their members."""
    query = sa.select(panel_list).where(panel_list.c.call_id == call_id)
    rows = unit.connection.execute(query.order_by(panel_list.c.track)).mappings()
    return [{**row, "members": json.loads(row["members"])} for row in rows]


def opinions(unit: Any, case: str) -> list[dict[str, Any]]:
    """[{opinion_id, text, reply}]: anonymised."""
    row = _row(unit, case)
    return _opinions(_load(unit, row)) if row else []


def _opinions(held: ReviewCase) -> list[dict[str, Any]]:
    return [
        {"opinion_id": str(id), "text": opinion.text, "reply": held.answers.get(id)}
        for id, opinion in sorted(held.opinions.items(), key=lambda pair: str(pair[0]))
    ]


def _row(unit: Any, case: str) -> dict[str, Any] | None:
    query = sa.select(review_list).where(
        sa.or_(review_list.c.case_number == case, review_list.c.case_id == case)
    )
    row = unit.connection.execute(query).mappings().first()
    return dict(row) if row else None


def _load(unit: Any, row: dict[str, Any]) -> ReviewCase:
    held: ReviewCase = unit.streams.load(ReviewCase, "review", UUID(row["case_id"]))[0]
    return held
