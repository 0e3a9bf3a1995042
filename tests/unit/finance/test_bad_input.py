"""Every command of finance with something wrong: an error that names it, and nothing stored."""

from __future__ import annotations

from dataclasses import MISSING
from typing import Any

import pytest

from services.finance.application.handlers import HANDLERS
from services.finance.schemas import COMMANDS
from shared.bus.command_schema import example, load_command, own_fields
from shared.bus.door import do
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.errors import CommandIdReused, InvalidInput, NotPermitted
from shared.kernel.permissions import TABLE
from tests.support.finance_desk import Desk
from tests.support.finance_events import CASE, OFFICER, at, named

NAMES = sorted(COMMANDS)
REQUIRED = [
    (name, field.name)
    for name in NAMES
    for field in own_fields(COMMANDS[name].command)
    if field.default is MISSING
]
ALL_ROLES = {role for grants in TABLE.values() for role, _ in grants}


def envelope(name: str, payload: Any, actor: Actor | None = None) -> CommandEnvelope:
    roles = tuple({role for role, _ in TABLE[name]})
    return CommandEnvelope(
        command_id=named(f"bad-{name}"),
        name=name,
        actor=actor or Actor(id="anybody", roles=roles, organisation="12345676"),
        received_at=at("2023-08-01"),
        payload=payload,
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_command_is_valid(name: str):
    command = COMMANDS[name].command
    assert load_command(command, envelope(name, example(command)))
    assert HANDLERS[name] is COMMANDS[name].handler


@pytest.mark.parametrize(("name", "field"), REQUIRED)
def test_a_missing_field_is_named(name: str, field: str):
    payload = {k: v for k, v in example(COMMANDS[name].command).items() if k != field}
    with pytest.raises(InvalidInput) as refusal:
        load_command(COMMANDS[name].command, envelope(name, payload))
    assert refusal.value.field == f"/{field}"


@pytest.mark.parametrize(("name", "field"), REQUIRED)
def test_a_wrong_type_is_named(name: str, field: str):
    payload = {**example(COMMANDS[name].command), field: object()}
    with pytest.raises(InvalidInput) as refusal:
        load_command(COMMANDS[name].command, envelope(name, payload))
    assert refusal.value.field.startswith(f"/{field}")


@pytest.mark.parametrize("name", NAMES)
def test_a_field_nobody_knows_is_named(name: str):
    payload = {**example(COMMANDS[name].command), "surprise": 1}
    with pytest.raises(InvalidInput) as refusal:
        load_command(COMMANDS[name].command, envelope(name, payload))
    assert refusal.value.field == "/surprise"


@pytest.mark.parametrize("name", NAMES)
def test_every_other_role_is_refused_and_nothing_is_stored(name: str):
    others = tuple(sorted(ALL_ROLES - {role for role, _ in TABLE[name]}))
    desk = Desk()
    stranger = Actor(id="everything-else", roles=others)
    with pytest.raises(NotPermitted):
        do(desk.core, envelope(name, example(COMMANDS[name].command), stranger))
    assert desk.units.store.rows == []


@pytest.mark.parametrize(
    "name",
    sorted(
        set(NAMES)
        - {
            "OpenBudget",
            "OpenContractFile",
            "RegisterContract",
            "NoteContractStep",
            "NoteContractRebinding",
        }
    ),
)
def test_a_case_without_a_contract_stores_nothing(name: str):
    desk = Desk()
    if name == "NoteContractLetter":  # a letter of a case that may never be selected
        do(desk.core, envelope(name, example(COMMANDS[name].command)))
    else:
        with pytest.raises(Exception, match="no contract file"):
            do(desk.core, envelope(name, example(COMMANDS[name].command)))
    assert desk.units.store.rows == []


def test_a_repeated_command_id_gives_the_first_answer_and_with_other_content_is_refused():
    desk = Desk()
    desk.select()
    payload = {"case_id": str(CASE), "reason": "補件"}
    first = do(desk.core, envelope("ExtendSigning", payload, OFFICER))
    assert do(desk.core, envelope("ExtendSigning", payload, OFFICER)) == first
    with pytest.raises(CommandIdReused):
        do(desk.core, envelope("ExtendSigning", {**payload, "reason": "else"}, OFFICER))
    assert desk.types().count("SigningExtended") == 1


def test_a_command_in_the_wrong_state_stores_nothing():
    desk = Desk()
    desk.sign()
    before = desk.types()
    for name, payload in {
        "ExtendSigning": {"reason": "…"},
        "LapseSelection": {"reason": "…"},
        "DecideForceMajeure": {"force_majeure": True, "reason": "…"},
    }.items():
        with pytest.raises(Exception, match="state is signed"):
            desk.do(name, OFFICER, "2023-06-01", **payload)
    assert desk.types() == before
