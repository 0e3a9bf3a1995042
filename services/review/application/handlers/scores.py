"""Score sheets and opinions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.review.application import commands as c
from services.review.application import facts
from services.review.application.handlers.loading import append, load, load_panel
from services.review.application.ports import ReviewPorts
from services.review.domain import opinions, sheets
from services.review.domain.review_case import ReviewCase
from shared.kernel.decisions import Decision
from shared.kernel.envelope import Command
from shared.kernel.ids import derived_id
from shared.kernel.permissions import permit


def record_score(command: c.RecordScore, ports: ReviewPorts) -> dict[str, Any]:
    """Close the own sheet; all criteria are needed."""
    case, version = load(ports, command.case_id)
    scores = sheets.must_be_numbers(command.scores_centi)
    answers = sheets.must_be_answers(command.answers or {}, facts.questions(ports, case))
    decision = _may_score(command, ports, case, scores, None)
    sheet_id = derived_id(command.command_id, "sheet")
    events = sheets.record_score(case, sheet_id, command.actor.id, scores, answers)
    append(ports, command, command.case_id, version, events, decision)
    return {"total_centi": sum(scores.values())}


def correct_score(command: c.CorrectScore, ports: ReviewPorts) -> dict[str, Any]:
    """Replace the own sheet, with a reason; the first one stays in the history."""
    case, version = load(ports, command.case_id)
    scores = sheets.must_be_numbers(command.scores_centi)
    answers = sheets.must_be_answers(command.answers or {}, facts.questions(ports, case))
    decision = _may_score(command, ports, case, scores, command.reason)
    sheet_id = derived_id(command.command_id, "sheet")
    who, why = command.actor.id, command.reason
    events = sheets.correct_score(case, sheet_id, who, scores, answers, why)
    append(ports, command, command.case_id, version, events, decision)
    return {"total_centi": sum(scores.values())}


def give_opinion(command: c.GiveOpinion, ports: ReviewPorts) -> dict[str, Any]:
    """A member's opinion on a case."""
    case, version = load(ports, command.case_id)
    must_be_unconflicted(command, ports, case)
    opinion_id = derived_id(command.command_id, "opinion")
    events = opinions.give_opinion(case, opinion_id, command.actor.id, command.text)
    append(ports, command, command.case_id, version, events)
    return {"opinion_id": str(opinion_id)}


def reply_to_opinion(command: c.ReplyToOpinion, ports: ReviewPorts) -> None:
    """The applicant's reply."""
    case, version = load(ports, command.case_id)
    permit("ReplyToOpinion", command.actor, applicant_ubn=case.filed.applicant_ubn)
    events = opinions.answer_opinion(case, command.opinion_id, command.text)
    append(ports, command, command.case_id, version, events)


def must_be_unconflicted(command: Command, ports: ReviewPorts, case: ReviewCase) -> None:
    """Raises UnknownPanel, NotAMember, NotPermitted."""
    panel, _ = load_panel(ports, case.filed.call_id, case.filed.track)
    panel.must_hold(command.actor.id, case.filed.track)
    conflicted = case.conflicted(panel.members)
    permit(type(command).__name__, command.actor, conflicted=conflicted)


def _may_score(
    command: Command,
    ports: ReviewPorts,
    case: ReviewCase,
    scores: Mapping[str, int],
    correction: str | None,
) -> Decision:
    """The rules first, so that a refusal names its clause and is kept; then what holds in every
    programme: a panel member without conflict."""
    digest = case.filed.pack_digest
    panel, _ = load_panel(ports, case.filed.call_id, case.filed.track)
    panel.must_hold(command.actor.id, case.filed.track)
    evaluation = ports.rules.enforce(
        digest, "score", facts.score(ports, case, panel, command, scores, correction)
    )
    must_be_unconflicted(command, ports, case)
    return evaluation.decision()
