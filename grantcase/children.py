"""Child processes that outlive the command which started them: pids, logs, stopping them again."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from grantcase.servers.process import Account, Process

STOP_SECONDS = 30


class Children:
    """Named processes recorded in `<folder>/processes.json`; logs in `<folder>/logs/`."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._file = folder / "processes.json"

    def start(self, name: str, arguments: list[str], env: Mapping[str, str]) -> Process:
        """`python ARGUMENTS` under this name, unless it runs already."""
        running = self.running(name)
        if running is not None:
            return running
        (self._folder / "logs").mkdir(parents=True, exist_ok=True)
        process = Account(None).start(
            [sys.executable, *arguments],
            env={"PATH": os.environ.get("PATH", os.defpath), **env},
            cwd=self._folder,
            log=self.log(name),
        )
        self._record({**self._known(), name: [process.pid, process.started]})
        return process

    def running(self, name: str) -> Process | None:
        """The process of this name if it lives."""
        pair = self._known().get(name)
        process = Process(*pair) if pair else None
        return process if process and process.alive() else None

    def names(self) -> tuple[str, ...]:
        """Everything that was started and not stopped since."""
        return tuple(self._known())

    def stop_all(self) -> tuple[str, ...]:
        """SIGTERM to all, then wait for each; the names of those that ran."""
        living = {name: self.running(name) for name in self.names()}
        found = {name: process for name, process in living.items() if process}
        for process in found.values():
            os.kill(process.pid, signal.SIGTERM)
        for process in found.values():
            self._end(process)
        self._record({})
        return tuple(found)

    def log(self, name: str) -> Path:
        """What the process prints."""
        return self._folder / "logs" / f"{name}.log"

    def _end(self, process: Process) -> None:
        try:
            process.kill(signal.SIGTERM, wait_seconds=STOP_SECONDS)
        except TimeoutError:
            process.kill(signal.SIGKILL)

    def _known(self) -> dict[str, list[int]]:
        try:
            known: dict[str, list[int]] = json.loads(self._file.read_text())
        except FileNotFoundError:
            return {}
        return known

    def _record(self, processes: Mapping[str, list[int]]) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps(processes, indent=1))
        draft.replace(self._file)
