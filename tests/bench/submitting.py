"""Full SubmitProposal commands with a roster of 100 enterprises, and what limits them.

One draft of the demo's kind is prepared through the ordinary door; then its submission is carried
out again and again, each in a transaction that is rolled back, so that every run meets the same
draft: load, facts, all clauses of `submit`, append and inline projections, without the commit
(whose cost the append rows show).
"""

from __future__ import annotations

import cProfile
import pstats
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock
from uuid import uuid4

from grantcase.demo import people, proposals, proposing
from grantcase.demo.script import Script
from grantcase.processes import migrate_databases
from services.intake.wiring import build
from shared.bus.command_schema import load_command
from shared.bus.door import do
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.kernel.envelope import CommandEnvelope
from shared.kernel.ids import random_id
from shared.programmes.location import programme_folder
from tests.support.servers import leased, postgres

ENTERPRISES, PROGRAMME = 100, "coprosperity-112"
Row = tuple[str, str, str, bool | None]


def run(smoke: bool) -> list[Row]:
    """One client; the share of CPU time that the rules, the store and the rest take."""
    runs = 3 if smoke else 50
    with _intake() as core:
        submit = _prepared(core)
        submit()
        started, cpu = time.perf_counter(), time.process_time()
        for _ in range(runs):
            submit()
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
        shares = _shares(submit)
    limit = "this process's CPU" if cpu_seconds > seconds / 2 else "waiting for the machine"
    return [
        (
            f"  full submit commands, roster of {ENTERPRISES}, one client",
            f"{runs / seconds:.1f}/s; {shares}; limit: {limit}",
            "",
            None,
        )
    ]


def _prepared(core: ServiceCore) -> Any:
    """A function that submits the draft and rolls back."""
    key = "steady"
    bigger = {**proposals.BY_KEY, key: replace(proposals.BY_KEY[key], count=ENTERPRISES)}
    with mock.patch.object(proposals, "BY_KEY", bigger):
        backend = _Door(core)
        script = Script(backend, lambda line: None)
        script.at("2023-02-10T09:00:00+08:00")
        stage = proposing.publish(script, programme_folder(PROGRAMME))
        script.at("2023-03-10T10:00:00+08:00")
        proposing.draft(script, stage, key)
    spec = core.commands["SubmitProposal"]
    command = load_command(
        spec.command,
        CommandEnvelope(
            command_id=random_id(),
            name="SubmitProposal",
            actor=people.applicant(bigger[key].ubn),
            received_at=backend.now(),
            payload={"case_id": str(stage.case(key))},
        ),
    )

    def submit() -> None:
        with core.units.begin() as unit:
            spec.handler(command, core.bind(unit))

    return submit


class _Door:
    """A Backend of one service, for the demo's script."""

    def __init__(self, core: ServiceCore):
        self._core = core
        self._clock = SimulatedClock(parse_instant("2023-02-01T09:00:00+08:00"))

    def do(self, service: str, envelope: CommandEnvelope) -> Mapping[str, Any]:
        return do(self._core, envelope)

    def query(self, service: str, name: str, **params: Any) -> Any:
        raise NotImplementedError

    def advance(self, to: datetime) -> None:
        self._clock.set(to)

    def now(self) -> datetime:
        return self._clock.now()

    def settle(self) -> None:
        return None


def _shares(submit: Any) -> str:
    profile = cProfile.Profile()
    profile.runcall(submit)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    whole = max(entry[3] for entry in stats.values())

    def share(file: str, function: str) -> int:
        found = [
            entry[3] for key, entry in stats.items() if key[0].endswith(file) and key[2] == function
        ]
        return round(100 * max(found, default=0) / whole)

    rules = share("programmes/evaluation.py", "evaluate")
    load = share("eventstore/unit_of_work.py", "load")
    append = share("eventstore/unit_of_work.py", "append")
    return f"rules {rules} %, load {load} %, append {append} %"


@contextmanager
def _intake() -> Iterator[ServiceCore]:
    with leased(postgres, "bench-postgres") as server, TemporaryDirectory() as folder:
        database = server.create_database(f"bench_{uuid4().hex[:12]}")
        (Path(folder) / "master.key").write_text("00" * 32)
        migrate_databases(
            "intake",
            owner_url=database.owner_url,
            app_url=database.app_url,
            keys_owner_url=database.owner_url,
            keys_url=database.app_url,
        )
        core = build(
            ServiceSettings(
                database_url=database.app_url,
                keys_url=database.app_url,
                master_key_file=Path(folder) / "master.key",
                documents_dir=Path(folder),
            )
        )
        try:
            yield core
        finally:
            core.units.store.close()
            core.units.keys.close()
            server.drop_database(database.name)


if __name__ == "__main__":
    for row in run(smoke=False):
        print(*row)
