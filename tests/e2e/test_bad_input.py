"""Bad input to every command of the four services: a clear answer, and nothing stored.

What the schema, the role and the unknown case refuse is tried on the example of every command;
what depends on a case's state is tried inside a whole story (tests/support/embedded_probes.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grantcase import commands
from grantcase.demo.proposing import Stage
from shared.bus.command_schema import example
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.permissions import ROLES, TABLE
from tests.support.embedded import Office, copied, difference, opened
from tests.support.embedded_demo import Told
from tests.support.embedded_payloads import bad_payloads
from tests.support.embedded_probes import ProbingBackend, dry_run, refused_document

COMMANDS = sorted(commands.catalogue())
OF_A_CASE = [
    name
    for name in COMMANDS
    if "case_id" in example(commands.find(name)[1].command)
    and name != "OpenDraft"  # makes the case
    and {role for role, _ in TABLE[name]} != {"clock"}
]
BY_CLOCK = [name for name in COMMANDS if {role for role, _ in TABLE[name]} == {"clock"}]


@pytest.fixture(scope="module")
def desk(
    published: tuple[Path, Stage], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """One store for all refusals: nothing may be stored in it."""
    template, stage = published
    folder = tmp_path_factory.mktemp("bad-input") / "store"
    with opened(copied(template, folder), stage) as office:
        yield office


def sample(desk: Office, name: str, role: str | None = None) -> CommandEnvelope:
    """A command with its example payload, by one who has the role."""
    role = role or TABLE[name][0][0]
    payload = example(commands.find(name)[1].command)
    ubn = payload.get("ubn") or payload.get("applicant_ubn") or "12345676"
    return desk.envelope(Actor(id="someone", roles=(role,), organisation=ubn), name, payload)


def unchanged(desk: Office, before: Any) -> None:
    """No table of any service has another number of rows."""
    assert difference(before, desk.stored()) == {}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_wrong_field_is_named_and_nothing_is_stored(desk: Office, name: str) -> None:
    service, spec = commands.find(name)
    valid, before, wrong = sample(desk, name), desk.stored(), {}
    for what, field, payload in bad_payloads(spec.command, valid.payload):
        document = refused_document(desk.embedded, service, replace(valid, payload=payload))
        named = field in document.get("field", "") or field in document.get("problems", {})
        if document["error"] != "invalid-input" or not named:
            wrong[what] = document
    assert wrong == {}
    unchanged(desk, before)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_role_that_is_not_granted_is_refused(desk: Office, name: str) -> None:
    service, before = commands.find(name)[0], desk.stored()
    granted = {role for role, _ in TABLE[name]}
    for role in (*sorted(set(ROLES) - granted), None):
        actor = Actor(id="someone", roles=(role,) if role else (), organisation="12345676")
        document = refused_document(
            desk.embedded, service, replace(sample(desk, name), actor=actor)
        )
        assert (document["error"], document["field"]) == ("not-permitted", "actor.roles"), role
        assert name in document["message"]["en"]
    unchanged(desk, before)


@pytest.mark.parametrize("name", OF_A_CASE)
def test_a_case_that_does_not_exist_is_refused(desk: Office, name: str) -> None:
    service, before = commands.find(name)[0], desk.stored()
    document = refused_document(desk.embedded, service, sample(desk, name))
    assert document["error"] in ("unknown", "wrong-state")
    unchanged(desk, before)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_stream_that_stands_elsewhere_is_stale(desk: Office, name: str) -> None:
    service, before = commands.find(name)[0], desk.stored()
    envelope = replace(sample(desk, name), expected_version=7)
    document = refused_document(desk.embedded, service, envelope)
    assert (document["error"], document["field"]) == ("stale-version", "expected_version")
    unchanged(desk, before)


GIVEN_IN_THE_STORY = 45
"""At least so many commands of people are tried in the state that allows them."""


def test_bad_input_inside_a_story_is_refused_and_leaves_no_trace(
    probed: tuple[Told, ProbingBackend],
) -> None:
    """Another organisation, the maker as checker, stale versions, repeated ids, strange contents,
    refusals by rule, and every command again in the state after it."""
    probes = probed[1]
    assert probes.faults == {}
    assert len(probes.seen) >= GIVEN_IN_THE_STORY
    assert min(probes.seen.values()) >= 3


def test_after_its_end_a_case_takes_no_more_of_its_commands(
    probed: tuple[Told, ProbingBackend], tmp_path: Path
) -> None:
    """Whatever was once valid is refused in words, or is a repetition that changes nothing."""
    told, probes = probed
    accepted: dict[str, list[str]] = {}
    with opened(copied(told.folder, tmp_path / "store"), starts=END) as office:
        for name, envelope in probes.last.items():
            late = replace(envelope, received_at=office.embedded.now())
            events = dry_run(office.embedded, commands.find(name)[0], late)
            if events and not events[0].startswith("<"):
                accepted[name] = events
    assert accepted == {}


END = "2026-12-21T09:00:00+08:00"


def test_what_only_later_steps_read_is_checked_when_it_comes_in(
    probed: tuple[Told, ProbingBackend],
) -> None:
    """Commands that the story never gives were tried in its states, too."""
    of_people = set(COMMANDS) - set(BY_CLOCK) - TRIED_ELSEWHERE
    assert of_people - probed[1].seen.keys() <= probed[1].tried_aside | {"EraseSubject"}


TRIED_ELSEWHERE = {
    *("TakeApplicationStep", "TakeReviewStep", "TakeContractStep", "TakeExecutionStep"),
    *("RegisterCase", "SubmitVouchers", "AuditVouchers", "CloseFinanceReview"),
    *("RecordAccountMovements", "AssessOverdraw", "RecordInterestRemittance"),
    *("OpenJointClaim", "ReleaseJointDebtor"),
}
"""What this programme has no steps or sections for: test_bad_steps.py, test_registered_cases.py,
tests/unit/finance."""
