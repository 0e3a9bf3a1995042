"""kill -9 in the middle of a step, in each of the four services: nothing is lost, nothing twice."""

from __future__ import annotations

import random

import pytest

from grantcase.backend import SERVICES
from tests.support.four_fleet import FourFleet
from tests.support.outcome import Outcome
from tests.support.rounds import rounds

AFTER_COMMIT = ("service", "after-commit")  # nobody was answered, no message acknowledged
BEFORE_SEAL = ("sequencer", "before-seal")  # committed, read, not sealed
BEFORE_PUBLISH = ("relay", "before-publish")  # sealed, not published
BEFORE_CONFIRM = ("relay", "before-confirm")  # published, not confirmed
AFTER_CONFIRM = ("relay", "after-confirm")  # confirmed, the cursor not moved
BEFORE_ACKNOWLEDGE = ("service", "before-acknowledge")  # the effect is committed

PASSED_AT_LEAST = {"service": 4, "sequencer": 10, "relay": 5}
"""How often each of the four passes such a step in the story."""


@pytest.mark.parametrize(
    "steps",
    [
        (AFTER_COMMIT, BEFORE_PUBLISH),
        (BEFORE_SEAL, BEFORE_CONFIRM),
        (BEFORE_ACKNOWLEDGE, AFTER_CONFIRM),
    ],
    ids=lambda steps: " and ".join(f"{kind} {step}" for kind, step in steps),
)
@pytest.mark.parametrize("seed", rounds())
def test_each_service_is_killed_once_in_the_middle_of(
    four: FourFleet, wanted: Outcome, steps: tuple[tuple[str, str], ...], seed: int
):
    chance = random.Random(f"{steps}/{seed}")
    four.start_all(
        **{
            f"{kind}_{name}": four.crash(
                step, kind, name, nth=chance.randint(1, PASSED_AT_LEAST[kind])
            )
            for kind, step in steps
            for name in SERVICES
        }
    )

    four.tell()

    for kind, step in steps:
        for name in SERVICES:
            assert four.marker(kind, name).exists(), f"the {kind} of {name} never came to {step}"
            assert four.marker(kind, name).read_text() == step
    four.check(wanted)
