"""The demo story over nameko services, RabbitMQ and PostgreSQL, beside the embedded run of it.

Half-way a second replica of everything is killed, later the first one; what comes out must be the
same decisions, balances and timelines.
"""

from __future__ import annotations

from typing import Any

import pytest

from grantcase.backend import SERVICES
from tests.support import distributed
from tests.support.distributed import Finished, normalised
from tests.support.embedded_demo import Told

TAKEOVER_SECONDS = 10


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The distributed run, over and gone."""
    return distributed.run(tmp_path_factory.mktemp("distributed"))


def decisions(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event["decision"] for event in normalised(events) if event["decision"]]


def test_the_same_cases_have_the_same_numbers(finished: Finished, told: Told) -> None:
    def seen(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        return [(row["case_number"], row["applicant_ubn"]) for row in rows]

    assert seen(finished.queries["cases"]) == seen(told.queries["cases"])


def test_every_decision_is_the_same(finished: Finished, told: Told) -> None:
    assert finished.timelines.keys() == told.timelines.keys()
    for number, events in told.timelines.items():
        assert decisions(finished.timelines[number]) == decisions(events), number


def test_every_timeline_is_the_same(finished: Finished, told: Told) -> None:
    for number, events in told.timelines.items():
        assert normalised(finished.timelines[number]) == normalised(events), number


def test_the_ledger_says_the_same_to_the_dollar(finished: Finished, told: Told) -> None:
    found, wanted = finished.queries["ledger"], told.queries["ledger"]
    assert found["balances"] == wanted["balances"]
    assert found["balances"]["trial_twd"] == 0
    assert normalised(found["rows"]) == normalised(wanted["rows"])


def test_as_many_events_are_sealed_and_public_and_none_is_parked(
    finished: Finished, told: Told
) -> None:
    assert finished.queries["counts"] == told.queries["counts"]
    assert all(counted["parked"] == 0 for counted in finished.queries["counts"].values())


def test_the_same_alerts_stand(finished: Finished, told: Told) -> None:
    assert normalised(finished.queries["alerts"]) == normalised(told.queries["alerts"])


def test_the_story_says_the_same(finished: Finished, told: Told) -> None:
    assert tuple(finished.said) == told.lines


def test_every_log_verifies_on_postgresql(finished: Finished) -> None:
    assert [verdict.service for verdict in finished.verdicts] == list(SERVICES)
    for verdict in finished.verdicts:
        assert verdict.report.ok, verdict
        assert verdict.report.events > 0


def test_either_replica_goes_on_alone_when_the_other_is_killed(finished: Finished) -> None:
    killed = [f"{name}{number}-{kind}" for number in ("", "-2") for name in SERVICES
              for kind in ("sequencer", "relay", "service")]  # fmt: skip
    assert sorted(finished.killed) == sorted(killed)
    assert finished.takeover_seconds < TAKEOVER_SECONDS


def test_health_and_metrics_are_answered(finished: Finished) -> None:
    for name in SERVICES:
        assert finished.health[name]["service"] == name
        assert finished.health[name]["clock"] == "simulated"
        assert f"grantcase_sealed {finished.health[name]['sealed']}.0" in finished.metrics[name]


def test_a_stranger_without_the_service_credential_is_refused(finished: Finished) -> None:
    assert finished.with_wrong_credential["error"] == "not-permitted"
    assert finished.with_wrong_credential["field"] == "credential"


def test_a_process_on_the_system_clock_refuses_a_command_with_its_own_now(
    finished: Finished,
) -> None:
    assert finished.with_now_on_system_clock["error"] == "invalid-input"
    assert finished.with_now_on_system_clock["field"] == "now"


def test_on_the_system_clock_timers_fire_by_themselves(finished: Finished) -> None:
    assert finished.timer_fired_by_itself


def test_down_stops_what_was_started_and_nothing_else(finished: Finished) -> None:
    assert {"review-service", "monitoring-relay", "local-postgres", "local-rabbitmq"} <= set(
        finished.stopped
    )
    assert finished.left_running == []
    assert finished.stranger_lives
    assert finished.stopped_again == ()
