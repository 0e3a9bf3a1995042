"""What every private server has in common: a place, a port, and being started and stopped."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from grantcase.servers.place import Place
from grantcase.servers.process import account_for


class ServerHandle(ABC):
    """A handle on one named server; several processes may hold one for the same name."""

    KIND: ClassVar[str]
    """Its default name, and the account it runs under where this process is root."""

    def __init__(self, name: str | None = None, run_dir: Path | None = None):
        self._place = Place(name or self.KIND, run_dir, account_for(self.KIND))

    @property
    def port(self) -> int:
        """The loopback port; kept over stop, kill and start while nobody else takes it."""
        return int(self._place.state()["port"])

    @property
    def running(self) -> bool:
        """True while the recorded process lives."""
        return self._place.recorded_process() is not None

    def start(self) -> None:
        """Start, recovering after a crash; does nothing when it runs. Raises ServerError."""
        with self._place.locked():
            if not self.running:
                self._create()
                self._launch()

    @abstractmethod
    def stop(self) -> bool:
        """Orderly. False when it did not run."""

    @abstractmethod
    def kill(self) -> None:
        """As a power cut. Nothing happens when it does not run."""

    def restart(self) -> None:
        """stop() and start() on the same port."""
        self.stop()
        self.start()

    @abstractmethod
    def _create(self) -> None:
        """Make its data directory when there is none. Called with the place locked."""

    @abstractmethod
    def _launch(self) -> None:
        """Start the process and record it. Raises ServerError. Called with the place locked."""
