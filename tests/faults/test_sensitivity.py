"""The harness finds the classic faults: each is planted in one process, and check() must fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.fleet import Fleet
from tests.support.four_fleet import FourFleet
from tests.support.outcome import Outcome

CASES = 5
PLANTED = [
    ("acknowledge-before-commit", "review", "acknowledged", "lost"),
    ("publish-before-commit", "intake", "published", "one cause"),
    ("cursor-outside-transaction", "review", "cursor-moved", "lost"),
]


@pytest.mark.parametrize(("plant", "service", "step", "finding"), PLANTED)
def test_a_planted_fault_is_found(
    new_fleet: Callable[[], Fleet], plant: str, service: str, step: str, finding: str
):
    fleet = new_fleet()
    crash = fleet.crash(step, "service", service, nth=2)
    fleet.start_all(**{f"service_{service}": {**crash, "GRANTCASE_TEST_PLANT": plant}})

    for case in range(CASES):
        fleet.close_case(case)
        _noted(fleet, case)
    fleet.until(fleet.marker("service", service).exists, "the planted process crashed")
    fleet.await_ready()

    with pytest.raises(AssertionError, match=finding):
        fleet.check(CASES)


@pytest.mark.parametrize("service", ["intake", "review"])
def test_the_same_crash_without_a_plant_is_healed(new_fleet: Callable[[], Fleet], service: str):
    fleet = new_fleet()
    fleet.start_all(
        **{f"service_{service}": fleet.crash("after-commit", "service", service, nth=2)}
    )

    for case in range(CASES):
        fleet.close_case(case)
    fleet.settled()

    fleet.check(CASES)


def test_a_fault_planted_in_a_real_service_is_found(four: FourFleet, wanted: Outcome):
    """The eighth event that review takes alone; most of them are letters, which nobody asks for."""
    crash = four.crash("cursor-moved", "service", "review", nth=8)
    four.start_all(service_review={**crash, "GRANTCASE_TEST_PLANT": "cursor-outside-transaction"})

    with pytest.raises(AssertionError, match="review: review-|UnexpectedAnswer"):
        _told_and_checked(four, wanted)
    assert four.marker("service", "review").exists()


def _told_and_checked(four: FourFleet, wanted: Outcome) -> None:
    four.tell()
    four.check(wanted)


def _noted(fleet: Fleet, case: int) -> None:
    """Give the effect of a case a moment to appear; a planted fault may have lost it."""
    try:
        fleet.until(
            lambda: str(fleet.case(case)) in fleet.tally("intake"), "the way back", seconds=5
        )
    except AssertionError:
        assert fleet.marker("service", "review").exists()
