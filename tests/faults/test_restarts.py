"""Broker and database stop, or are cut off, while the four services work; nobody helps them up."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from grantcase.backend import SERVICES
from tests.support.four_fleet import FourFleet
from tests.support.outcome import Outcome
from tests.support.rounds import rounds
from tests.support.tap import Tap

SERVERS = {
    "the broker": lambda fleet: fleet.broker,
    "the database": lambda fleet: fleet.postgres,
}
FIRST, SECOND, LAST = (10, 150), (170, 300), 320
"""The command of the story (it has 326) before which the server restarts, and is cut off; and
by which it must stand again."""


def _cut_off(server: Any) -> None:
    server.kill()
    server.start()


@pytest.mark.parametrize("which", SERVERS)
@pytest.mark.parametrize("seed", rounds())
def test_work_goes_on_by_itself_after_a_restart_and_a_power_cut_of(
    four: FourFleet, wanted: Outcome, which: str, seed: int
):
    chance, server = random.Random(f"{which}/{seed}"), SERVERS[which](four)
    four.start_all()
    with ThreadPoolExecutor(1) as other:
        broken: list[Future[None]] = []

        def begin(fault: Callable[[], None]) -> Callable[[], None]:
            return lambda: broken.append(other.submit(fault))

        driver = four.tell(
            {
                chance.randint(*FIRST): begin(server.restart),
                chance.randint(*SECOND): begin(lambda: _cut_off(server)),
                LAST: lambda: [fault.result() for fault in broken] and None,
            }
        )

    assert len(broken) == 2
    assert driver.given > LAST
    four.check(wanted)


@pytest.mark.parametrize("seed", rounds())
def test_every_command_twice_and_every_message_twice_and_shuffled(
    four: FourFleet, wanted: Outcome, seed: int
):
    four.start_all()
    with Tap(four.amqp_url, four.cast.listeners(), random.Random(seed)) as tap:
        four.tell(twice=True)

    assert tap.taken == sum(wanted.public.values())
    assert tap.handed_on > 2 * tap.taken
    assert _deliveries(four, "gap") > 0, "nothing came out of order"
    assert _deliveries(four, "old") > 0, "nothing came again"
    four.check(wanted)


def _deliveries(four: FourFleet, outcome: str) -> int:
    pattern = re.compile(rf'grantcase_deliveries_total\{{outcome="{outcome}".*\}} (\d+)')
    pages = [four.page(name, "metrics") for name in SERVICES]
    return sum(int(count) for page in pages for count in pattern.findall(page))
