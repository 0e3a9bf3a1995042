"""The meeting: notice, attendance, and what becomes of an absence."""

from __future__ import annotations

from typing import Any

from services.review.application import commands as c
from services.review.application import facts
from services.review.application.handlers.loading import append, load, warnings
from services.review.application.ports import ReviewPorts
from services.review.domain import meeting
from services.review.domain import review_case as state
from services.review.domain.review_case import ReviewCase
from shared.kernel.envelope import Personal
from shared.kernel.ids import derived_id


def notify_meeting(command: c.NotifyMeeting, ports: ReviewPorts) -> dict[str, Any]:
    """Send the slot; too short a notice is warned about, not refused."""
    case, version = load(ports, command.case_id)
    events = meeting.notify_meeting(case, command.slot_at, command.mode, command.place)
    evaluation = ports.rules.enforce(
        case.filed.pack_digest, "meeting", facts.meeting(ports, case, command)
    )
    append(ports, command, command.case_id, version, events, evaluation.decision())
    return {"findings": warnings(evaluation)}


def record_attendance(command: c.RecordAttendance, ports: ReviewPorts) -> dict[str, Any]:
    """Presented, or absent: then an officer decides about the reason."""
    case, version = load(ports, command.case_id)
    meeting.must_have_begun(case, command.received_at)
    evaluation = ports.rules.enforce(
        case.filed.pack_digest, "attendance", facts.attendance(ports, case, command)
    )
    absent = bool(evaluation.blocking("counting"))
    if absent:
        stated = _stated_reason(command, ports, case)
        events: Any = meeting.record_absence(case, stated, command.delegate_present)
    else:
        events = meeting.record_presentation(
            case, command.mode, command.identity_checked, not command.manager_present
        )
    append(ports, command, command.case_id, version, events, evaluation.decision())
    return {
        "outcome": state.ABSENT if absent else state.PRESENTED,
        "findings": warnings(evaluation),
    }


def decide_absence(command: c.DecideAbsence, ports: ReviewPorts) -> dict[str, Any]:
    """A good reason gives another slot or a delegate; any other waives the proposal."""
    case, version = load(ports, command.case_id)
    case.must_be(state.ABSENT)
    evaluation = ports.rules.enforce(
        case.filed.pack_digest, "absence", facts.absence(ports, case, command)
    )
    if evaluation.blocking("counting"):
        events: Any = meeting.forfeit(case, command.reason)
    else:
        events = meeting.excuse_absence(
            case, command.reason, command.remedy, command.consent, command.slot_at
        )
    append(ports, command, command.case_id, version, events, evaluation.decision())
    outcome = state.FORFEITED if evaluation.blocking("counting") else state.SCHEDULED
    return {"outcome": outcome, "findings": warnings(evaluation)}


def _stated_reason(
    command: c.RecordAttendance, ports: ReviewPorts, case: ReviewCase
) -> Personal | None:
    """Under the data subject that the pack's form of the project manager names."""
    if not command.stated_reason:
        return None
    section = ports.packs.document(case.filed.pack_digest).get("review") or {}
    manager = section.get("manager") or {"form": "", "subject": "manager"}
    subject = derived_id(command.case_id, manager["form"], manager["subject"], "")
    return Personal(str(subject), command.stated_reason)
