"""The RPC door of a nameko service: credential, error documents, clock, health."""

from __future__ import annotations

from typing import Any

import pytest

from shared.bus.rpc_client import CallFailed, RpcClient
from tests.support.fleet import Fleet


@pytest.mark.parametrize("credential", [None, "", "wrong", 7])
def test_a_call_without_the_service_credential_is_not_permitted(running: Fleet, credential: Any):
    reply = running.client.call(
        "intake", "do", credential=credential, envelope=running.command(300)
    )

    assert (reply["error"], reply["field"]) == ("not-permitted", "credential")
    running.settled()
    assert str(running.case(300)) not in running.tally("intake")


def test_the_same_command_again_returns_the_first_answer(running: Fleet):
    first = running.call("intake", "do", envelope=running.command(301))
    again = running.call("intake", "do", envelope=running.command(301))

    assert "answer" in first
    assert first == again


def test_the_same_command_id_with_other_content_is_refused(running: Fleet):
    running.call("intake", "do", envelope=running.command(302))
    reply = running.call("intake", "do", envelope=running.command(302, reason="other"))

    assert reply["error"] == "command-id-reused"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"command_id": "7"}, "command_id"),
        ({"command": None}, "command"),
        ({"actor": {"id": "a", "roles": "screening_officer"}}, "actor/roles"),
        ({"actor": None}, "actor"),
        ({"expected_version": -1}, "expected_version"),
        ({"now": None}, "now"),
        ({"now": "2023-03-01T09:00:00"}, "now"),
        ({"surprise": 1}, "surprise"),
        ({"payload": []}, "/"),
        ({"payload": {"reason": "late"}}, "/case_id"),
        ({"command": "NoSuchCommand"}, "command"),
    ],
)
def test_a_malformed_envelope_is_refused_naming_the_field(
    running: Fleet, change: dict[str, Any], field: str
):
    reply = running.call("intake", "do", envelope={**running.command(303), **change})

    assert "error" in reply, reply
    assert reply["field"] == field
    assert reply["message"]["zh-Hant"]


def test_an_unknown_query_is_refused(running: Fleet):
    reply = running.call("intake", "query", name="nonsense", params={})

    assert reply["error"] == "invalid-input"


def test_a_service_that_does_not_run_is_told_at_once(running: Fleet):
    client = RpcClient(running.amqp_url, timeout_seconds=30)

    with pytest.raises(CallFailed, match="no such service"):
        client.call("nobody", "status")
    client.close()


def test_health_says_which_clock_runs(running: Fleet):
    running.call("review", "set_clock", to="2023-03-16T17:00:00+08:00")
    code, page = running.health("review")

    assert code == 200
    assert (page["clock"], page["now"]) == ("simulated", "2023-03-16T17:00:00.000000+08:00")


def test_the_system_clock_is_moved_by_nobody_and_takes_no_now(running: Fleet):
    running.start("service", "intake", replica=9, GRANTCASE_CLOCK="system")
    running.kill("service", "intake")
    running.until(lambda: running.health("intake", 9)[0] == 200, "the replica is up")

    assert running.call("intake", "set_clock", to="2023-03-16T17:00:00+08:00")["field"] == "clock"
    assert running.call("intake", "do", envelope=running.command(304))["field"] == "now"
    envelope = {name: text for name, text in running.command(305).items() if name != "now"}
    answer = running.call("intake", "do", envelope=envelope)["answer"]
    assert answer["occurred_at"] > "2024"


def test_a_service_stops_orderly_on_sigterm(running: Fleet):
    assert running.stop("service", "review") == 0
