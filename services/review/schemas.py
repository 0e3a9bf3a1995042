"""Wire to command: review's commands with their targets, and its reactions to public events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.review.application import commands as c
from services.review.application import reactions as r
from services.review.application import selection_commands as s
from services.review.application.handlers import HANDLERS
from services.review.domain.panel import panel_id
from shared.bus.service_core import CommandSpec, Reaction, derived_command
from shared.kernel.clock import parse_instant
from shared.kernel.envelope import Command, PublicEvent
from shared.kernel.ids import derived_id

Target = tuple[str, UUID | str]


def _review(command: Any) -> Target:
    return "review", command.case_id


def _panel(command: Any) -> Target:
    return "panel", panel_id(command.call_id, command.track)


def _results(command: Any) -> Target:
    return "results", command.call_id


_TARGETS: Mapping[type[Command], Any] = {
    r.OpenReviewFile: _review,
    r.CloseReviewFile: _review,
    r.OpenReview: _review,
    r.NoteLetter: _review,
    r.NoteLapse: _review,
    c.AppointPanel: _panel,
    c.DeclareConflict: _review,
    c.NotifyMeeting: _review,
    c.RecordAttendance: _review,
    c.DecideAbsence: _review,
    c.RecordScore: _review,
    c.CorrectScore: _review,
    c.GiveOpinion: _review,
    c.ReplyToOpinion: _review,
    s.DecideEnterprise: _review,
    s.CloseScoring: _panel,
    s.DecideSelection: _review,
    s.AnnounceResults: _results,
    s.CallUpReserve: _review,
    s.RevokeSelection: _review,
}

COMMANDS: Mapping[str, CommandSpec] = {
    command.__name__: CommandSpec(command, HANDLERS[command.__name__], target)
    for command, target in _TARGETS.items()
}


def _reaction(command: type[Command], event: PublicEvent, **payload: Any) -> tuple[Command, ...]:
    command_id = derived_id(event.id, command.__name__)
    case_id = UUID(event.data["case_id"])
    return (derived_command(command, event, command_id, case_id=case_id, **payload),)


def _submitted(event: PublicEvent) -> tuple[Command, ...]:
    names = (
        "case_number",
        "programme_id",
        "pack_digest",
        "applicant_ubn",
        "applicant_name",
        "track",
        "enterprise_count",
        "requested_twd",
    )
    return _reaction(
        r.OpenReviewFile,
        event,
        call_id=UUID(event.data["call_id"]),
        submitted_at=parse_instant(event.data["submitted_at"]),
        **{name: event.data[name] for name in names},
    )


def _accepted(event: PublicEvent) -> tuple[Command, ...]:
    lists = ("enterprises", "letters", "participant_ubns", "tasks")
    return _reaction(
        r.OpenReview,
        event,
        tier=event.data["tier"],
        cap_twd=event.data["cap_twd"],
        requested_twd=event.data["requested_twd"],
        forms=event.data["forms"],
        screened_by=event.actor_id,  # whoever closed the screening may not score
        **{name: tuple(event.data[name]) for name in lists},
    )


def _rejected(event: PublicEvent) -> tuple[Command, ...]:
    return _reaction(r.CloseReviewFile, event, reasons=tuple(event.data["reasons"]))


def _supplemented(event: PublicEvent) -> tuple[Command, ...]:
    if event.data["kind"] != "letter":
        return ()
    names = ("ubn", "verified", "after_grace")
    return _reaction(r.NoteLetter, event, **{name: event.data[name] for name in names})


def _lapsed(event: PublicEvent) -> tuple[Command, ...]:
    return _reaction(r.NoteLapse, event, reason=event.data["reason"])


REACTIONS: Mapping[tuple[str, str], Reaction] = {
    ("intake", "ProposalSubmitted"): _submitted,
    ("intake", "ProposalAccepted"): _accepted,
    ("intake", "ProposalRejected"): _rejected,
    ("intake", "ProposalSupplemented"): _supplemented,
    ("finance", "ContractForfeited"): _lapsed,
}
