"""What intake publishes keeps its contract and looks like the examples given to its listeners."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from services.intake.domain import events as e
from services.intake.publishing import publish
from shared.bus.publication import BrokenContract
from shared.contracts import intake
from shared.contracts.catalogue import check_data
from shared.kernel.envelope import Actor, Metadata, Personal, RecordedEvent
from shared.kernel.ids import derived_id
from tests.support.intake_events import (
    CALL,
    CASE,
    CLOSES,
    NUMBER,
    case_registered,
    letter_attached,
    proposal_accepted,
    proposal_submitted,
)

EXAMPLES = Path(intake.__file__).parent / "examples"
OWN = set(intake.EVENTS) - {"StepTaken"}  # of which test_steps.py speaks
DECISION = {
    "programme": "example-1",
    "pack_digest": "0" * 64,
    "moment": "submit",
    "facts_digest": "1" * 64,
    "rules": [],
    "findings": [],
    "values": {"n": 1},
    "clauses": ["EX-1/a"],
    "note": None,
}
PUBLIC = (
    e.PackPublished(
        programme_id="example-1",
        version=1,
        digest="0" * 64,
        pack={"id": "example-1", "version": 1},
    ),
    e.CallPublished(
        call_id=CALL,
        call_code="112-1",
        programme_id="example-1",
        pack_digest="0" * 64,
        title={"zh-Hant": "第一梯次", "en": "First call"},
        parameters={"budget_twd": 20_000_000},
    ),
    case_registered(),
    e.CaseRebound(
        case_id=CASE,
        case_number=NUMBER,
        programme_id="example-1",
        from_digest="0" * 64,
        to_digest="1" * 64,
        version=2,
        reason="修正公告",
    ),
    proposal_submitted(),
    e.ProposalSupplemented(
        case_id=CASE,
        case_number=NUMBER,
        kind="letter",
        ubn="12345676",
        verified=True,
        after_grace=False,
    ),
    e.ProposalLapsed(case_id=CASE, case_number=NUMBER),
    proposal_accepted(),
    e.ProposalRejected(case_id=CASE, case_number=NUMBER, reasons=("EX-1",)),
    e.SubjectErased(subject_id="s-1"),
)
NOT_YET = {"ProposalWithdrawn"}  # no programme so far allows a withdrawal


def recorded(event: object) -> RecordedEvent:
    return RecordedEvent(
        id=derived_id("event", type(event).__name__),
        stream=f"proposal-{CASE}",
        version=1,
        type=type(event).__name__,
        schema_version=1,
        event=event,
        metadata=Metadata(
            actor=Actor(id="ann", roles=("applicant",)), occurred_at=CLOSES, decision=DECISION
        ),
        recorded_at=CLOSES,
    )


def published() -> dict[str, Mapping[str, Any]]:
    found = (publish(recorded(event)) for event in PUBLIC)
    return dict(pair for pair in found if pair is not None)


def example(type: str) -> dict[str, Any]:
    return dict(json.loads((EXAMPLES / f"{type}.v1.json").read_text(encoding="utf-8")))


def shape(data: Mapping[str, Any]) -> dict[str, str]:
    return {key: type(value).__name__ for key, value in data.items()}


@pytest.mark.parametrize("type", sorted(OWN - NOT_YET))
def test_what_is_published_keeps_the_contract_and_the_examples_shape(type):
    data = published()[type]
    check_data("intake", type, data)
    check_data("intake", type, example(type))
    assert shape(data) == shape(example(type))


def test_every_public_event_has_an_example():
    assert set(published()) == OWN - NOT_YET


def test_private_events_are_not_published():
    assert publish(recorded(letter_attached())) is None
    assert publish(recorded(e.FormSaved(case_id=CASE, form="F01", content={}))) is None


def test_a_registered_case_does_not_tell_what_its_contract_does_not_name():
    assert "applicant_name" not in published()["CaseRegistered"]
    assert "enterprise_ubns" not in published()["ProposalSubmitted"]


def test_a_public_event_with_a_personal_value_is_refused():
    leaky = proposal_accepted(forms={"F02": {"responsible_person": Personal("s-1", "王小明")}})
    with pytest.raises(BrokenContract, match="Personal"):
        publish(recorded(leaky))
