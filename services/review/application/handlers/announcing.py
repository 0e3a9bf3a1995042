"""Announcing the results of a call: one list, and a public event for each proposal in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.review.application import facts
from services.review.application import selection_commands as c
from services.review.application.handlers.loading import append, load, warnings
from services.review.application.handlers.selecting import enforce_final
from services.review.application.ports import ReviewPorts
from services.review.application.sections import track_of
from services.review.domain import review_case as state
from services.review.domain import selection
from services.review.domain.errors import TrackNotRanked
from services.review.domain.events.selection import ResultsAnnounced
from services.review.domain.review_case import ReviewCase
from services.review.domain.selection import CallResults
from shared.kernel.clock import taipei_date
from shared.kernel.decisions import Decision, Evaluation

_DONE = (state.RANKED, state.FORFEITED, state.NOT_ACCEPTED)
_REASONS = {
    state.RESERVE: "列為備取 reserve",
    state.NOT_SELECTED: "未列入入選名單 not in the list",
}


@dataclass(frozen=True, slots=True)
class _Result:
    case: ReviewCase
    version: int
    given_up: tuple[str, ...]
    row: Mapping[str, Any]


def announce_results(command: c.AnnounceResults, ports: ReviewPorts) -> dict[str, Any]:
    """Fix the list. An enterprise in two selected proposals stays with the one submitted first;
    what that leaves of the other must still satisfy the rules, or nothing is announced."""
    announcement, version = ports.streams.load(CallResults, "results", command.call_id)
    announcement.must_be_open()
    results = _results(ports, command.call_id)
    call = ports.packs.call(command.call_id)
    section = ports.packs.document(call["pack_digest"]).get("review") or {}
    where = section.get("publication", "")
    url = command.publication_url or call["parameters"].get(where)
    announced_on = taipei_date(command.received_at)
    evaluation = ports.rules.enforce(
        call["pack_digest"],
        "announce",
        {
            **facts.of_call(ports, command.call_id, command),
            "registers": {
                "announcement": {"publication_url": url, "announced_on": announced_on},
                "results": [one.row for one in results],
            },
        },
    )
    announced = ResultsAnnounced(
        call_id=command.call_id,
        announced_on=announced_on,
        results=tuple(_listed(one) for one in results),
        publication_url=url or "",
    )
    ports.streams.append(
        "results",
        command.call_id,
        announcement.announce(announced),
        expected_version=version,
        caused_by=command,
        decision=evaluation.decision(),
    )
    _conclude(ports, command, results, announced_on, evaluation)
    return {
        "announced_on": announced_on.isoformat(),
        "results": [dict(row) for row in announced.results],
        "findings": warnings(evaluation),
    }


def _results(ports: ReviewPorts, call_id: UUID) -> Sequence[_Result]:
    """Every reviewed proposal, in order of submission. Raises TrackNotRanked."""
    loaded = [load(ports, id) for id in ports.files.of_call(call_id)]
    if open_ := [case.number for case, _ in loaded if case.state not in _DONE]:
        raise TrackNotRanked(open_)
    reviewed = [pair for pair in loaded if pair[0].state != state.NOT_ACCEPTED]
    chosen = [case for case, _ in reviewed if case.outcome == state.SELECTED]
    given_up = selection.shared_enterprises(chosen)
    return [
        _result(ports, case, version, given_up.get(case.filed.case_id, ()))
        for case, version in reviewed
    ]


def _result(
    ports: ReviewPorts, case: ReviewCase, version: int, given_up: tuple[str, ...]
) -> _Result:
    track = track_of(ports, case)
    count = len(case.decision.approved_ubns) - len(given_up) if case.decision else 0
    tier, cap_twd = selection.tier_for(track, count)
    figures = {"minimum": track["minimum"], "tier": tier, "cap_twd": cap_twd}
    return _Result(case, version, given_up, facts.result(case, given_up, figures))


def _listed(one: _Result) -> dict[str, Any]:
    names = ("case_number", "track", "rank", "outcome", "approved_count", "approved_twd")
    return {"case_id": str(one.case.filed.case_id), **{name: one.row[name] for name in names}}


def _conclude(
    ports: ReviewPorts,
    command: c.AnnounceResults,
    results: Sequence[_Result],
    on: date,
    announcement: Evaluation,
) -> None:
    spent = 0
    for row, one in enumerate(results, 1):
        if one.row["outcome"] == state.SELECTED:
            evaluation = enforce_final(ports, one.case, command, one.given_up, spent)
            events: Sequence[object] = selection.select(
                one.case, one.given_up, one.row["tier"], one.row["cap_twd"], on
            )
            spent += one.case.decided.approved_twd
        elif one.case.state == state.RANKED:
            evaluation = _why_not(ports, one.case, command)
            events = selection.leave_out(one.case, _reason(one.case, evaluation))
        else:
            continue  # forfeited: said already
        append(
            ports,
            command,
            one.case.filed.case_id,
            one.version,
            events,
            _decision(evaluation, announcement, row),
        )


def _decision(evaluation: Evaluation, announcement: Evaluation, row: int) -> Decision:
    """The rules of `select`, and what moment `announce` said of this proposal's row."""
    said = [one for one in announcement.findings if one.subject.get("row") == row]
    told = " ".join(f"{one.message['zh-Hant']} {one.message['en']}" for one in said)
    return evaluation.decision(*sorted({one.rule for one in said}), note=told or None)


def _why_not(ports: ReviewPorts, case: ReviewCase, command: c.AnnounceResults) -> Evaluation:
    figures = {"outcome": case.outcome, "approved_count": 0, "approved_twd": 0}
    excluded: Sequence[str] = ()
    if case.outcome == state.RESERVE:
        decided = case.decided
        figures["approved_count"] = decided.approved_count
        figures["approved_twd"] = decided.approved_twd
        listed = [row["ubn"] for row in case.dossier.enterprises]
        excluded = [ubn for ubn in listed if ubn not in decided.approved_ubns]
    return ports.rules.evaluate(
        case.filed.pack_digest, "select", facts.select(ports, case, command, figures, excluded, 0)
    )


def _reason(case: ReviewCase, evaluation: Evaluation) -> str:
    """The committee's own words, else what the rules say."""
    if case.decision and case.decision.reason:
        return case.decision.reason
    told = [f"{one.message['zh-Hant']} {one.message['en']}" for one in evaluation.of("info")]
    return " ".join(told) or _REASONS[case.outcome]
