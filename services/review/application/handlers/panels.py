"""The panel of a track, and conflicts of interest."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.review.application import commands as c
from services.review.application import facts
from services.review.application.handlers.loading import append, load, load_panel, warnings
from services.review.application.ports import ReviewPorts
from services.review.domain import sheets
from services.review.domain.errors import OthersConflict
from services.review.domain.events.committee import ConflictDeclared
from services.review.domain.panel import panel_id

_OFFICER = "programme_officer"


def appoint_panel(command: c.AppointPanel, ports: ReviewPorts) -> dict[str, Any]:
    """Appoint the members of one track of a call."""
    digest = ports.packs.call(command.call_id)["pack_digest"]
    panel, version = load_panel(ports, command.call_id, command.track)
    evaluation = ports.rules.enforce(digest, "panel", facts.panel(ports, digest, command))
    members = [asdict(member) for member in command.members]
    ports.streams.append(
        "panel",
        panel_id(command.call_id, command.track),
        panel.appoint(command.call_id, command.track, members),
        expected_version=version,
        caused_by=command,
        decision=evaluation.decision(),
    )
    return {"members": len(members), "findings": warnings(evaluation)}


def declare_conflict(command: c.DeclareConflict, ports: ReviewPorts) -> dict[str, Any]:
    """A member declares the own conflict; an officer may record that of another. A relation that
    the rules do not count is kept and keeps nobody away."""
    case, version = load(ports, command.case_id)
    member_id = command.member_id or command.actor.id
    if member_id != command.actor.id and _OFFICER not in command.actor.roles:
        raise OthersConflict(member_id)
    panel, _ = load_panel(ports, case.filed.call_id, case.filed.track)
    panel.must_hold(member_id, case.filed.track)
    evaluation = ports.rules.enforce(
        case.filed.pack_digest, "conflict", facts.conflict(ports, case, command)
    )
    declared = ConflictDeclared(
        case_id=command.case_id,
        member_id=member_id,
        kind=command.kind,
        ended_on=command.ended_on,
        counts=not evaluation.blocking("counting"),
        note=command.note,
    )
    events = sheets.declare_conflict(case, declared)
    append(ports, command, command.case_id, version, events, evaluation.decision())
    return {"counts": declared.counts, "findings": warnings(evaluation)}
