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


def declare_conflict(command: c.DeclareConflict, ports: ReviewPorts) -> None:
    """A member declares the own conflict; an officer may record that of another."""
    case, version = load(ports, command.case_id)
    member_id = command.member_id or command.actor.id
    if member_id != command.actor.id and _OFFICER not in command.actor.roles:
        raise OthersConflict(member_id)
    panel, _ = load_panel(ports, case.filed.call_id, case.filed.track)
    panel.must_hold(member_id, case.filed.track)
    events = sheets.declare_conflict(case, member_id, command.kind, command.note)
    append(ports, command, command.case_id, version, events)
