"""The committee's decisions on a proposal, and what may undo or fill a selection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.review.application import facts
from services.review.application import selection_commands as c
from services.review.application.handlers.loading import append, load, warnings
from services.review.application.handlers.scores import must_be_unconflicted
from services.review.application.ports import ReviewPorts
from services.review.application.sections import track_of
from services.review.domain import review_case as state
from services.review.domain import selection
from services.review.domain.errors import UnknownEnterprise
from services.review.domain.events.selection import SelectionDecided
from services.review.domain.review_case import ReviewCase
from shared.kernel.clock import taipei_date
from shared.kernel.decisions import Evaluation
from shared.kernel.envelope import Command

_JUDGED = (state.RANKED, state.FORFEITED, state.NOT_ACCEPTED)
"""Where the rules say why a proposal is or is not in the list; before that it is too early."""


def decide_enterprise(command: c.DecideEnterprise, ports: ReviewPorts) -> None:
    """Approve or reject one enterprise, with a reason."""
    case, version = load(ports, command.case_id)
    row = case.enterprise(command.ubn)
    if row is None:
        raise UnknownEnterprise(command.ubn)
    evaluation = ports.rules.enforce(
        case.filed.pack_digest, "enterprise", facts.enterprise(ports, case, row, command)
    )
    must_be_unconflicted(command, ports, case)
    events = selection.decide_enterprise(case, command.ubn, command.approved, command.reason)
    append(ports, command, command.case_id, version, events, evaluation.decision())


def decide_selection(command: c.DecideSelection, ports: ReviewPorts) -> dict[str, Any]:
    """Approved number and amount, or a reserve, or not in the list."""
    case, version = load(ports, command.case_id)
    case.must_be(*_JUDGED)
    must_be_unconflicted(command, ports, case)
    if unknown := [ubn for ubn in command.excluded_ubns if not _listed(case, ubn)]:
        raise UnknownEnterprise(unknown[0])
    evaluation = ports.rules.enforce(
        case.filed.pack_digest,
        "select",
        facts.select(
            ports,
            case,
            command,
            {
                "outcome": command.outcome,
                "approved_count": command.approved_count,
                "approved_twd": command.approved_twd,
            },
            command.excluded_ubns,
            awarded_twd(ports, case),
        ),
    )
    events = selection.decide_selection(case, _decision(command, case, evaluation))
    append(ports, command, command.case_id, version, events, evaluation.decision())
    return {"values": dict(evaluation.values), "findings": warnings(evaluation)}


def call_up_reserve(command: c.CallUpReserve, ports: ReviewPorts) -> dict[str, Any]:
    """The first reserve takes the place of a lapsed or revoked selection of its track."""
    case, version = load(ports, command.case_id)
    file = case.filed
    same_track = [load(ports, id)[0] for id in ports.files.of_call(file.call_id, file.track)]
    selection.must_have_vacancy(case, same_track)
    given_up = _taken_meanwhile(ports, case)
    evaluation = enforce_final(ports, case, command, given_up, awarded_twd(ports, case))
    announced_on = taipei_date(command.received_at)
    events = selection.select(
        case, given_up, *_tier(ports, case, evaluation.values, given_up), announced_on
    )
    append(ports, command, command.case_id, version, events, evaluation.decision())
    return {"case_number": case.number, "findings": warnings(evaluation)}


def enforce_final(
    ports: ReviewPorts, case: ReviewCase, command: Command, given_up: tuple[str, ...], spent: int
) -> Evaluation:
    """The rules of moment `select` on the list as it will be approved. Raises RefusedByRules."""
    decision = case.decided
    kept = [ubn for ubn in decision.approved_ubns if ubn not in given_up]
    excluded = [row["ubn"] for row in case.dossier.enterprises if row["ubn"] not in kept]
    outcome = {
        "outcome": state.SELECTED,
        "approved_count": len(kept),
        "approved_twd": decision.approved_twd,
    }
    return ports.rules.enforce(
        case.filed.pack_digest,
        "select",
        facts.select(ports, case, command, outcome, excluded, spent),
    )


def awarded_twd(ports: ReviewPorts, case: ReviewCase) -> int:
    """What the call has awarded so far, this proposal aside."""
    others = [id for id in ports.files.of_call(case.filed.call_id) if id != case.filed.case_id]
    loaded = [load(ports, id)[0] for id in others]
    return sum(
        one.decided.approved_twd
        for one in loaded
        if one.outcome == state.SELECTED and one.state in (state.RANKED, state.SELECTED)
    )


def _tier(
    ports: ReviewPorts, case: ReviewCase, values: Mapping[str, Any], given_up: tuple[str, ...]
) -> tuple[Any, Any]:
    """Tier and ceiling: the pack's values where it has them, else those of its tracks."""
    if "tier" in values and "cap_twd" in values:
        return values["tier"], values["cap_twd"]
    count = len(case.decided.approved_ubns) - len(given_up)
    return selection.tier_for(track_of(ports, case), count)


def _decision(
    command: c.DecideSelection, case: ReviewCase, evaluation: Evaluation
) -> SelectionDecided:
    """A pack without the value `kept_ubns` keeps every listed enterprise that is not excluded."""
    listed = (row["ubn"] for row in (case.opened.enterprises if case.opened else ()))
    kept = [ubn for ubn in listed if ubn not in command.excluded_ubns]
    return SelectionDecided(
        case_id=command.case_id,
        outcome=command.outcome,
        approved_count=command.approved_count,
        approved_twd=command.approved_twd,
        approved_ubns=tuple(evaluation.values.get("kept_ubns", kept)),
        conditions=tuple({"id": one.id, "text": one.text} for one in command.conditions),
        reserve_order=command.reserve_order if command.outcome == state.RESERVE else None,
        reason=command.reason,
    )


def _listed(case: ReviewCase, ubn: str) -> bool:
    return case.opened is not None and case.enterprise(ubn) is not None


def _taken_meanwhile(ports: ReviewPorts, case: ReviewCase) -> tuple[str, ...]:
    """Enterprises that a selected proposal of the call keeps already."""
    loaded = [load(ports, id)[0] for id in ports.files.of_call(case.filed.call_id)]
    taken = {
        row["ubn"]
        for one in loaded
        if one.state == state.SELECTED and one.selected
        for row in one.selected.enterprises
    }
    return tuple(ubn for ubn in case.decided.approved_ubns if ubn in taken)
