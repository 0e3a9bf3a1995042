"""What becomes of a delivery: applied, old, a gap, parked, or asked for again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.bus import feeds, lanes, redrive
from shared.bus.inbox import TRIES, Outcome, position, receive
from shared.kernel.errors import InvalidInput, UnknownThing, WrongState
from tests.support import pair
from tests.unit.bus.conftest import Pair, case_id, with_handler


def tallied(services: Pair, case: str) -> int:
    return services.counted().get(str(case_id(case)), 0)


def test_the_next_event_is_applied_and_moves_the_cursor(services: Pair) -> None:
    assert receive(services.review, services.reject("a")) is Outcome.APPLIED
    assert position(services.review, "intake") == 1
    assert tallied(services, "a") == 1


def test_an_event_that_was_done_is_dropped(services: Pair) -> None:
    event = services.reject("a")
    receive(services.review, event)
    assert receive(services.review, event) is Outcome.OLD
    assert tallied(services, "a") == 1


def test_an_event_too_far_ahead_is_a_gap_and_changes_nothing(services: Pair) -> None:
    services.reject("a")
    assert receive(services.review, services.reject("b")) is Outcome.GAP
    assert position(services.review, "intake") == 0
    assert services.counted() == {}


def test_an_event_nobody_uses_moves_the_cursor_only(services: Pair) -> None:
    event = replace(services.reject("a"), type="ProposalLapsed")
    assert receive(services.review, event) is Outcome.APPLIED
    assert position(services.review, "intake") == 1
    assert services.counted() == {}


def test_the_feed_fills_a_gap_in_order(services: Pair) -> None:
    for case in ("a", "b", "c"):
        services.reject(case)
    handled = feeds.catch_up(
        services.review, "intake", lambda after, limit: feeds.feed(services.intake, after, 2)
    )
    assert handled == position(services.review, "intake") == 3
    assert set(services.counted().values()) == {1}


def test_a_refusal_in_a_reaction_is_recorded_and_the_cursor_moves(services: Pair) -> None:
    assert receive(services.review, services.reject("a", "refused")) is Outcome.APPLIED
    history = services.review.units.reader.history("rejection", case_id("a"))
    assert [recorded.type for recorded in history] == ["CommandRefused"]


def test_an_unforeseen_fault_is_tried_five_times_and_then_parked(services: Pair) -> None:
    event = services.reject("a", "broken")
    outcomes = [receive(services.review, event) for _ in range(TRIES)]
    assert outcomes == [Outcome.RETRY] * (TRIES - 1) + [Outcome.PARKED]
    assert position(services.review, "intake") == 1
    lane = redrive.list_lanes(services.review)[0]
    assert lane["lane"] == str(case_id("a"))
    assert "ZeroDivisionError" in lane["error"]


def parked(services: Pair, case: str) -> None:
    event = services.reject(case, "broken")
    while receive(services.review, event) is not Outcome.PARKED:
        pass


def test_later_events_of_a_parked_case_wait_and_other_cases_go_on(services: Pair) -> None:
    parked(services, "a")
    assert receive(services.review, services.reject("a")) is Outcome.PARKED
    assert receive(services.review, services.reject("b")) is Outcome.APPLIED
    assert (tallied(services, "a"), tallied(services, "b")) == (0, 1)
    assert len(redrive.show_lane(services.review, str(case_id("a")))) == 2


def test_a_mended_lane_is_handled_again_in_order(services: Pair) -> None:
    parked(services, "a")
    receive(services.review, services.reject("a"))
    services.mend()
    assert redrive.retry_lane(services.review, str(case_id("a"))) == 2
    assert tallied(services, "a") == 2
    assert redrive.list_lanes(services.review) == []


def test_a_lane_that_fails_again_stays_parked_and_says_why(services: Pair) -> None:
    parked(services, "a")
    with pytest.raises(redrive.StillParked, match="ZeroDivisionError"):
        redrive.retry_lane(services.review, str(case_id("a")))
    assert len(redrive.show_lane(services.review, str(case_id("a")))) == 1
    assert services.counted() == {}


def test_a_mended_event_that_is_then_refused_leaves_its_refusal_and_the_lane(
    services: Pair,
) -> None:
    parked(services, "a")
    refusing = with_handler(services.review, "NoteRejection", _refuse)
    assert redrive.retry_lane(refusing, str(case_id("a"))) == 1
    history = services.review.units.reader.history("rejection", case_id("a"))
    assert [recorded.type for recorded in history] == ["CommandRefused"]


def test_an_event_that_comes_while_its_lane_is_retried_is_handled_too(services: Pair) -> None:
    parked(services, "a")
    late = services.reject("a")
    services.mend()

    def slow(command: Any, ports: Any) -> None:
        if not arrived:
            arrived.append(late)
            lanes.park(ports.connection, late, lanes.WAITS)
        pair.note_rejection(command, ports)

    arrived: list[Any] = []
    core = with_handler(services.review, "NoteRejection", slow)
    assert redrive.retry_lane(core, str(case_id("a"))) == 2
    assert tallied(services, "a") == 2


def test_a_refusal_that_cannot_be_recorded_is_a_fault_like_any_other(services: Pair) -> None:
    """Here the reaction itself refuses: there is no command to record it for."""
    event = services.reject("a")
    core = replace(services.review, reactions={("intake", "ProposalRejected"): _refuse})
    outcomes = [receive(core, event) for _ in range(TRIES)]
    assert outcomes == [Outcome.RETRY] * (TRIES - 1) + [Outcome.PARKED]


def test_a_feed_with_a_hole_ends_the_reading_of_it(services: Pair) -> None:
    services.reject("a")
    after_the_hole = services.reject("b")
    assert feeds.catch_up(services.review, "intake", lambda after, limit: [after_the_hole]) == 0
    assert position(services.review, "intake") == 0


def _refuse(*given: Any) -> Any:
    raise WrongState("不受理", "not taken")


def test_a_skip_needs_a_reason_and_lets_later_events_on(services: Pair) -> None:
    parked(services, "a")
    receive(services.review, services.reject("a"))
    lane = str(case_id("a"))
    with pytest.raises(InvalidInput):
        redrive.skip_first(services.review, lane, "  ")
    redrive.skip_first(services.review, lane, "decided by the office")
    assert redrive.retry_lane(services.review, lane) == 1
    assert tallied(services, "a") == 1
    with pytest.raises(UnknownThing):
        redrive.skip_first(services.review, lane, "again")
