"""kill -9 in the middle of a step, in each service: nothing is lost, nothing happens twice."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.support import pair
from tests.support.fleet import Fleet

ROUNDS = range(20 if os.environ.get("GRANTCASE_SOAK") else 1)
CASES, MOST_CASES = 20, 60

STEPS = [
    ("service", "after-commit"),  # the answer was never sent, or the message never acknowledged
    ("sequencer", "before-seal"),  # committed, read, not sealed
    ("relay", "before-publish"),  # sealed, not published
    ("relay", "before-confirm"),  # published, not confirmed
    ("relay", "after-confirm"),  # confirmed, the cursor not moved
    ("service", "before-acknowledge"),  # the effect is committed, the message not acknowledged
]


@pytest.mark.parametrize("round", ROUNDS)
@pytest.mark.parametrize(("kind", "step"), STEPS)
def test_a_process_killed_in_the_middle_of_a_step_loses_and_repeats_nothing(
    new_fleet: Callable[[], Fleet], kind: str, step: str, round: int
):
    fleet = new_fleet()
    fleet.start_all(
        **{f"{kind}_{name}": fleet.crash(step, kind, name, nth=3 + round) for name in pair.BUILDERS}
    )

    cases = 0
    while cases < CASES or not all(fleet.marker(kind, name).exists() for name in pair.BUILDERS):
        assert cases < MOST_CASES, f"a {kind} never came to {step}"
        fleet.close_case(cases)
        cases += 1
        if cases > CASES:
            fleet.settled()  # one by one, so that a step is passed for each
    fleet.settled()

    fleet.check(cases)
