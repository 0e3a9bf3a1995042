"""A timer that fails for good is set aside; the others fire, and it fires later at its instant.

On SQLite and on PostgreSQL, in the invented pair's intake.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.bus import health, lanes, queries, redrive
from shared.bus.clockwork import fire_due, next_due
from shared.bus.inbox import TRIES, Outcome, receive
from shared.bus.service_core import ServiceCore
from shared.kernel.clock import SystemClock
from shared.kernel.errors import InvalidInput, UnknownThing, WrongState
from shared.kernel.ids import derived_id
from shared.kernel.streams import UnknownPack
from shared.projection.tables import timer_faults, timers
from shared.projection.timers import TimerTable
from tests.support.pair_timers import (
    LATER,
    MINUTE,
    NOON,
    breaks_at,
    case_id,
    clock_runs,
    core,
    fails,
    lane,
    not_selected,
    poisoned,
    rows_of,
    schedule,
    with_handler,
    written,
)

__all__ = ["core"]


def test_a_timer_that_fails_is_tried_a_bounded_number_of_times_and_then_parked(
    core: ServiceCore,
) -> None:
    schedule(core, "a", 5)
    tries: list[UUID] = []

    def counting(command: Any, ports: Any) -> None:
        tries.append(command.command_id)
        raise KeyError("a fault nobody foresaw")

    clock_runs(with_handler(core, counting))

    assert len(tries) == TRIES
    (row,) = redrive.show_lane(core, lane("a"))
    assert (row["command"], row["error"]) == ("NoteReturn", "KeyError: 'a fault nobody foresaw'")
    assert written(core, "a") == []


def test_a_poison_timer_delays_no_other_case(core: ServiceCore) -> None:
    for case, minutes in (("a", 1), ("b", 2), ("c", 3)):
        schedule(core, case, minutes)
    assert fire_due(poisoned(core, "a"), LATER) == 2
    assert written(core, "b") == [NOON + 2 * MINUTE]
    assert written(core, "c") == [NOON + 3 * MINUTE]


def test_later_timers_of_the_case_wait_behind_it_in_order(core: ServiceCore) -> None:
    schedule(core, "a", 1)
    schedule(core, "a", 2, name="second")
    schedule(core, "a", 3, name="third")
    clock_runs(with_handler(core, breaks_at(NOON + MINUTE)))
    assert written(core, "a") == []
    rows = redrive.show_lane(core, lane("a"))
    assert [row["due_at"][14:16] for row in rows] == ["01", "02", "03"]
    assert "ZeroDivisionError" in rows[0]["error"]
    assert rows[1]["error"] == rows[2]["error"] == lanes.WAITS


def test_once_mended_a_retry_fires_the_lane_in_order_each_at_its_own_instant(
    core: ServiceCore,
) -> None:
    schedule(core, "a", 5)
    schedule(core, "a", 9, name="second")
    clock_runs(poisoned(core, "a"))
    assert redrive.retry_lane(core, lane("a")) == 2
    assert written(core, "a") == [NOON + 5 * MINUTE, NOON + 9 * MINUTE]
    assert redrive.list_lanes(core) == []
    assert fire_due(core, LATER) == 0
    assert rows_of(core, timer_faults) == 0


def test_a_retry_that_fails_again_keeps_the_lane_and_says_why(core: ServiceCore) -> None:
    schedule(core, "a", 5)
    clock_runs(poisoned(core, "a"))
    with pytest.raises(redrive.StillParked, match="another fault"):
        redrive.retry_lane(with_handler(core, fails(LookupError("another fault"))), lane("a"))
    assert "another fault" in redrive.show_lane(core, lane("a"))[0]["error"]
    assert written(core, "a") == []


def test_a_skipped_timer_keeps_its_reason_and_lets_the_next_one_fire(core: ServiceCore) -> None:
    schedule(core, "a", 5)
    schedule(core, "a", 9, name="second")
    clock_runs(poisoned(core, "a"))
    with pytest.raises(InvalidInput):
        redrive.skip_first(core, lane("a"), " ")
    redrive.skip_first(core, lane("a"), "decided by the board")
    assert redrive.retry_lane(core, lane("a")) == 1
    assert written(core, "a") == [NOON + 9 * MINUTE]
    with core.units.begin() as unit:
        error = unit.connection.execute(sa.select(timer_faults.c.error)).scalar_one()
        states = set(unit.connection.execute(sa.select(timers.c.state)).scalars())
    assert error.endswith("skipped: decided by the board")
    assert states == {"skipped", "fired"}
    with pytest.raises(UnknownThing):
        redrive.skip_first(core, lane("a"), "again")


def test_events_of_the_case_wait_behind_a_parked_timer(core: ServiceCore) -> None:
    schedule(core, "a", 5)
    clock_runs(poisoned(core, "a"))
    assert receive(core, not_selected("a", 1)) is Outcome.PARKED
    assert receive(core, not_selected("b", 2)) is Outcome.APPLIED
    assert redrive.list_lanes(core)[0] | {"since": "", "error": ""} == {
        "service": "intake",
        "lane": lane("a"),
        "events": 1,
        "timers": 1,
        "first": "NoteReturn",
        "since": "",
        "error": "",
    }
    assert redrive.retry_lane(core, lane("a")) == 2
    assert written(core, "a") == [NOON + 5 * MINUTE, NOON]


def test_timers_of_the_case_wait_behind_a_parked_event(core: ServiceCore) -> None:
    broken = poisoned(core, "a")
    while receive(broken, not_selected("a", 1)) is not Outcome.PARKED:
        pass
    schedule(core, "a", 5)
    clock_runs(core)
    assert redrive.retry_lane(core, lane("a")) == 2
    assert written(core, "a") == [NOON, NOON + 5 * MINUTE]


def test_what_is_parked_is_counted_in_status_counts_and_metrics(core: ServiceCore) -> None:
    schedule(core, "a", 5)
    clock_runs(poisoned(core, "a"))
    receive(core, not_selected("a", 1))
    status = health.status(core, SystemClock())
    assert (status["parked"], status["parked_timers"]) == (2, 1)
    assert queries.counts(core)["parked"] == 2
    text = health.Metrics(core, SystemClock()).text()
    assert "grantcase_parked 2.0" in text
    assert "grantcase_parked_timers 1.0" in text


@pytest.mark.parametrize(
    "changes", [{"command": "GoneSince"}, {"payload": {}}], ids=["unknown", "unreadable"]
)
def test_a_timer_that_this_program_cannot_read_is_parked(
    core: ServiceCore, changes: dict[str, Any]
) -> None:
    schedule(core, "a", 5, **changes)
    clock_runs(core)
    assert "UnreadableTimer" in redrive.list_lanes(core)[0]["error"]


@pytest.mark.parametrize("text", ["half \x00 a text", "half a \ud800 sign", "long " * 10_000])
def test_a_fault_whose_text_no_database_takes_is_parked_all_the_same(
    core: ServiceCore, text: str
) -> None:
    schedule(core, "a", 5)
    clock_runs(with_handler(core, fails(ValueError(text))))
    assert redrive.list_lanes(core)[0]["error"].startswith("ValueError: ")
    receive(core, not_selected("a", 1))
    with pytest.raises(redrive.StillParked):
        redrive.retry_lane(with_handler(core, fails(ValueError(text))), lane("a"))


def test_an_unknown_pack_parks_at_once(core: ServiceCore) -> None:
    schedule(core, "a", 5)
    fire_due(with_handler(core, fails(UnknownPack("abc"))), LATER)
    assert next_due(core) is None
    assert "UnknownPack" in redrive.list_lanes(core)[0]["error"]


def test_a_refusal_is_a_fact_at_once_and_in_a_retry(core: ServiceCore) -> None:
    refusing = with_handler(core, fails(WrongState("不受理", "not taken")))
    schedule(core, "a", 5)
    schedule(core, "b", 6)
    assert fire_due(refusing, NOON + 5 * MINUTE) == 1
    clock_runs(poisoned(core, "b"))
    assert redrive.retry_lane(refusing, lane("b")) == 1
    for case in ("a", "b"):
        history = core.units.reader.history("screening", case_id(case))
        assert [recorded.type for recorded in history] == ["CommandRefused"]
    assert redrive.list_lanes(core) == []


def test_a_parked_timer_keeps_its_instant_when_it_is_set_again_and_goes_when_cancelled(
    core: ServiceCore,
) -> None:
    schedule(core, "a", 5)
    clock_runs(poisoned(core, "a"))
    schedule(core, "a", 50)
    assert next_due(core) is None
    assert redrive.show_lane(core, lane("a"))[0]["due_at"].startswith("2023-03-20T12:05")
    with core.units.begin() as unit:
        TimerTable(unit.connection).cancel(derived_id("timer", "a"))
        unit.commit()
    assert (redrive.list_lanes(core), rows_of(core, timer_faults)) == ([], 0)
