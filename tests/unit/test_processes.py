"""Sequencer and relay go on after every fault: without them their whole service stands still."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from grantcase import processes


class Stumbling:
    """A sequencer or relay: raises what it is given, one at a time, and then is told to stop."""

    def __init__(self, stop: threading.Event, *faults: Exception):
        self._stop, self._faults = stop, list(faults)
        self.closed = 0

    def run(self, stop: Callable[[], bool], sleep: Any) -> None:
        if self._faults:
            raise self._faults.pop(0)
        self._stop.set()

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("until", [processes.seal_until, processes.publish_until])
def test_it_is_run_again_after_a_fault_of_any_kind(
    until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "AGAIN_SECONDS", 0)
    stop = threading.Event()
    lost = sa.exc.OperationalError("SELECT", {}, Exception("connection lost"))
    one = Stumbling(stop, lost, KeyError("a fault nobody foresaw"), lost)
    until(stop, one, "somebody")
    assert stop.is_set()
    assert one._faults == []


def test_a_relay_forgets_what_it_had_learnt_before_it_runs_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "AGAIN_SECONDS", 0)
    stop = threading.Event()
    relay = Stumbling(stop, KeyError("a fault nobody foresaw"))
    processes.publish_until(stop, relay, "relay")  # type: ignore[arg-type]
    assert relay.closed == 2
