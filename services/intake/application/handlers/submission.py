"""Submitting: the pre-check, the submission against the stamped instant, and the lapse."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from services.intake.application import commands as c
from services.intake.application import facts, sections
from services.intake.application.handlers import steps
from services.intake.application.handlers.loading import append, load, load_own
from services.intake.application.ports import IntakePorts
from services.intake.domain.events import ProposalSubmitted
from services.intake.domain.proposal import Proposal
from shared.kernel.clock import after_day, instant_text
from shared.kernel.decisions import Evaluation
from shared.kernel.ids import derived_id
from shared.kernel.permissions import permit


def check_draft(command: c.CheckDraft, ports: IntakePorts) -> dict[str, Any]:
    """What submitting now would say."""
    proposal, _ = load_own(ports, command)
    proposal.must_have_a_call()
    evaluation = ports.rules.evaluate(
        proposal.pack_digest, "submit", facts.submit(ports, proposal, command)
    )
    return {
        "would_be_accepted": not evaluation.blocking(),
        "findings": _told(evaluation),
        "values": dict(evaluation.values),
    }


def submit_proposal(command: c.SubmitProposal, ports: IntakePorts) -> dict[str, Any]:
    """Submit if the rules of moment `submit` hold at received_at; a second time is a no-op."""
    proposal, version = ports.streams.load(Proposal, "proposal", command.case_id)
    proposal.must_exist()
    permit("SubmitProposal", command.actor, applicant_ubn=proposal.applicant_ubn)
    if proposal.submission:
        return _receipt(proposal.submission)
    proposal.must_have_a_call()
    evaluation = ports.rules.enforce(
        proposal.pack_digest, "submit", facts.submit(ports, proposal, command)
    )
    submission = _submission(command, ports, proposal, evaluation)
    append(ports, command, version, proposal.submit(submission), evaluation.decision())
    _set_letters_timer(command, ports, proposal)
    steps.plan(ports, command, command.case_id)
    return {
        **_receipt(submission),
        "findings": _told(evaluation),
    }


def lapse_draft(command: c.LapseDraft, ports: IntakePorts) -> None:
    """Timer: what was not submitted is deemed not proposed."""
    proposal, version = load(ports, command.case_id)
    append(ports, command, version, proposal.lapse())


def _submission(
    command: c.SubmitProposal, ports: IntakePorts, proposal: Proposal, evaluation: Evaluation
) -> ProposalSubmitted:
    if proposal.call_id is None:
        raise AssertionError("a proposal belongs to a call")
    named = partial(sections.named_value, ports, proposal, evaluation.values)
    return ProposalSubmitted(
        case_id=command.case_id,
        case_number=proposal.case_number,
        call_id=proposal.call_id,
        programme_id=proposal.programme_id,
        pack_digest=proposal.pack_digest,
        applicant_ubn=proposal.applicant_ubn,
        applicant_name=proposal.applicant_name,
        track=named("track", ""),
        enterprise_count=named("count", 0),
        enterprise_ubns=tuple(sections.roster_ubns(ports, proposal)),
        requested_twd=named("requested_twd", 0),
        submitted_at=command.received_at,
    )


def _set_letters_timer(command: c.SubmitProposal, ports: IntakePorts, proposal: Proposal) -> None:
    windows = sections.intake_section(ports, proposal).get("windows") or {}
    if proposal.call_id is None or "letters_due" not in windows:
        return
    due_on = ports.packs.call(proposal.call_id)["parameters"][windows["letters_due"]]
    ports.timers.schedule(
        derived_id(command.case_id, "letters"),
        after_day(date.fromisoformat(due_on)),
        "CloseLetters",
        {"case_id": str(command.case_id)},
    )


def _receipt(submission: ProposalSubmitted) -> dict[str, Any]:
    return {
        "case_number": submission.case_number,
        "submitted_at": instant_text(submission.submitted_at),
    }


def _told(evaluation: Evaluation) -> list[dict[str, Any]]:
    """All findings; the door leaves out what the actor may not read (shared.kernel.audience)."""
    return [finding.as_dict() for finding in evaluation.findings]
