"""Wire to command: finance's commands with their target, and its reactions to public events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from services.finance.application import commands as c
from services.finance.application.handlers import HANDLERS
from shared.bus.service_core import CommandSpec, Reaction, derived_command
from shared.contracts.catalogue import SOURCES
from shared.kernel.envelope import Command, PublicEvent
from shared.kernel.ids import derived_id


def _target(command: Any) -> tuple[str, UUID | str]:
    if isinstance(command, c.OpenBudget):
        return "budget", command.call_id
    return "contract", command.case_id


COMMANDS: Mapping[str, CommandSpec] = {
    command.__name__: CommandSpec(command, HANDLERS[command.__name__], _target)
    for command in c.COMMANDS
}


def _typed(event: PublicEvent) -> dict[str, Any]:
    """The data with ids and dates as such, lists as tuples."""
    data = SOURCES[event.source][event.type]().load(dict(event.data))
    return {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}


def _command(command_class: type[Command], event: PublicEvent, **payload: Any) -> tuple[Command]:
    command_id = derived_id(event.id, command_class.__name__)
    return (derived_command(command_class, event, command_id, **payload),)


def _call_published(event: PublicEvent) -> tuple[Command, ...]:
    data = _typed(event)
    return _command(
        c.OpenBudget,
        event,
        call_id=data["call_id"],
        programme_id=data["programme_id"],
        pack_digest=data["pack_digest"],
    )


def _supplemented(event: PublicEvent) -> tuple[Command, ...]:
    data = _typed(event)
    if data["kind"] != "letter" or not data["verified"]:
        return ()
    return _command(c.NoteContractLetter, event, case_id=data["case_id"], ubn=data["ubn"])


def _selected(event: PublicEvent) -> tuple[Command, ...]:
    data = _typed(event)
    wanted = {f.name for f in fields(c.OpenContractFile)}
    return _command(c.OpenContractFile, event, **{k: v for k, v in data.items() if k in wanted})


def _selection_revoked(event: PublicEvent) -> tuple[Command, ...]:
    data = _typed(event)
    return _command(
        c.StopContractFile,
        event,
        case_id=data["case_id"],
        finding_id=derived_id(event.id, "finding"),
        reason=data["reason"],
    )


def _checkpoint_passed(event: PublicEvent) -> tuple[Command, ...]:
    data = _typed(event)
    return _command(
        c.MakeInstalmentPayable,
        event,
        case_id=data["case_id"],
        checkpoint=data["checkpoint"],
        passed_on=data["passed_on"],
        usage_records=data["usage_records"],
        letters=data["letters"],
        accepted_by=event.actor_id,
    )


def _checkpoint_failed(event: PublicEvent) -> tuple[Command, ...]:
    data = _typed(event)
    return _command(
        c.HoldInstalment,
        event,
        case_id=data["case_id"],
        checkpoint=data["checkpoint"],
        reason="、".join(data["reasons"]),
    )


def _plan_changed(event: PublicEvent) -> tuple[Command, ...]:
    data = _typed(event)
    return _command(
        c.ReduceContract,
        event,
        case_id=data["case_id"],
        change_id=data["change_id"],
        amount_twd=data["amount_twd"],
    )


def _case_closed(event: PublicEvent) -> tuple[Command, ...]:
    data = _typed(event)
    return _command(c.SettleContract, event, case_id=data["case_id"], closed_on=data["closed_on"])


REACTIONS: Mapping[tuple[str, str], Reaction] = {
    ("intake", "CallPublished"): _call_published,
    ("intake", "ProposalSupplemented"): _supplemented,
    ("review", "ProposalSelected"): _selected,
    ("review", "SelectionRevoked"): _selection_revoked,
    ("monitoring", "CheckpointPassed"): _checkpoint_passed,
    ("monitoring", "CheckpointFailed"): _checkpoint_failed,
    ("monitoring", "PlanChangeApproved"): _plan_changed,
    ("monitoring", "CaseClosed"): _case_closed,
}
