"""Wire to command: finance's commands with their target, and its reactions to public events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from services.finance.application import commands as c
from services.finance.application import step_commands as s
from services.finance.application.handlers import HANDLERS
from services.finance.application.rebinding_commands import NoteContractRebinding
from shared.bus.reactions import caused, causes, told_of_step
from shared.bus.service_core import CommandSpec, Reaction, about, specs
from shared.kernel.envelope import Command, PublicEvent
from shared.kernel.ids import derived_id

_TARGETS = {
    **dict.fromkeys(c.COMMANDS, about("contract")),
    c.OpenBudget: about("budget", "call_id"),
    **dict.fromkeys((c.SubmitVouchers, c.AuditVouchers), about("spending")),
    c.RecordAccountMovements: about("spending"),
    NoteContractRebinding: about("contract"),
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
    values = event.data["decided_by"].get("values") or {}
    figures = {name: value for name, value in values.items() if type(value) is int}
    return caused(c.MakeInstalmentPayable, event, accepted_by=event.actor_id, figures=figures)


def _checkpoint_failed(event: PublicEvent) -> tuple[Command, ...]:
    return caused(c.HoldInstalment, event, reason="、".join(event.data["reasons"]))


def _registered(event: PublicEvent) -> tuple[Command, ...]:
    """A case that entered at its award gets a file to be signed; at its contract, the contract."""
    given = event.data.get("registration")
    if given is None:
        return ()
    known = {
        **{name: given[name] for name in ("applicant_name", "track", "forms")},
        **{name: tuple(given[name]) for name in ("parties", "conditions", "enterprises")},
        **{name: date.fromisoformat(given[name]) for name in ("execution_start", "execution_end")},
    }
    if event.data["entry"] == "contract":
        return caused(
            c.RegisterContract,
            event,
            **known,
            contract_number=given["contract_number"],
            signed_on=date.fromisoformat(given["signed_on"]),
            amount_twd=given["amount_twd"],
            instalments=tuple(given["instalments"]),
        )
    return caused(
        c.OpenContractFile,
        event,
        **known,
        approved_count=len(given["enterprises"]),
        approved_twd=given["amount_twd"],
        letters=(),
        announced_on=date.fromisoformat(given["decided_on"]),
    )


_STEPS = tuple((source, "StepTaken") for source in ("intake", "review", "monitoring"))

REACTIONS: Mapping[tuple[str, str], Reaction] = {
    ("intake", "CaseRebound"): causes(NoteContractRebinding),
    ("intake", "CallPublished"): causes(c.OpenBudget),
    ("intake", "CaseRegistered"): _registered,
    ("intake", "ProposalSupplemented"): _supplemented,
    ("review", "ProposalSelected"): causes(c.OpenContractFile),
    ("review", "SelectionRevoked"): _selection_revoked,
    ("monitoring", "CheckpointPassed"): _checkpoint_passed,
    ("monitoring", "CheckpointFailed"): _checkpoint_failed,
    ("monitoring", "PlanChangeApproved"): causes(c.ApplyPlanChange),
    ("monitoring", "CaseClosed"): causes(c.SettleContract),
    **dict.fromkeys(_STEPS, told_of_step("finance", s.NoteContractStep)),
}
