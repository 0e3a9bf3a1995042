"""An event that fails for good waits in its lane; everything else goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shared.bus.envelope_text import to_json
from shared.bus.inbox import TRIES
from shared.kernel.envelope import CommandEnvelope
from shared.kernel.ids import derived_id
from tests.support import pair
from tests.support.fleet import OFFICER, START, Fleet


@pytest.fixture
def stuck(new_fleet: Callable[[], Fleet]) -> Fleet:
    """A fleet where two events of case 0 are parked, one behind the other."""
    fleet = new_fleet()
    fleet.start_all()
    fleet.close_case(0, reason="broken")
    _close_again(fleet, 0)
    fleet.close_case(1)
    fleet.settled()
    return fleet


def test_a_fault_parks_its_case_after_five_tries_and_no_other(stuck: Fleet):
    rows = _lane(stuck, 0)

    assert [row["feed_sequence"] for row in rows] == [1, 2]
    assert "a fault nobody foresaw" in rows[0]["error"]
    assert "waits behind" in rows[1]["error"]
    assert stuck.tally("review") == {str(stuck.case(1)): 1}
    assert stuck.health("review")[1]["parked"] == 2
    assert f'outcome="retry",source="intake"}} {TRIES - 1}.0' in stuck.metrics("review")


def test_a_retry_handles_the_lane_in_order_once_its_cause_is_gone(stuck: Fleet):
    refused = _query(stuck, "retry_lane", lane=str(stuck.case(0)))
    assert refused["error"] == "still-parked"
    assert "a fault nobody foresaw" in refused["message"]["en"]

    _mend(stuck)
    assert _query(stuck, "retry_lane", lane=str(stuck.case(0))) == {"answer": 2}

    stuck.settled()
    assert stuck.tally("review") == {str(stuck.case(0)): 2, str(stuck.case(1)): 1}
    assert _lane(stuck, 0) == []


def test_a_skipped_event_keeps_its_reason_and_lets_the_next_one_pass(stuck: Fleet):
    _query(stuck, "skip_lane", lane=str(stuck.case(0)), reason="decided by the board")
    assert _query(stuck, "retry_lane", lane=str(stuck.case(0))) == {"answer": 1}

    stuck.settled()
    assert stuck.tally("review") == {str(stuck.case(0)): 1, str(stuck.case(1)): 1}
    assert "decided by the board" in stuck.parked("review")[0]["error"]


def test_a_refusal_is_recorded_as_our_own_fact_and_moves_the_cursor(running: Fleet):
    running.close_case(100, reason="refused")
    running.close_case(101)
    running.settled()

    events = _query(running, "case_events", case_id=str(running.case(100)))["answer"]
    assert [event["type"] for event in events] == ["CommandRefused"]
    assert events[0]["data"]["message"]["en"] == "not taken"
    assert running.tally("review")[str(running.case(101))] == 1


def _lane(fleet: Fleet, case: int) -> Any:
    return _query(fleet, "lane", lane=str(fleet.case(case)))["answer"]


def _query(fleet: Fleet, name: str, **params: Any) -> Any:
    return fleet.call("review", "query", name=name, params=params)


def _mend(fleet: Fleet) -> None:
    with fleet.cores["review"].units.begin() as unit:
        unit.connection.execute(pair.switches.insert().values(name="mended"))
        unit.commit()


def _close_again(fleet: Fleet, case: int) -> None:
    envelope = CommandEnvelope(
        command_id=derived_id(fleet.name, "again", case),
        name="CloseScreening",
        actor=OFFICER,
        received_at=START,
        payload={"case_id": str(fleet.case(case)), "reason": "late"},
    )
    reply = fleet.call("intake", "do", envelope=to_json(envelope, simulated=True))
    assert "answer" in reply, reply
