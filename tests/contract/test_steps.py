"""StepTaken is the same promise in every service."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from shared import contracts
from shared.bus.publication import Publication
from shared.contracts.catalogue import SOURCES, check_data
from shared.kernel.envelope import Actor, Metadata, RecordedEvent
from shared.kernel.ids import derived_id
from shared.kernel.steps.events import StepRecorded, StepTaken

EXAMPLES = Path(contracts.__file__).parent / "examples"
AT = datetime(2023, 4, 20, 2, 0, tzinfo=UTC)
CASE = UUID("6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10")
TAKING = {
    **{"case_id": CASE, "step": "plan_final", "key": "", "number": 1},
    **{"forms": {"P01": {"title": "智慧預約"}}, "taken_at": AT, "taken_by": "officer-1"},
    "returns": ("plan_draft",),
}
TAKEN = StepTaken(case_number="CP112-0001", shared_with=("review",), **TAKING)


def recorded(event: object) -> RecordedEvent:
    return RecordedEvent(
        id=derived_id("event"),
        stream=f"steps-{CASE}",
        version=1,
        type=type(event).__name__,
        schema_version=1,
        event=event,
        metadata=Metadata(actor=Actor(id="officer-1", roles=()), occurred_at=AT),
        recorded_at=AT,
    )


@pytest.mark.parametrize("service", SOURCES)
def test_a_step_is_told_as_the_contract_and_its_example_say(service):
    name, data = Publication(service)(recorded(TAKEN))
    told = json.loads((EXAMPLES / "StepTaken.v1.json").read_text("utf-8"))
    check_data(service, name, told)
    assert {**told, "decided_by": None} == {**json.loads(json.dumps(data)), "decided_by": None}


@pytest.mark.parametrize("service", SOURCES)
def test_what_was_recorded_of_it_stays_inside(service):
    assert Publication(service)(recorded(StepRecorded(**TAKING))) is None
