"""Eligibility screening (資格審查): lookups, checks, and the rules' verdict."""

from __future__ import annotations

from functools import partial
from typing import Any

from services.intake.application import commands as c
from services.intake.application import facts, sections
from services.intake.application.handlers.loading import append, load
from services.intake.application.ports import IntakePorts
from services.intake.domain.events import ProposalAccepted
from services.intake.domain.proposal import Proposal
from shared.kernel.decisions import Evaluation
from shared.kernel.errors import RefusedByRules


def record_lookup(command: c.RecordLookup, ports: IntakePorts) -> None:
    """What a public register said, the same of each enterprise."""
    proposal, version = load(ports, command.case_id)
    append(ports, command, version, proposal.record_lookup(command.ubns, command.content))


def record_screening_check(command: c.RecordScreeningCheck, ports: IntakePorts) -> None:
    """An officer's answer to one check."""
    proposal, version = load(ports, command.case_id)
    events = proposal.record_check(command.check, command.outcome, command.note, command.ubn)
    append(ports, command, version, events)


def close_screening(command: c.CloseScreening, ports: IntakePorts) -> dict[str, Any]:
    """Accepted, or not accepted with the rules that decided; there is no cure period. Refused
    while a look-up that an acceptance needs is missing (findings that block closing)."""
    proposal, version = load(ports, command.case_id)
    proposal.must_be_submitted()
    if "letters_due" in (sections.intake_section(ports, proposal).get("windows") or {}):
        proposal.must_have_letters_closed()
    evaluation = ports.rules.evaluate(
        proposal.pack_digest, "screen", facts.screen(ports, proposal, command)
    )
    blocking = evaluation.blocking()
    if blocking:
        reasons = tuple(sorted({finding.rule for finding in blocking}))
        append(ports, command, version, proposal.reject(reasons), evaluation.decision())
        return {"outcome": "rejected", "reasons": list(reasons)}
    if evaluation.blocking("closing"):
        raise RefusedByRules(evaluation, "closing")
    accepted = _accepted(ports, proposal, evaluation)
    append(ports, command, version, proposal.accept(accepted), evaluation.decision())
    return {"outcome": "accepted", "enterprises": len(accepted.enterprises)}


def _accepted(ports: IntakePorts, proposal: Proposal, evaluation: Evaluation) -> ProposalAccepted:
    roster = sections.intake_section(ports, proposal).get("roster")
    named = partial(sections.named_value, ports, proposal, evaluation.values)
    removed = {
        finding.subject["ubn"]
        for finding in evaluation.blocking("counting")
        if finding.subject.get("ubn")
    }
    kept = dict(proposal.forms)
    if roster is not None:
        rows = sections.roster(ports, proposal)
        kept[roster["form"]] = [row for row in rows if row[roster["ubn"]] not in removed]
    forms = ports.forms.without_personal(proposal.pack_digest, kept)
    submission = proposal.submission
    if submission is None:
        raise AssertionError("only a submitted proposal is screened")
    return ProposalAccepted(
        case_id=submission.case_id,
        case_number=proposal.case_number,
        call_id=submission.call_id,
        programme_id=proposal.programme_id,
        pack_digest=proposal.pack_digest,
        applicant_ubn=proposal.applicant_ubn,
        applicant_name=proposal.applicant_name,
        track=submission.track,
        tier=named("tier", ""),
        cap_twd=named("cap_twd", submission.requested_twd),
        requested_twd=submission.requested_twd,
        submitted_at=submission.submitted_at,
        enterprises=tuple(forms[roster["form"]]) if roster is not None else (),
        letters=tuple(named("letters", ())),
        participant_ubns=tuple(sections.participants(ports, proposal)),
        tasks=tuple(_task(finding) for finding in evaluation.of("manual")),
        forms=forms,
    )


def _task(finding: Any) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "clause": finding.clause,
        "message": dict(finding.message),
        "subject": dict(finding.subject),
    }
