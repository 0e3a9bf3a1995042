"""Broker and database stop, or are cut off, while commands are given; nobody helps them up."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.bus.cloudevents import to_wire
from shared.bus.feeds import feed
from shared.bus.publisher import ConfirmingPublisher
from tests.support import pair
from tests.support.fleet import Fleet

ROUNDS = range(10 if os.environ.get("GRANTCASE_SOAK") else 1)
CASES = 60
HEALED_WITHIN_SECONDS = 90


def _cut_off(server: Any) -> None:
    server.kill()
    server.start()


BREAKS = {
    "the broker restarts": lambda fleet: fleet.broker.restart(),
    "the broker is cut off": lambda fleet: _cut_off(fleet.broker),
    "the database restarts": lambda fleet: fleet.postgres.restart(),
    "the database is cut off": lambda fleet: _cut_off(fleet.postgres),
}


@pytest.mark.parametrize("round", ROUNDS)
@pytest.mark.parametrize("what", BREAKS)
def test_work_goes_on_by_itself_after(new_fleet: Callable[[], Fleet], what: str, round: int):
    fleet = new_fleet()
    fleet.start_all()
    for case in range(CASES // 3):
        fleet.close_case(case)

    with ThreadPoolExecutor(1) as other:
        broken = other.submit(BREAKS[what], fleet)
        for case in range(CASES // 3, CASES):
            fleet.close_case(case)
        broken.result()

    fleet.settled(seconds=HEALED_WITHIN_SECONDS)
    fleet.check(CASES)


@pytest.mark.parametrize("round", ROUNDS)
def test_every_command_and_every_message_twice_and_shuffled(
    new_fleet: Callable[[], Fleet], round: int
):
    fleet = new_fleet()
    fleet.start_all()
    order = random.Random(round)
    cases = [*range(CASES), *range(CASES)]
    order.shuffle(cases)

    for done, case in enumerate(cases, start=1):
        fleet.close_case(case)
        if done % 20 == 0:
            _publish_everything_twice(fleet, order)
    fleet.settled()

    fleet.check(CASES)


def _publish_everything_twice(fleet: Fleet, order: random.Random) -> None:
    for name in pair.BUILDERS:
        wires = 2 * [to_wire(event) for event in feed(fleet.cores[name], 0)]
        order.shuffle(wires)
        publisher = ConfirmingPublisher(fleet.amqp_url)
        publisher.publish(wires)
        publisher.close()
