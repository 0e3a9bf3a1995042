"""Builders of review's events with full defaults: a test names only what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.review.domain.events import committee as c
from services.review.domain.events import review as r
from services.review.domain.events import selection as s
from services.review.domain.review_case import ReviewCase
from shared.kernel.clock import TAIPEI
from shared.kernel.ids import derived_id

CASE = derived_id("case", 1)
CALL = derived_id("call", 1)
DIGEST = "0" * 64
AT_MEETING = datetime(2023, 3, 28, 10, 0, tzinfo=TAIPEI)
SHEET = derived_id("sheet", 1)
SCORES = {
    "completeness": 2000,
    "fitness": 2000,
    "feasibility": 1500,
    "kpi": 1100,
    "continuity": 700,
    "integration": 350,
}


def file_opened(**given: Any) -> r.ReviewFileOpened:
    """Submitted one minute before the deadline."""
    fields = {
        "case_id": CASE,
        "case_number": "CP112-0001",
        "call_id": CALL,
        "programme_id": "coprosperity-112",
        "pack_digest": DIGEST,
        "applicant_ubn": "12345676",
        "applicant_name": "共好資訊股份有限公司",
        "track": "POP",
        "enterprise_count": 3,
        "requested_twd": 1_500_000,
        "submitted_at": datetime(2023, 3, 16, 16, 59, tzinfo=TAIPEI),
    }
    return r.ReviewFileOpened(**{**fields, **given})


def review_opened(**given: Any) -> r.ReviewOpened:
    """Three enterprises a, b, c; screened by screening-1."""
    ubns = given.pop("ubns", ("a", "b", "c"))
    fields = {
        "case_id": CASE,
        "tier": "A",
        "cap_twd": 1_500_000,
        "requested_twd": 1_500_000,
        "enterprises": tuple({"ubn": ubn, "name": ubn, "employees": 4} for ubn in ubns),
        "letters": (),
        "participant_ubns": ("12345676",),
        "tasks": (),
        "forms": {},
        "screened_by": "screening-1",
    }
    return r.ReviewOpened(**{**fields, **given})


def meeting_notified(**given: Any) -> r.MeetingNotified:
    """The slot of AT_MEETING, on site."""
    fields = {
        "case_id": CASE,
        "slot_at": AT_MEETING,
        "mode": "on-site",
        "place": "",
        "delegate_allowed": False,
    }
    return r.MeetingNotified(**{**fields, **given})


def presentation_given(**given: Any) -> r.PresentationGiven:
    """By the project manager."""
    fields = {"case_id": CASE, "mode": "on-site", "identity_checked": True, "by_delegate": False}
    return r.PresentationGiven(**{**fields, **given})


def absence_recorded(**given: Any) -> r.AbsenceRecorded:
    """Nobody came."""
    fields = {"case_id": CASE, "stated_reason": None, "delegate_came": False}
    return r.AbsenceRecorded(**{**fields, **given})


def score_recorded(**given: Any) -> c.ScoreRecorded:
    """The first sheet of reviewer-1."""
    fields = {
        "case_id": CASE,
        "case_number": "CP112-0001",
        "sheet_id": SHEET,
        "reviewer_id": "reviewer-1",
        "scores_centi": SCORES,
        "total_centi": sum(given.get("scores_centi", SCORES).values()),
        "corrects": None,
    }
    return c.ScoreRecorded(**{"answers": {}, **fields, **given})


def conflict(member_id: str, kind: str, **given: Any) -> c.ConflictDeclared:
    """A relation that counts."""
    fields = {"case_id": CASE, "ended_on": None, "counts": True, "note": ""}
    return c.ConflictDeclared(member_id=member_id, kind=kind, **{**fields, **given})


def scoring_closed(**given: Any) -> c.ScoringClosed:
    """Passed, first of its track."""
    fields = {
        "case_id": CASE,
        "members": 3,
        "base_centi": 7650,
        "bonuses": (),
        "final_centi": 7650,
        "passed": True,
        "rank": 1,
    }
    return c.ScoringClosed(**{**fields, **given})


def selection_decided(**given: Any) -> s.SelectionDecided:
    """Selected, with enterprises a, b, c."""
    ubns = given.get("approved_ubns", ("a", "b", "c"))
    fields = {
        "case_id": CASE,
        "outcome": "selected",
        "approved_count": len(ubns),
        "approved_twd": 1_400_000,
        "approved_ubns": ubns,
        "conditions": ({"id": "C1", "text": "增列續用誘因"},),
        "reserve_order": None,
        "reason": "",
    }
    return s.SelectionDecided(**{**fields, **given})


def folded(*events: object) -> ReviewCase:
    """The review after these events."""
    case = ReviewCase()
    for event in events:
        case = case.apply(event)
    return case


def presented(*more: object) -> ReviewCase:
    """A review that may be scored."""
    before = (file_opened(), review_opened(), meeting_notified(), presentation_given())
    return folded(*before, *more)


def ranked(*more: object) -> ReviewCase:
    """A review whose track is ranked."""
    return presented(score_recorded(), scoring_closed(), *more)


def chosen(number: int, submitted_at: datetime, ubns: Sequence[str]) -> ReviewCase:
    """A ranked proposal that the committee selected with these enterprises."""
    case_id = derived_id("case", number)
    ids: dict[str, UUID] = {"case_id": case_id}
    return folded(
        file_opened(**ids, case_number=f"CP112-{number:04d}", submitted_at=submitted_at),
        review_opened(**ids, ubns=tuple(ubns)),
        presentation_given(**ids),
        scoring_closed(**ids),
        selection_decided(**ids, approved_ubns=tuple(ubns)),
    )
