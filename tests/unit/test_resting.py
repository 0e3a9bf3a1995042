"""When a simulated run over a broker may go on: whom an event makes act is waited for."""

from __future__ import annotations

from typing import Any

from grantcase.resting import Rest, acting_on, at_rest, listeners_of


def status(public: int = 0, unsealed: int = 0, **cursors: int) -> dict[str, Any]:
    return {"public": public, "unsealed": unsealed, "cursors": cursors}


class Services:
    """Answers one round after the other, and remembers who was asked."""

    def __init__(self, *rounds: dict[str, dict[str, Any]]):
        self._rounds = list(rounds)
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
        self.asked.append(names)
        statuses = self._rounds.pop(0) if len(self._rounds) > 1 else self._rounds[0]
        return {name: statuses[name] for name in names}


def test_an_event_that_nobody_acts_on_is_not_waited_for() -> None:
    services = Services({})

    Rest(services).after("review", {"ScoreRecorded"})

    assert services.asked == []


def test_only_those_who_act_are_asked() -> None:
    services = Services({"finance": status(), "monitoring": status(public=1)})

    Rest(services).after("monitoring", {"CheckpointPassed"})

    assert services.asked == [("finance", "monitoring")]


def test_a_cursor_behind_its_feed_is_waited_for() -> None:
    behind = {"finance": status(monitoring=0), "monitoring": status(public=1)}
    there = {"finance": status(monitoring=1), "monitoring": status(public=1)}
    services = Services(behind, behind, there)

    Rest(services).after("monitoring", {"CheckpointPassed"})

    assert len(services.asked) == 3


def test_whoever_publishes_in_reaction_is_followed_to_those_who_listen_to_it() -> None:
    statuses = {name: status() for name in ("intake", "review", "monitoring")}
    services = Services({**statuses, "finance": status(public=1)})

    Rest(services).after("monitoring", {"CheckpointPassed"})

    assert services.asked[-1] == ("finance", "intake", "monitoring", "review")


def test_what_is_committed_and_not_sealed_is_no_rest() -> None:
    assert not at_rest({"finance": status(unsealed=1)})
    assert at_rest({"finance": status(public=3, monitoring=7)})


def test_packs_and_calls_reach_everybody() -> None:
    assert acting_on("intake", "PackPublished") == {"review", "finance", "monitoring"}
    assert listeners_of("intake") == {"review", "finance", "monitoring"}
