"""Taking a selection back: notice, answer, revocation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.review.application import facts
from services.review.application import selection_commands as c
from services.review.application.handlers.loading import append, load
from services.review.application.ports import ReviewPorts
from services.review.domain import selection
from services.review.domain.events.selection import RevocationNotified
from shared.kernel.clock import taipei_date
from shared.kernel.errors import NotOfProgramme
from shared.kernel.permissions import permit


def give_revocation_notice(command: c.GiveRevocationNotice, ports: ReviewPorts) -> dict[str, Any]:
    """Written notice of the finding; the applicant has the pack's days to answer."""
    case, version = load(ports, command.case_id)
    given_on = taipei_date(command.received_at)
    sanctions = ports.packs.document(case.filed.pack_digest).get("sanctions")
    if sanctions is None:
        raise NotOfProgramme(case.filed.programme_id, "sanctions")
    notice = RevocationNotified(
        case_id=command.case_id,
        finding=command.finding,
        given_on=given_on,
        answer_by=given_on + timedelta(days=sanctions["answer_days"]),
    )
    events = selection.give_notice(case, notice)
    append(ports, command, command.case_id, version, events)
    standing = notice if events else case.notice
    return {"answer_by": str(standing.answer_by) if standing else None}


def answer_revocation_notice(command: c.AnswerRevocationNotice, ports: ReviewPorts) -> None:
    """The applicant is heard."""
    case, version = load(ports, command.case_id)
    permit("AnswerRevocationNotice", command.actor, applicant_ubn=case.filed.applicant_ubn)
    events = selection.answer_notice(case, command.text, taipei_date(command.received_at))
    append(ports, command, command.case_id, version, events)


def revoke_selection(command: c.RevokeSelection, ports: ReviewPorts) -> None:
    """Take a selection back; finance ends the contract when there is one."""
    case, version = load(ports, command.case_id)
    evaluation = ports.rules.enforce(
        case.filed.pack_digest, "revoke", facts.revoke(ports, case, command)
    )
    events = selection.revoke(case, command.finding, command.reason)
    append(ports, command, command.case_id, version, events, evaluation.decision())
