"""Conflicts, cut connections and dying processes never count against a timer."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa

from shared.bus import redrive
from shared.bus.clockwork import fire_due, next_due
from shared.bus.inbox import TRIES
from shared.bus.service_core import ServiceCore
from shared.kernel.errors import VersionConflict
from shared.projection.tables import timer_faults
from shared.projection.timers import TimerTable
from tests.support import pair
from tests.support.pair_timers import (
    LATER,
    MINUTE,
    NOON,
    clock_runs,
    core,
    fails,
    lane,
    poisoned,
    rows_of,
    schedule,
    with_handler,
    written,
)

__all__ = ["core"]


@pytest.mark.parametrize(
    "fault",
    [
        VersionConflict(),
        sa.exc.OperationalError("SELECT", {}, Exception("connection lost")),
        ConnectionResetError("connection lost"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_conflicts_and_lost_connections_are_retried_for_ever_and_stop_nobody_else(
    core: ServiceCore, fault: Exception
) -> None:
    schedule(core, "a", 1)
    schedule(core, "b", 2)
    unlucky = with_handler(core, fails(fault, case="a"))
    for _ in range(2 * TRIES):
        with pytest.raises(type(fault)):
            fire_due(unlucky, LATER)
    assert written(core, "b") == [NOON + 2 * MINUTE]
    assert redrive.list_lanes(core) == []
    assert fire_due(core, LATER) == 1
    assert written(core, "a") == [NOON + MINUTE]


def test_a_connection_that_is_cut_in_the_handler_is_no_failure_of_the_timer(
    core: ServiceCore,
) -> None:
    if core.units.store.engine.dialect.name == "sqlite":
        cut: Any = fails(sa.exc.OperationalError("SELECT", {}, Exception("disk I/O error")))
    else:

        def cut(command: Any, ports: Any) -> None:
            pair.note_return(command, ports)
            ports.connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    schedule(core, "a", 1)
    with pytest.raises(sa.exc.OperationalError):
        fire_due(with_handler(core, cut), LATER)
    assert rows_of(core, timer_faults) == 0
    assert fire_due(core, LATER) == 1
    assert written(core, "a") == [NOON + MINUTE]


class Killed(BaseException):
    """Nobody catches it: the process is gone."""


def test_a_process_that_dies_within_a_try_leaves_nothing(core: ServiceCore) -> None:
    def dies(command: Any, ports: Any) -> None:
        pair.note_return(command, ports)
        raise Killed

    schedule(core, "a", 5)
    for _ in range(2 * TRIES):
        with suppress(Killed):
            fire_due(with_handler(core, dies), LATER)
    assert (written(core, "a"), rows_of(core, timer_faults)) == ([], 0)

    clock_runs(poisoned(core, "a"))
    with pytest.raises(Killed):
        redrive.retry_lane(with_handler(core, dies), lane("a"))
    assert len(redrive.show_lane(core, lane("a"))) == 1
    assert redrive.retry_lane(core, lane("a")) == 1
    assert written(core, "a") == [NOON + 5 * MINUTE]


def test_a_process_that_dies_before_a_failure_is_counted_tries_once_more(
    core: ServiceCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*given: Any) -> int:
        raise Killed

    schedule(core, "a", 5)
    broken = poisoned(core, "a")
    with monkeypatch.context() as patched:
        patched.setattr(TimerTable, "park", dies)
        with pytest.raises(Killed):
            clock_runs(broken)
    assert next_due(core) == NOON + 5 * MINUTE
    fire_due(broken, LATER)
    assert next_due(core) is None
    assert len(redrive.show_lane(core, lane("a"))) == 1
