"""The folder of an embedded store: which clock it runs on, and opening it for one command."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grantcase.embedded import Embedded
from shared.kernel.clock import Clock, SimulatedClock, SystemClock, instant_text, parse_instant

DEFAULT = ".grantcase"
_FILE = "store.json"


class NoStore(Exception):
    """There is no store in this folder."""

    def __init__(self, folder: Path):
        super().__init__(
            f"{folder} 沒有資料庫；請先執行 grantcase demo\n"
            f"there is no store in {folder}; run `grantcase demo` first, or name one with --store"
        )


def default_folder() -> Path:
    """GRANTCASE_HOME, or `.grantcase` where the command is run."""
    return Path(os.environ.get("GRANTCASE_HOME", DEFAULT))


@contextmanager
def open_store(folder: Path, *, create: bool = False) -> Iterator[Embedded]:
    """The embedded services over the folder. A simulated store keeps its clock in the folder, so
    that the next command goes on at the instant where the last one stood. Raises NoStore."""
    if not create and not (folder / _FILE).exists():
        raise NoStore(folder)
    clock = _clock(folder)
    embedded = Embedded(folder, clock=clock)
    embedded.settle()  # goes on where a killed run stopped
    try:
        yield embedded
    finally:
        write_clock(folder, clock)
        embedded.close()


def create_store(folder: Path, clock: Clock) -> None:
    """Mark the folder as a store with its clock."""
    folder.mkdir(parents=True, exist_ok=True)
    write_clock(folder, clock)


def write_clock(folder: Path, clock: Clock) -> None:
    """Keep where a simulated clock stands."""
    kind = "simulated" if clock.simulated else "system"
    document = {"clock": kind, "now": instant_text(clock.now()) if clock.simulated else None}
    draft = folder / f".{_FILE}.new"
    draft.write_text(json.dumps(document) + "\n")
    draft.replace(folder / _FILE)


def _clock(folder: Path) -> Clock:
    path = folder / _FILE
    if not path.exists():
        return SystemClock()
    document = json.loads(path.read_text())
    if document["clock"] == "simulated":
        return SimulatedClock(parse_instant(document["now"]))
    return SystemClock()
