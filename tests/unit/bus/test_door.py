"""The one door: once per command id, for those who may, on the version they saw."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.bus.door import content_digest, do, repeat_on_conflict
from shared.kernel.envelope import Actor
from shared.kernel.errors import (
    CommandIdReused,
    InvalidInput,
    NotPermitted,
    StaleVersion,
    UnknownThing,
    VersionConflict,
)
from tests.unit.bus.conftest import Pair, case_id, envelope


def version(services: Pair, case: str) -> int:
    with services.intake.units.begin() as unit:
        return unit.version_of("screening", case_id(case))


def test_an_accepted_command_answers_with_its_events(services: Pair) -> None:
    answer = do(services.intake, envelope("a"))
    assert answer["stream"] == f"screening-{case_id('a')}"
    assert [event["type"] for event in answer["events"]] == ["ProposalRejected"]
    assert answer["version"] == version(services, "a") == 1


def test_the_same_command_again_has_the_first_answer_and_no_second_event(services: Pair) -> None:
    command = envelope("a")
    assert do(services.intake, command) == do(services.intake, command)
    assert version(services, "a") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {"case_id": str(case_id("a")), "reason": "other"}},
        {"actor": Actor(id="li", roles=("screening_officer",))},
        {"expected_version": 1},
    ],
)
def test_the_same_id_with_other_content_is_refused(services: Pair, change: dict) -> None:
    command = envelope("a")
    do(services.intake, command)
    with pytest.raises(CommandIdReused):
        do(services.intake, replace(command, **change))


def test_the_content_does_not_depend_on_the_time_it_was_sent_again(services: Pair) -> None:
    command = envelope("a")
    later = replace(command, received_at=command.received_at.replace(year=2024))
    assert content_digest(command) == content_digest(later)


def test_an_expected_version_must_be_the_one_that_stands(services: Pair) -> None:
    do(services.intake, envelope("a", expected_version=0))
    with pytest.raises(StaleVersion):
        do(services.intake, envelope("a", expected_version=0))
    do(services.intake, envelope("a", expected_version=1))


def test_an_unknown_command_is_refused(services: Pair) -> None:
    with pytest.raises(UnknownThing):
        do(services.intake, envelope("a", name="OpenTheSafe"))


def test_a_role_is_asked_for_before_the_payload_is_read(services: Pair) -> None:
    with pytest.raises(NotPermitted):
        do(services.intake, envelope("a", actor=Actor(id="x", roles=("auditor",)), payload={}))


@pytest.mark.parametrize("payload", [[], "text", None, 5])
def test_a_payload_is_an_object(services: Pair, payload: object) -> None:
    with pytest.raises(InvalidInput):
        do(services.intake, envelope("a", payload=payload))


def test_a_conflict_is_repeated_three_times_and_then_told() -> None:
    tries = []

    def conflict() -> None:
        tries.append(1)
        raise VersionConflict

    with pytest.raises(VersionConflict):
        repeat_on_conflict(conflict)
    assert len(tries) == 4


def test_a_conflict_that_passes_is_not_noticed() -> None:
    outcomes = iter([VersionConflict(), VersionConflict(), "done"])

    def attempt() -> object:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert repeat_on_conflict(attempt) == "done"
