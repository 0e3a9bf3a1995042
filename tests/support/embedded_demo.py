"""The whole demo story, told once a session, and once more with bad input tried on the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grantcase.backend import SERVICES
from grantcase.demo.proposing import Stage
from grantcase.demo.script import Script
from grantcase.demo.story import tell as tell_story
from grantcase.embedded import Embedded
from grantcase.store_folder import create_store, write_clock
from grantcase.timeline import timeline
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.kernel.ids import seeded_ids
from tests.support.embedded import STARTS
from tests.support.embedded_probes import ProbingBackend


@dataclass(frozen=True, slots=True)
class Told:
    """A finished run: its closed store, what was said, the timelines by case number."""

    folder: Path
    lines: tuple[str, ...]
    stage: Stage
    script: Script
    timelines: dict[str, list[dict[str, Any]]]
    queries: dict[str, Any]

    def case(self, key: str) -> list[dict[str, Any]]:
        """The timeline of a proposal of the story."""
        return self.timelines[self.stage.numbers[key]]

    def types(self, key: str) -> list[str]:
        """The event types of a proposal, in order."""
        return [event["type"] for event in self.case(key)]


def tell(folder: Path) -> Told:
    """Run the story in a folder."""
    return _run(folder, lambda embedded: embedded)[0]


def tell_probed(folder: Path) -> tuple[Told, ProbingBackend]:
    """Run the story with every probe of bad input around it; the same story comes out."""
    return _run(folder, lambda embedded: ProbingBackend(embedded, folder))


def _run(folder: Path, around: Any) -> tuple[Told, Any]:
    clock = SimulatedClock(parse_instant(STARTS))
    create_store(folder, clock)
    embedded = Embedded(folder, clock=clock, new_ids=seeded_ids)
    backend, lines = around(embedded), []
    try:
        script = Script(backend, lines.append)
        stage = tell_story(script)
        cases = embedded.query("intake", "cases")
        told = Told(
            folder=folder,
            lines=tuple(lines),
            stage=stage,
            script=script,
            timelines={row["case_number"]: timeline(embedded, row["case_id"]) for row in cases},
            queries={
                "cases": cases,
                "ledger": embedded.query("finance", "ledger"),
                "counts": {name: embedded.query(name, "counts") for name in SERVICES},
                "alerts": embedded.query("monitoring", "alerts"),
            },
        )
    finally:
        write_clock(folder, clock)
        embedded.close()
    return told, backend
