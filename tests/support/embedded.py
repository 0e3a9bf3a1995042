"""The embedded services in a folder of their own, for tests that look at the whole from outside.

One store with the programme and its call published is made once a session; a test gets a copy.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from grantcase import commands
from grantcase.backend import SERVICES, Refused
from grantcase.demo import proposing
from grantcase.demo.proposing import Stage
from grantcase.demo.script import Script, as_json
from grantcase.embedded import Embedded
from grantcase.store_folder import create_store, write_clock
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.ids import random_id
from shared.programmes.location import programme_folder

PROGRAMME = "coprosperity-112"
STARTS = "2023-02-10T09:00:00+08:00"

Stored = Mapping[str, int]
"""`service.table` -> rows."""


class Office:
    """Embedded services on a simulated clock, the demo's script over them, and what is stored."""

    def __init__(self, folder: Path, stage: Stage | None = None, *, starts: str = STARTS):
        self.folder = folder
        self.clock = SimulatedClock(parse_instant(starts))
        self.embedded = Embedded(folder, clock=self.clock)
        self.told: list[str] = []
        self.script = Script(self.embedded, self.told.append)
        self.stage = stage

    def at(self, instant: str) -> None:
        """Move the clock, firing the timers on the way."""
        self.embedded.advance(parse_instant(instant))

    def do(self, actor: Actor, command: str, /, **payload: Any) -> Mapping[str, Any]:
        """A command that is to be accepted. Raises Refused."""
        return self.give(actor, command, payload)

    def refused(self, actor: Actor, command: str, /, **payload: Any) -> Mapping[str, Any]:
        """The error document of a command that must be refused."""
        try:
            answer = self.give(actor, command, payload)
        except Refused as refusal:
            return refusal.answer
        raise AssertionError(f"{command} was accepted: {answer}")

    def give(
        self,
        actor: Actor,
        command: str,
        payload: Any,
        command_id: UUID | None = None,
        version: int | None = None,
    ) -> Mapping[str, Any]:
        """One command through the door of its service."""
        service, _ = commands.find(command)
        return self.embedded.do(
            service, self.envelope(actor, command, payload, command_id, version)
        )

    def envelope(
        self,
        actor: Actor,
        command: str,
        payload: Any,
        command_id: UUID | None = None,
        version: int | None = None,
    ) -> CommandEnvelope:
        """The envelope of a command given now."""
        return commands.envelope(
            command,
            as_json(payload),
            actor,
            self.embedded.now(),
            command_id or random_id(),
            version,
        )

    def stored(self) -> Stored:
        """How many rows every table of the four stores holds."""
        return stored_in(self.folder)

    def events(self, service: str, case_id: UUID | str) -> list[Mapping[str, Any]]:
        """The events of a case in one service."""
        return self.embedded.query(service, "case_events", case_id=str(case_id))

    def close(self) -> None:
        """Let go of the databases; the folder can be opened again."""
        write_clock(self.folder, self.clock)
        self.embedded.close()


def stored_in(folder: Path) -> Stored:
    """How many rows every table of the four stores holds; heads are left out, they are signed by
    real time."""
    counted: dict[str, int] = {}
    for service in SERVICES:
        with closing(sqlite3.connect(folder / f"{service}.db")) as connection:
            names = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'heads'"
                " AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
            for (name,) in names:
                rows = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
                counted[f"{service}.{name}"] = rows[0]
    return counted


def difference(before: Stored, after: Stored) -> dict[str, int]:
    """What was added, table by table."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def prepared(folder: Path) -> Stage:
    """Make a store with the programme and its first call published; what was published."""
    create_store(folder, SimulatedClock(parse_instant(STARTS)))
    with opened(folder) as office:
        return proposing.publish(office.script, programme_folder(PROGRAMME))


@contextmanager
def opened(folder: Path, stage: Stage | None = None, *, starts: str = STARTS) -> Iterator[Office]:
    """The services over a folder, closed afterwards."""
    office = Office(folder, stage, starts=starts)
    try:
        yield office
    finally:
        office.close()


def copied(template: Path, folder: Path) -> Path:
    """A copy of a closed store."""
    shutil.copytree(template, folder)
    return folder
