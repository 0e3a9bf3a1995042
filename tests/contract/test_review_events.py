"""What review publishes keeps its contract and looks like the examples given to its listeners."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.review.publishing import publish
from shared.contracts import review
from shared.contracts.catalogue import check_data
from tests.support.review_desk import (
    CALL,
    CHAIR,
    DEADLINE,
    LATER,
    OFFICER,
    REVIEWERS,
    SLOT,
    Desk,
    attendance,
    sheet,
    ubns,
)

EXAMPLES = Path(review.__file__).parent / "examples"
OWN = set(review.EVENTS) - {"StepTaken"}  # of which test_steps.py speaks


@pytest.fixture(scope="module")
def published() -> Mapping[str, Mapping[str, Any]]:
    """One event of each type from a whole run, by type."""
    desk = Desk()
    pop = desk.accepted(1, "POP", ubns(80), requested_twd=2_000_000)
    early = DEADLINE - timedelta(minutes=1)
    fus = desk.accepted(2, "FUS", ubns(34, 200), requested_twd=1_760_000, submitted_at=early)
    gone = desk.accepted(3, "POP", ubns(50, 300))
    desk.panel("POP")
    desk.panel("FUS")
    desk.presented(pop)
    desk.presented(fus)
    desk.notified(gone)
    desk.do("RecordAttendance", OFFICER, SLOT, **attendance(gone, manager_present=False))
    waived = {"case_id": str(gone), "good_reason": False, "reason": "未到場且未說明"}
    desk.do("DecideAbsence", OFFICER, **waived)
    desk.scored(pop, (9000, 8500, 8800))
    desk.scored(fus, (6950, 7000, 7000))
    corrected = {"case_id": str(pop), "scores_centi": sheet(9150), "reason": "加總誤植"}
    desk.do("CorrectScore", REVIEWERS[0], **corrected)
    desk.ranked("POP")
    desk.ranked("FUS")
    decision = {"case_id": str(pop), "approved_count": 80, "approved_twd": 1_900_000}
    conditions = [{"id": "C1", "text": "增列續用誘因"}]
    desk.do("DecideSelection", CHAIR, **decision, conditions=conditions)
    desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    found = {"case_id": str(pop), "finding": "企業名單登載不實", "reason": "申請資料不實"}
    notice = {"case_id": found["case_id"], "finding": found["finding"]}
    desk.do("GiveRevocationNotice", OFFICER, **notice)
    desk.do("RevokeSelection", OFFICER, LATER + timedelta(days=8), **found)
    streams = [("review", fus), ("review", gone), ("review", pop), ("results", CALL)]
    recorded = [event for stream in streams for event in desk.history(*stream)]
    return dict(data for event in recorded if (data := publish(event)) is not None)


@pytest.mark.parametrize("type", sorted(OWN))
def test_an_example_keeps_the_contract(type: str):
    check_data("review", type, example(type))


@pytest.mark.parametrize("type", sorted(OWN))
def test_what_is_published_has_the_shape_of_the_example(type: str, published):
    check_data("review", type, published[type])
    assert shape(published[type]) == shape(example(type))


def test_there_is_no_event_without_an_example_and_none_that_is_not_published(published):
    assert set(published) == OWN


def test_private_events_are_not_published():
    desk = Desk()
    case_id = desk.accepted(1, "POP", ubns(50))
    assert [publish(event) for event in desk.history("review", case_id)] == [None, None]


def test_the_finding_of_a_revocation_stays_inside(published):
    assert "finding" not in published["SelectionRevoked"]


def example(type: str) -> dict[str, Any]:
    path = EXAMPLES / f"{type}.v1.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def shape(data: Mapping[str, Any]) -> dict[str, Any]:
    """Keys and kinds of values; of a list, the keys of its first row."""
    return {key: _kind(value) for key, value in data.items()}


def _kind(value: Any) -> Any:
    if isinstance(value, list):
        return [sorted(value[0]) if value and isinstance(value[0], dict) else "item"]
    return type(value).__name__
