"""Wire to command: monitoring's commands with their target, and its reactions to public events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.monitoring.application import commands as c
from services.monitoring.application import reactions as r
from services.monitoring.application.handlers import HANDLERS
from shared.bus.service_core import CommandSpec, Reaction, derived_command
from shared.kernel.envelope import Command, PublicEvent
from shared.kernel.ids import derived_id


def _case(command: Any) -> tuple[str, UUID | str]:
    return "monitoring", command.case_id


_COMMANDS: tuple[type[Command], ...] = (
    c.RecordAdoption,
    c.AdmitLateAdoption,
    c.RecordCounselling,
    c.RecordActivity,
    c.RecordAssessment,
    c.IngestUsageLog,
    c.ReportProgress,
    c.ReportCheckpoint,
    c.RecordBriefing,
    c.DecideCheckpoint,
    c.IssueCureNotice,
    c.RequestPlanChange,
    c.DecidePlanChange,
    c.ClearAlert,
    c.ApproveClosing,
    c.FileFollowUp,
    r.OpenMonitoring,
    r.NoteLetterBase,
    r.NoteLetter,
    r.StopMonitoring,
    r.NoteRecovery,
    r.CheckObligation,
    r.ArchiveCase,
)

COMMANDS: Mapping[str, CommandSpec] = {
    command.__name__: CommandSpec(command, HANDLERS[command.__name__], _case)
    for command in _COMMANDS
}

_SAME = (
    "case_number",
    "contract_number",
    "programme_id",
    "pack_digest",
    "applicant_ubn",
    "applicant_name",
    "track",
    "amount_twd",
    "approved_count",
    "usage_standard",
    "forms",
)
_DAYS = ("signed_on", "execution_start", "execution_end")


def _signed(event: PublicEvent) -> tuple[Command, ...]:
    data = event.data
    return _one(
        r.OpenMonitoring,
        event,
        call_id=UUID(data["call_id"]) if data["call_id"] else None,
        enterprises=tuple(data["enterprises"]),
        letters=tuple(data["letters"]),
        **{name: data[name] for name in _SAME},
        **{name: date.fromisoformat(data[name]) for name in _DAYS},
    )


def _accepted(event: PublicEvent) -> tuple[Command, ...]:
    return _one(r.NoteLetterBase, event, letters=tuple(event.data["letters"]))


def _supplemented(event: PublicEvent) -> tuple[Command, ...]:
    data = event.data
    if data["kind"] != "letter":
        return ()
    return _one(r.NoteLetter, event, ubn=data["ubn"], on_file=data["verified"])


def _stopped(outcome: str) -> Reaction:
    def reaction(event: PublicEvent) -> tuple[Command, ...]:
        return _one(r.StopMonitoring, event, outcome=outcome, reason=event.data["reason"])

    return reaction


def _recovery(amount: str) -> Reaction:
    def reaction(event: PublicEvent) -> tuple[Command, ...]:
        return _one(
            r.NoteRecovery,
            event,
            recovery_id=UUID(event.data["recovery_id"]),
            outstanding_twd=event.data[amount],
        )

    return reaction


def _one(command: type[Command], event: PublicEvent, **payload: Any) -> tuple[Command, ...]:
    case_id = UUID(str(event.data["case_id"]))
    command_id = derived_id(event.id, command.__name__)
    return (derived_command(command, event, command_id, case_id=case_id, **payload),)


REACTIONS: Mapping[tuple[str, str], Reaction] = {
    ("intake", "ProposalAccepted"): _accepted,
    ("intake", "ProposalSupplemented"): _supplemented,
    ("finance", "ContractSigned"): _signed,
    ("finance", "ContractAbandoned"): _stopped("abandoned"),
    ("finance", "ContractTerminated"): _stopped("terminated"),
    ("finance", "ContractRescinded"): _stopped("rescinded"),
    ("finance", "RecoveryDemanded"): _recovery("amount_twd"),
    ("finance", "RecoveryReceived"): _recovery("outstanding_twd"),
}
