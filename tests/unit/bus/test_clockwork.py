"""Due timers: each given once, at its own instant, in order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.bus.clockwork import fire_due, next_due
from shared.kernel.ids import derived_id
from shared.projection.timers import TimerTable
from tests.unit.bus.conftest import NOON, Pair, case_id

MINUTE = timedelta(minutes=1)


def schedule(services: Pair, case: str, minutes: int, command: str = "NoteReturn") -> None:
    with services.intake.units.begin() as unit:
        payload = {"case_id": str(case_id(case))}
        due = NOON + minutes * MINUTE
        TimerTable(unit.connection).schedule(derived_id("timer", case), due, command, payload)
        unit.commit()


def written(services: Pair, case: str) -> list[object]:
    history = services.intake.units.reader.history("screening", case_id(case))
    return [recorded.metadata.occurred_at for recorded in history]


def test_a_timer_fires_at_its_own_instant_even_if_late(services: Pair) -> None:
    schedule(services, "a", 5)
    assert fire_due(services.intake, NOON + 60 * MINUTE) == 1
    assert written(services, "a") == [NOON + 5 * MINUTE]


@pytest.mark.parametrize(("minutes", "fired"), [(4, 0), (5, 1), (6, 1)])
def test_it_fires_from_its_instant_on_and_not_before(
    services: Pair, minutes: int, fired: int
) -> None:
    schedule(services, "a", 5)
    assert fire_due(services.intake, NOON + minutes * MINUTE) == fired


def test_a_fired_timer_stays_fired(services: Pair) -> None:
    schedule(services, "a", 5)
    fire_due(services.intake, NOON + 5 * MINUTE)
    schedule(services, "a", 50)
    assert fire_due(services.intake, NOON + 60 * MINUTE) == 0
    assert next_due(services.intake) is None
    assert len(written(services, "a")) == 1


def test_the_same_id_again_moves_a_timer_that_has_not_fired(services: Pair) -> None:
    schedule(services, "a", 5)
    schedule(services, "a", 50)
    assert next_due(services.intake) == NOON + 50 * MINUTE
    assert fire_due(services.intake, NOON + 49 * MINUTE) == 0


def test_a_cancelled_timer_is_forgotten_and_an_unknown_one_ignored(services: Pair) -> None:
    schedule(services, "a", 5)
    with services.intake.units.begin() as unit:
        TimerTable(unit.connection).cancel(derived_id("timer", "a"))
        TimerTable(unit.connection).cancel(derived_id("timer", "nobody"))
        unit.commit()
    assert next_due(services.intake) is None


def test_the_earliest_is_due_first_whatever_the_order_they_were_set_in(services: Pair) -> None:
    for case, minutes in (("late", 9), ("early", 1), ("middle", 5)):
        schedule(services, case, minutes)
    assert next_due(services.intake) == NOON + MINUTE
    assert fire_due(services.intake, NOON + 5 * MINUTE) == 2
    assert written(services, "late") == []
    assert next_due(services.intake) == NOON + 9 * MINUTE


def test_a_timer_set_in_a_transaction_that_is_rolled_back_was_never_set(services: Pair) -> None:
    with services.intake.units.begin() as unit:
        TimerTable(unit.connection).schedule(derived_id("timer", "a"), NOON, "NoteReturn", {})
    assert next_due(services.intake) is None
