"""Wire to command: finance's commands with their target, and its reactions to public events."""

from __future__ import annotations

from collections.abc import Mapping

from services.finance.application import commands as c
from services.finance.application import step_commands as s
from services.finance.application.handlers import HANDLERS
from shared.bus.reactions import caused, causes, told_of_step
from shared.bus.service_core import CommandSpec, Reaction, about, specs
from shared.kernel.envelope import Command, PublicEvent
from shared.kernel.ids import derived_id

_TARGETS = {
    **dict.fromkeys(c.COMMANDS, about("contract")),
    c.OpenBudget: about("budget", "call_id"),
    **dict.fromkeys(s.STEP_COMMANDS, about("steps")),
}

COMMANDS: Mapping[str, CommandSpec] = specs(_TARGETS, HANDLERS)


def _supplemented(event: PublicEvent) -> tuple[Command, ...]:
    if event.data["kind"] != "letter" or not event.data["verified"]:
        return ()
    return caused(c.NoteContractLetter, event)


def _selection_revoked(event: PublicEvent) -> tuple[Command, ...]:
    return caused(c.StopContractFile, event, finding_id=derived_id(event.id, "finding"))


def _checkpoint_passed(event: PublicEvent) -> tuple[Command, ...]:
    return caused(c.MakeInstalmentPayable, event, accepted_by=event.actor_id)


def _checkpoint_failed(event: PublicEvent) -> tuple[Command, ...]:
    return caused(c.HoldInstalment, event, reason="、".join(event.data["reasons"]))


_STEPS = tuple((source, "StepTaken") for source in ("intake", "review", "monitoring"))

REACTIONS: Mapping[tuple[str, str], Reaction] = {
    ("intake", "CallPublished"): causes(c.OpenBudget),
    ("intake", "ProposalSupplemented"): _supplemented,
    ("review", "ProposalSelected"): causes(c.OpenContractFile),
    ("review", "SelectionRevoked"): _selection_revoked,
    ("monitoring", "CheckpointPassed"): _checkpoint_passed,
    ("monitoring", "CheckpointFailed"): _checkpoint_failed,
    ("monitoring", "PlanChangeApproved"): causes(c.ApplyPlanChange),
    ("monitoring", "CaseClosed"): causes(c.SettleContract),
    **dict.fromkeys(_STEPS, told_of_step("finance", s.NoteContractStep)),
}
