"""Closing the ranking of a track, over the streams of all its proposals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.review.application import facts
from services.review.application import selection_commands as c
from services.review.application.handlers.loading import append, load, load_panel
from services.review.application.ports import ReviewPorts
from services.review.domain import sheets
from services.review.domain.errors import RankingIsClosed, ReviewsOpen
from services.review.domain.events.committee import ScoringClosed
from services.review.domain.panel import Panel, panel_id
from services.review.domain.ranking import Ranking, Standing, rank
from services.review.domain.review_case import FINISHED, PRESENTED, ReviewCase
from shared.kernel.decisions import Evaluation


@dataclass(frozen=True, slots=True)
class _Scored:
    case: ReviewCase
    version: int
    evaluation: Evaluation


def close_scoring(command: c.CloseScoring, ports: ReviewPorts) -> dict[str, Any]:
    """Compute every proposal's points and the ranking; both are fixed in one unit of work."""
    panel, version = load_panel(ports, command.call_id, command.track)
    panel.must_hold(command.actor.id, command.track)
    if panel.closed:
        raise RankingIsClosed(command.track)
    scored = [
        _scored(ports, case, case_version, panel, command)
        for case, case_version in _finished(command, ports)
    ]
    digest = ports.packs.call(command.call_id)["pack_digest"]
    scoring = ports.packs.document(digest)["scoring"]
    ranking = rank(
        [_standing(one, panel) for one in scored if one.evaluation.values["passed"]],
        scoring["rank_by"],
        command.tie_order,
        shared=scoring.get("ties") == "shared",
    )
    evaluation = ports.rules.enforce(digest, "ranking", _ties(ports, command, ranking))
    ports.streams.append(
        "panel",
        panel_id(command.call_id, command.track),
        panel.close(command.call_id, command.track, ranking, command.tie_reason),
        expected_version=version,
        caused_by=command,
        decision=evaluation.decision(),
    )
    return {"ranking": [_close(ports, command, one, ranking.ranks) for one in scored]}


def _finished(command: c.CloseScoring, ports: ReviewPorts) -> Sequence[tuple[ReviewCase, int]]:
    """The proposals that presented. Raises ReviewsOpen while one of the track is under way."""
    loaded = [load(ports, id) for id in ports.files.of_call(command.call_id, command.track)]
    if under_way := [case.number for case, _ in loaded if case.state not in FINISHED]:
        raise ReviewsOpen(under_way)
    return [(case, version) for case, version in loaded if case.state == PRESENTED]


def _scored(
    ports: ReviewPorts, case: ReviewCase, version: int, panel: Panel, command: c.CloseScoring
) -> _Scored:
    evaluation = ports.rules.enforce(
        case.filed.pack_digest, "rank", facts.ranking_of_case(ports, case, panel, command)
    )
    return _Scored(case, version, evaluation)


def _standing(one: _Scored, panel: Panel) -> Standing:
    counted = one.case.counted_sheets(panel.members)
    sums: dict[str, int] = {}
    for sheet in counted:
        for criterion, centi in sheet.scores_centi.items():
            sums[criterion] = sums.get(criterion, 0) + centi
    return Standing(
        case_id=one.case.filed.case_id,
        case_number=one.case.number,
        values={k: v for k, v in one.evaluation.values.items() if type(v) is int},
        criterion_sums=sums,
        members=len(counted),
    )


def _ties(ports: ReviewPorts, command: c.CloseScoring, ranking: Ranking) -> dict[str, Any]:
    groups = [(group, False) for group in ranking.open_ties]
    groups += [(group, True) for group in ranking.decided_ties]
    return {
        **facts.of_call(ports, command.call_id, command),
        "registers": {
            "track": command.track,
            "ties": [
                {"cases": [one.case_number for one in group], "decided": decided}
                for group, decided in groups
            ],
            "tie_reason": command.tie_reason,
        },
    }


def _close(
    ports: ReviewPorts, command: c.CloseScoring, one: _Scored, ranks: Mapping[Any, int]
) -> dict[str, Any]:
    values = one.evaluation.values
    case_id = one.case.filed.case_id
    closed = ScoringClosed(
        case_id=case_id,
        members=values["members"],
        base_centi=values["base_centi"],
        bonuses=tuple(_bonuses(ports, one)),
        final_centi=values["final_centi"],
        passed=values["passed"],
        rank=ranks.get(case_id),
    )
    events = sheets.close_scoring(one.case, closed)
    append(ports, command, case_id, one.version, events, one.evaluation.decision())
    return {
        "case_number": one.case.number,
        "rank": closed.rank,
        "base_centi": closed.base_centi,
        "final_centi": closed.final_centi,
        "passed": closed.passed,
    }


def _bonuses(ports: ReviewPorts, one: _Scored) -> Iterator[dict[str, Any]]:
    """Each bonus that the pack declares: its points, and the values that show why."""
    values = one.evaluation.values
    scoring = ports.packs.document(one.case.filed.pack_digest)["scoring"]
    for bonus in scoring.get("bonuses") or ():
        yield {
            "id": bonus["id"],
            "points_centi": values[bonus["points"]],
            "evidence": {name: values[name] for name in bonus.get("evidence") or ()},
        }
