"""The demo story over services of its own on PostgreSQL and RabbitMQ, replicas dying on the way.

Everything that the tests ask about is noted while it runs; afterwards nothing of it is left.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from grantcase import commands, local
from grantcase.auditing import Verdict
from grantcase.backend import SERVICES
from grantcase.children import Children
from grantcase.demo import story
from grantcase.demo.script import Script
from grantcase.local_client import LocalBackend
from grantcase.local_state import folder, read_state
from grantcase.servers.process import Account, Process, wait_until
from grantcase.timeline import timeline
from shared.bus.envelope_text import to_json
from shared.bus.rpc_client import RpcClient
from shared.bus.settings import ServiceSettings
from shared.kernel.clock import parse_instant
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.ids import random_id
from shared.projection.timers import TimerTable

SECOND_STARTED, SECOND_KILLED, SECOND_AGAIN, FIRST_KILLED = 150, 350, 500, 700
"""After how many commands of the story (it has about a thousand)."""

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@dataclass(slots=True)
class Finished:
    """What was seen: timelines by case number, answers of queries, and what became of processes."""

    timelines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    queries: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    health: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, str] = field(default_factory=dict)
    killed: list[str] = field(default_factory=list)
    takeover_seconds: float = 0
    with_wrong_credential: dict[str, Any] = field(default_factory=dict)
    with_now_on_system_clock: dict[str, Any] = field(default_factory=dict)
    timer_fired_by_itself: bool = False
    stopped: tuple[str, ...] = ()
    left_running: list[str] = field(default_factory=list)
    stranger_lives: bool = False
    stopped_again: tuple[str, ...] = ()


class Interrupted:
    """A Backend that does something else, once each, before the nth command."""

    def __init__(self, inner: LocalBackend, steps: Mapping[int, Callable[[], None]]):
        self._inner = inner
        self._steps = steps
        self.given = 0

    def do(self, service: str, envelope: CommandEnvelope) -> Mapping[str, Any]:
        self.given += 1
        if step := self._steps.get(self.given):
            step()
        return self._inner.do(service, envelope)

    def query(self, service: str, name: str, **params: Any) -> Any:
        return self._inner.query(service, name, **params)

    def advance(self, to: datetime) -> None:
        self._inner.advance(to)

    def now(self) -> datetime:
        return self._inner.now()

    def settle(self) -> None:
        self._inner.settle()


def run(directory: Path) -> Finished:
    """The whole of it, in a run directory of its own."""
    with _own_run_directory(directory):
        try:
            return _run()
        finally:
            local.down()
            _remove_servers(directory)


def _run() -> Finished:
    seen = Finished()
    local.up(simulated_clock=True)
    with local.open_local() as backend:
        backend.advance(parse_instant(story.begins()))
        told = Script(Interrupted(backend, _interruptions(backend, seen)), seen.said.append)
        story.tell(told)
        _note_what_it_came_to(backend, seen)
    seen.verdicts = local.verify_local()
    seen.health = local.up(simulated_clock=True)  # the first replicas again
    seen.metrics = {name: _page(name, "metrics") for name in SERVICES}
    seen.with_wrong_credential = _do("wrong", "2026-12-21T09:00:00+08:00")
    _on_the_system_clock(seen)
    _down(seen)
    return seen


def _interruptions(backend: LocalBackend, seen: Finished) -> Mapping[int, Callable[[], None]]:
    def kill_first() -> None:
        started = time.monotonic()
        seen.killed += _kill(second=False)
        backend.settle()
        seen.takeover_seconds = time.monotonic() - started

    return {
        SECOND_STARTED: _up_twice,
        SECOND_KILLED: lambda: seen.killed.extend(_kill(second=True)),
        SECOND_AGAIN: _up_twice,
        FIRST_KILLED: kill_first,
    }


def _up_twice() -> None:
    pages = local.up(simulated_clock=True, replicas=2)
    assert sorted(pages) == sorted([*SERVICES, *(f"{name}-2" for name in SERVICES)])


def _kill(*, second: bool) -> list[str]:
    """SIGKILL for service, sequencer and relay of one replica of each service."""
    children = Children(folder())
    names = [name for name in children.names() if ("-2-" in name) == second]
    for name in names:
        process = children.running(name)
        assert process, f"{name} has ended by itself"
        process.kill(signal.SIGKILL)
    return names


def _note_what_it_came_to(backend: LocalBackend, seen: Finished) -> None:
    cases = backend.query("intake", "cases")
    seen.timelines = {row["case_number"]: list(timeline(backend, row["case_id"])) for row in cases}
    seen.queries = {
        "cases": cases,
        "ledger": backend.query("finance", "ledger"),
        "counts": {name: backend.query(name, "counts") for name in SERVICES},
        "alerts": backend.query("monitoring", "alerts"),
    }


def _page(replica: str, page: str) -> str:
    port = (read_state() or {})["ports"][replica]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}", timeout=10) as answer:
        return str(answer.read().decode())


def _do(credential: str, now: str) -> dict[str, Any]:
    """The reply to a command that carries `now`, over the broker."""
    envelope = commands.envelope(
        "RegisterApplicant",
        {},
        Actor(id="ann", roles=("applicant",)),
        parse_instant(now),
        random_id(),
    )
    client = RpcClient((read_state() or {})["amqp_url"])
    try:
        reply: dict[str, Any] = client.call(
            "intake", "do", credential=credential, envelope=to_json(envelope, simulated=True)
        )
    finally:
        client.close()
    return reply


def _on_the_system_clock(seen: Finished) -> None:
    """intake once more, alone, on the system clock, with a timer that is due."""
    children, state = Children(folder()), read_state() or {}
    for name in ("intake-service", "intake-2-service"):
        if process := children.running(name):
            process.kill(signal.SIGKILL)
    environment = {**local.environment(state, "intake"), "GRANTCASE_CLOCK": "system"}
    core = _intake(environment)
    with core.units.begin() as unit:
        case_id = str(UUID(int=1))
        TimerTable(unit.connection).schedule(
            random_id(),
            parse_instant("2023-01-01T00:00:00+08:00"),
            "LapseDraft",
            {"case_id": case_id},
        )
        unit.commit()
    process = _start("intake", environment)
    try:
        credential = (folder() / "secrets" / "credential").read_text().strip()
        seen.with_now_on_system_clock = _do(credential, "2026-12-21T09:00:00+08:00")
        wait_until(lambda: not _timers_due(core), 30, "the timer did not fire")
        seen.timer_fired_by_itself = True
    finally:
        process.kill(signal.SIGKILL)
        core.units.store.close()
        core.units.keys.close()


def _intake(environment: Mapping[str, str]) -> Any:
    from services.intake.wiring import build

    return build(
        ServiceSettings(
            database_url=environment["GRANTCASE_DATABASE_URL"],
            keys_url=environment["GRANTCASE_KEYS_DATABASE_URL"],
            master_key_file=Path(environment["GRANTCASE_MASTER_KEY_FILE"]),
            documents_dir=Path(environment["GRANTCASE_DOCUMENTS_DIR"]),
        )
    )


def _timers_due(core: Any) -> bool:
    with core.units.begin() as unit:
        first = TimerTable(unit.connection).next_due()
    return first is not None and first <= parse_instant("2023-01-01T00:00:00+08:00")


def _start(name: str, environment: Mapping[str, str]) -> Process:
    return Account(None).start(
        [sys.executable, "-m", "grantcase", "run", "service", name],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=folder(),
        log=folder() / "logs" / f"{name}-on-system-clock.log",
    )


def _down(seen: Finished) -> None:
    """`down`, with a process of somebody else's whose id one of ours had before."""
    children = Children(folder())
    started = {name: children.running(name) for name in children.names()}
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        record = folder() / "processes.json"
        record.write_text(json.dumps({**json.loads(record.read_text()), "old": [stranger.pid, 1]}))
        seen.stopped = local.down()
        seen.left_running = [name for name, one in started.items() if one and one.alive()]
        seen.stranger_lives = stranger.poll() is None
        seen.stopped_again = local.down()
    finally:
        stranger.kill()
        stranger.wait()


@contextmanager
def _own_run_directory(directory: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GRANTCASE_RUN_DIR", str(directory))
        yield


def _remove_servers(directory: Path) -> None:
    """The servers' folders; a link leads to where the server's own account can write."""
    for name in ("local-postgres", "local-rabbitmq"):
        shutil.rmtree((directory / name).resolve(), ignore_errors=True)


def normalised(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A timeline without what differs from run to run: ids by order of appearance, and neither
    hashes, sequences nor the time of recording."""
    names: dict[str, str] = {}

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return _UUID.sub(lambda found: names.setdefault(found[0], f"id-{len(names)}"), value)
        if isinstance(value, dict):
            return {renamed(key): renamed(value[key]) for key in sorted(value)}
        if isinstance(value, list):
            return [renamed(item) for item in value]
        return value

    return [
        renamed({name: item for name, item in event.items() if name not in _RUN_ONLY})
        for event in events
    ]


_RUN_ONLY = ("hash", "recorded_at", "sequence", "feed_sequence")
