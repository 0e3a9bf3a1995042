"""Wire to command: monitoring's commands with their target, and its reactions to public events."""

from __future__ import annotations

from collections.abc import Mapping

from services.monitoring.application import commands as c
from services.monitoring.application import reactions as r
from services.monitoring.application import step_commands as s
from services.monitoring.application import visit_commands as v
from services.monitoring.application.handlers import HANDLERS
from services.monitoring.application.rebinding_commands import NoteExecutionRebinding
from shared.bus.reactions import caused, causes, told_of_step
from shared.bus.service_core import CommandSpec, Reaction, Target, about, specs
from shared.kernel.envelope import Command, PublicEvent

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
    v.RecordSpotCheck,
    r.OpenMonitoring,
    r.NoteLetterBase,
    r.NoteLetter,
    r.StopMonitoring,
    r.NoteRecovery,
    r.CheckObligation,
    r.ArchiveCase,
)

_TARGETS: Mapping[type[Command], Target] = {
    **dict.fromkeys(_COMMANDS, about("monitoring")),
    NoteExecutionRebinding: about("monitoring"),
    **dict.fromkeys(s.STEP_COMMANDS, about("steps")),
}

COMMANDS: Mapping[str, CommandSpec] = specs(_TARGETS, HANDLERS)


def _supplemented(event: PublicEvent) -> tuple[Command, ...]:
    if event.data["kind"] != "letter":
        return ()
    return caused(r.NoteLetter, event, on_file=event.data["verified"])


def _demanded(event: PublicEvent) -> tuple[Command, ...]:
    return caused(r.NoteRecovery, event, outstanding_twd=event.data["amount_twd"])


_STEPS = tuple((source, "StepTaken") for source in ("intake", "finance"))

REACTIONS: Mapping[tuple[str, str], Reaction] = {
    ("intake", "CaseRebound"): causes(NoteExecutionRebinding),
    ("intake", "ProposalAccepted"): causes(r.NoteLetterBase),
    ("intake", "ProposalSupplemented"): _supplemented,
    ("finance", "ContractSigned"): causes(r.OpenMonitoring),
    ("finance", "ContractAbandoned"): causes(r.StopMonitoring, outcome="abandoned"),
    ("finance", "ContractTerminated"): causes(r.StopMonitoring, outcome="terminated"),
    ("finance", "ContractRescinded"): causes(r.StopMonitoring, outcome="rescinded"),
    ("finance", "RecoveryDemanded"): _demanded,
    ("finance", "RecoveryReceived"): causes(r.NoteRecovery),
    **dict.fromkeys(_STEPS, told_of_step("monitoring", s.NoteExecutionStep)),
}
