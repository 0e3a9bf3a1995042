"""What the relay sends is what the feed tells, and nothing is stored that cannot be sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from shared.bus.cloudevents import to_wire
from shared.bus.door import do
from shared.bus.feeds import feed
from shared.bus.outgoing import outgoing
from shared.bus.publication import BrokenContract, Publication
from shared.eventstore.codec import Undecodable
from shared.eventstore.registry import TypeRegistry
from shared.kernel.envelope import Personal
from tests.support import pair
from tests.unit.bus.conftest import OFFICER, Pair, case_id, envelope

NOBODY = str(UUID(int=9))


def test_the_message_of_a_row_is_that_of_its_public_event(services: Pair):
    for case in ("one", "two", "three"):
        services.reject(case, reason='甲 "quoted"\n')

    sent = outgoing(services.intake, 0, 500)

    assert len(sent) == 3
    assert sent == [to_wire(event) for event in feed(services.intake, 0)]


def test_the_window_starts_after_the_cursor_and_ends_with_the_limit(services: Pair):
    for case in ("one", "two", "three", "four"):
        services.reject(case)

    sent = outgoing(services.intake, 1, 2)

    assert [wire.headers["cloudEvents:sequence"] for wire in sent] == ["2", "3"]


def test_a_field_left_out_stays_inside(services: Pair):
    services.reject("one")
    services.intake.publish._left_out = {"ProposalRejected": ("reasons",)}

    with pytest.raises(BrokenContract, match="reasons"):  # the contract wants it: so it stops
        outgoing(services.intake, 0, 500)


def test_a_row_in_an_older_shape_is_decoded_first(services: Pair):
    @dataclass(frozen=True, slots=True, kw_only=True)
    class ProposalRejected(pair.ProposalRejected):
        SCHEMA_VERSION = 2

    def renamed(tree: dict[str, object]) -> dict[str, object]:
        return {**tree, "reasons": ["renamed"]}

    services.reject("one", reason="old")
    services.intake.units.reader._registry = services.intake.units.registry = TypeRegistry(
        [ProposalRejected], {("ProposalRejected", 1): renamed}
    )

    (sent,) = outgoing(services.intake, 0, 500)

    assert b'"reasons":["renamed"]' in sent.body


def test_a_row_with_a_personal_value_is_never_sent_unread(services: Pair):
    services.intake.units.promise = lambda recorded: None  # as if nothing had been checked
    _store_a_personal_reason(services)

    with pytest.raises(Undecodable):  # it is opened, and no reason may be personal
        outgoing(services.intake, 0, 500)


def test_an_event_with_a_personal_value_is_not_stored(services: Pair):
    with pytest.raises(BrokenContract, match="Personal"):
        _store_a_personal_reason(services)

    assert not services.intake.units.reader.history("screening", case_id("one"))


def test_an_event_that_breaks_its_contract_is_not_stored(services: Pair):
    services.intake.publish._left_out = {"ProposalRejected": ("case_number",)}

    with pytest.raises(BrokenContract, match=r"intake\.ProposalRejected.*case_number"):
        do(services.intake, envelope("one"))

    assert not services.intake.units.reader.history("screening", case_id("one"))


def test_a_private_event_is_not_published(services: Pair):
    services.reject("one")
    recorded = services.intake.units.reader.history("screening", case_id("one"))[0]

    assert Publication("intake")(replace(recorded, type="ReturnNoted")) is None


def _store_a_personal_reason(services: Pair) -> None:
    event = pair.ProposalRejected(
        case_id=case_id("one"),
        case_number="CP112-0001",
        reasons=(Personal(NOBODY, "王小明"),),  # type: ignore[arg-type]
    )
    command = pair.CloseScreening(
        command_id=case_id("command"),
        actor=OFFICER,
        received_at=envelope("one").received_at,
        case_id=case_id("one"),
        reason="late",
    )
    with services.intake.units.begin() as unit:
        unit.streams.append(
            "screening", case_id("one"), [event], expected_version=0, caused_by=command
        )
        unit.commit()
    services.sequencer.seal_all()
