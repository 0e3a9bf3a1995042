"""Every command of review is declared whole: handler, grant, target, a valid example."""

from __future__ import annotations

import pytest

from services.review.application.handlers import HANDLERS
from services.review.schemas import COMMANDS, REACTIONS
from shared.bus.command_schema import example, load_command
from shared.contracts.catalogue import SOURCES
from shared.kernel.envelope import CommandEnvelope
from shared.kernel.permissions import TABLE
from shared.kernel.permissions.review import GRANTS
from tests.support.review_desk import LATER, OFFICER
from tests.support.review_events import CASE


def test_each_command_has_a_handler_and_a_grant():
    assert set(COMMANDS) == set(HANDLERS) == set(GRANTS)
    assert set(GRANTS) <= set(TABLE)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_example_of_a_command_is_accepted_by_its_schema(name: str):
    spec = COMMANDS[name]
    envelope = CommandEnvelope(
        command_id=CASE,
        name=name,
        actor=OFFICER,
        received_at=LATER,
        payload=example(spec.command),
    )
    command = load_command(spec.command, envelope)
    assert spec.target(command)[0] in ("review", "panel", "results", "steps")


def test_reactions_name_events_that_are_published():
    for source, type in REACTIONS:
        assert type in SOURCES[source]
