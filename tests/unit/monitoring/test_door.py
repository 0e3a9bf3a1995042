"""The door of monitoring: every command has a grant, a schema and an example that it accepts."""

from __future__ import annotations

from typing import Any

import pytest

from services.monitoring.schemas import COMMANDS
from shared.bus.command_schema import example, json_schema, load_command
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.errors import InvalidInput, NotPermitted
from shared.kernel.ids import derived_id
from shared.kernel.permissions import ROLES, check_role
from shared.kernel.permissions.monitoring import GRANTS
from tests.support.monitoring_events import at


def envelope(name: str, payload: Any) -> CommandEnvelope:
    return CommandEnvelope(
        command_id=derived_id(name),
        name=name,
        actor=Actor(id="a", roles=("applicant",)),
        received_at=at("2023-06-01"),
        payload=payload,
    )


def test_every_command_has_a_grant_and_every_grant_a_command():
    assert set(GRANTS) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_a_command_is_accepted(name: str):
    command = COMMANDS[name].command
    assert load_command(command, envelope(name, example(command)))
    assert set(json_schema(command)["required"]) <= set(example(command))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_missing_field_and_an_unknown_one_are_named(name: str):
    command = COMMANDS[name].command
    payload = {key: value for key, value in example(command).items() if key != "case_id"}
    with pytest.raises(InvalidInput, match="/case_id"):
        load_command(command, envelope(name, payload))
    with pytest.raises(InvalidInput, match="/colour"):
        load_command(command, envelope(name, {**example(command), "colour": "red"}))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_role_without_a_grant_is_refused(name: str):
    allowed = {role for role, _ in GRANTS[name]}
    for role in set(ROLES) - allowed:
        with pytest.raises(NotPermitted):
            check_role(name, Actor(id="x", roles=(role,)))


def test_a_wrong_type_inside_a_row_is_named_with_its_place():
    command = COMMANDS["RecordAdoption"].command
    payload = example(command)
    row = {**payload["adoptions"][0], "activated_at": "yesterday"}
    with pytest.raises(InvalidInput, match="/adoptions/0/activated_at"):
        load_command(command, envelope("RecordAdoption", {**payload, "adoptions": [row]}))
