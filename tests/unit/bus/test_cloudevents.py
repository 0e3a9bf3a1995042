from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.bus.cloudevents import MalformedEnvelope, from_wire, to_wire
from shared.kernel.envelope import PublicEvent

EVENT = PublicEvent(
    id=UUID(int=1),
    source="intake",
    type="ProposalSubmitted",
    schema_version=1,
    feed_sequence=7,
    occurred_at=datetime(2023, 3, 16, 9, 0, 0, 1, tzinfo=UTC),
    data={"case_id": str(UUID(int=2)), "applicant_name": "甲商號"},
    subject=UUID(int=2),
    causation_id=UUID(int=3),
    actor_id="applicant-1",
    pack_digest="ab" * 32,
)


def _again(headers: dict[str, str], event: PublicEvent = EVENT) -> PublicEvent:
    return from_wire({**to_wire(event).headers, **headers}, event.data)


def test_an_event_comes_back_equal():
    assert _again({}) == EVENT


def test_an_event_without_case_cause_and_pack_comes_back_equal():
    bare = replace(EVENT, subject=None, causation_id=None, pack_digest=None, actor_id="")

    assert _again({}, bare) == bare


def test_the_attributes_are_those_of_the_specification():
    wire = to_wire(EVENT)

    assert wire.routing_key == "intake.ProposalSubmitted"
    assert wire.headers["cloudEvents:specversion"] == "1.0"
    assert wire.headers["cloudEvents:type"] == "grantcase.intake.ProposalSubmitted.v1"
    assert wire.headers["cloudEvents:source"] == "/grantcase/intake"
    assert wire.headers["cloudEvents:subject"] == str(EVENT.subject)
    assert wire.headers["cloudEvents:time"] == "2023-03-16T17:00:00.000001+08:00"
    assert wire.headers["cloudEvents:sequence"] == "7"


def test_personal_names_of_headers_never_hold_the_data():
    assert "甲商號" not in str(to_wire(EVENT).headers)


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        ("specversion", "0.3"),
        ("id", "not-a-uuid"),
        ("type", "grantcase.intake.ProposalSubmitted"),
        ("source", "/grantcase/review"),
        ("time", "2023-03-16T17:00:00"),
        ("sequence", "0"),
        ("sequence", "seven"),
        ("subject", "CP112-0001"),
        ("causationid", ""),
    ],
)
def test_a_malformed_attribute_is_named(attribute: str, text: str):
    with pytest.raises(MalformedEnvelope, match=attribute):
        _again({f"cloudEvents:{attribute}": text})


@pytest.mark.parametrize("data", [None, [], "text", 1])
def test_data_must_be_an_object(data: object):
    with pytest.raises(MalformedEnvelope, match="data"):
        from_wire(to_wire(EVENT).headers, data)


def test_a_message_without_headers_is_no_event():
    with pytest.raises(MalformedEnvelope, match="specversion"):
        from_wire(None, {})
