"""What monitoring publishes has the shape of the stored examples, which keep their contracts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.monitoring.domain import events as e
from services.monitoring.publishing import publish
from shared.contracts import monitoring
from shared.contracts.catalogue import check_data
from shared.kernel.decisions import Decision
from shared.kernel.envelope import Actor, Metadata, RecordedEvent
from tests.support.monitoring_events import CASE, at, failed, passed, reported

EXAMPLES = Path(__file__).parents[2] / "shared" / "contracts" / "examples"
OWN = set(monitoring.EVENTS) - {"StepTaken"}  # of which test_steps.py speaks
NUMBER = "CP112-0001"
ID = UUID("0b2f4f6a-7a0e-5a2e-8a64-0d6c2b1f9c11")
TEXT = {"zh-Hant": "「期中報告」應於112年7月29日前完成，已逾期", "en": "overdue since 2023-07-29"}

PUBLISHED = (
    reported(),
    passed(),
    failed(),
    e.PlanChangeApproved(
        case_id=CASE,
        case_number=NUMBER,
        change_id=ID,
        kind="ENTERPRISES",
        amount_twd=1_417_500,
        removed_ubns=("22099131",),
        added=({"ubn": "84149961", "name": "示範美甲工作室"},),
    ),
    e.CureNoticeIssued(
        case_id=CASE,
        case_number=NUMBER,
        notice_id=ID,
        subject="使用紀錄未達常態標準",
        cure_by=date(2023, 8, 15),
    ),
    e.ComplianceAlertRaised(
        case_id=CASE,
        case_number=NUMBER,
        alert_id=ID,
        kind="late",
        obligation="CAL-12",
        about=None,
        text=TEXT,
    ),
    e.ComplianceAlertCleared(
        case_id=CASE, case_number=NUMBER, alert_id=ID, kind="late", reason="義務已履行"
    ),
    e.CaseClosed(
        case_id=CASE,
        case_number=NUMBER,
        closed_on=date(2023, 12, 20),
        follow_up_ends_on=date(2026, 12, 20),
    ),
    e.FollowUpCompleted(
        case_id=CASE, case_number=NUMBER, ended_on=date(2026, 12, 20), reports=3, missing=0
    ),
)


def example(type: str) -> Mapping[str, Any]:
    """The stored example of a public event."""
    return json.loads((EXAMPLES / f"{type}.v1.json").read_text(encoding="utf-8"))


def told(event: Any) -> Mapping[str, Any]:
    """The data that is published of a stored event."""
    recorded = RecordedEvent(
        id=ID,
        stream=f"monitoring-{CASE}",
        version=1,
        type=type(event).__name__,
        schema_version=1,
        event=event,
        metadata=Metadata(
            actor=Actor(id="clock", roles=("clock",)),
            occurred_at=at("2023-07-30", "00:00:00"),
            decision=Decision(
                programme="coprosperity-112",
                digest="0" * 64,
                moment=None,
                rules=("CP-FIN-25",),
            ).as_dict(),
        ),
        recorded_at=at("2023-07-30", "00:00:00"),
    )
    published = publish(recorded)
    assert published is not None, f"{recorded.type} is public"
    return published[1]


def shape(data: Any) -> Any:
    """Keys and kinds of values, without the values."""
    if isinstance(data, Mapping):
        return {key: shape(value) for key, value in data.items()}
    return type(data).__name__


@pytest.mark.parametrize("event", PUBLISHED, ids=lambda event: type(event).__name__)
def test_what_is_published_has_the_shape_of_its_example(event: Any):
    name = type(event).__name__
    assert shape(told(event)) == shape(example(name))


def test_every_public_event_has_an_example_that_keeps_its_contract():
    assert {type(event).__name__ for event in PUBLISHED} == OWN
    for name in OWN:
        check_data("monitoring", name, example(name))


def test_private_events_stay_inside():
    private = e.RemarkNoted(
        case_id=CASE, obligation="CAL-19", period=None, due_on=date(2023, 11, 30)
    )
    recorded = RecordedEvent(
        id=ID,
        stream=f"monitoring-{CASE}",
        version=1,
        type="RemarkNoted",
        schema_version=1,
        event=private,
        metadata=Metadata(actor=Actor(id="clock", roles=()), occurred_at=at("2023-12-01")),
        recorded_at=at("2023-12-01"),
    )
    assert publish(recorded) is None
