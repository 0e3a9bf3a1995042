"""Where a server keeps its things: .run/<name>/ for data and logs, one state file, one lock."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from grantcase.servers.process import Account, Process, wait_until

STATE_SUFFIX = ".server.json"


class ServerError(Exception):
    """A server did not start or stop; carries the end of its log."""


def run_directory() -> Path:
    """GRANTCASE_RUN_DIR, or .run in the checkout this package is installed from."""
    named = os.environ.get("GRANTCASE_RUN_DIR")
    return Path(named).absolute() if named else Path(__file__).resolve().parents[2] / ".run"


class Place:
    """The folder, state file and lock of one named server."""

    def __init__(self, name: str, run_dir: Path | None, account: Account):
        self.name = name
        self.account = account
        self._run_dir = run_dir or run_directory()
        self._link = self._run_dir / name
        self._state_file = self._run_dir / f"{name}{STATE_SUFFIX}"

    @property
    def directory(self) -> Path:
        """The real folder, which the server's account can reach."""
        return self._link.resolve()

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.directory / "server.log"

    def create(self) -> None:
        """Make the folder for the account; elsewhere, with a link, when the account may not
        traverse the path to the checkout."""
        self._run_dir.mkdir(parents=True, exist_ok=True)
        if self._link.is_symlink() and not self._link.exists():
            self._link.unlink()  # the temporary folder was cleaned away
        if self._link.exists():
            return
        self._link.mkdir(mode=0o700)
        os.chown(self._link, *self.account.ids())
        if not self._reachable(self._link):
            self._link.rmdir()
            self._link.symlink_to(self._elsewhere())

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time creates, starts, stops or changes the state."""
        self._run_dir.mkdir(parents=True, exist_ok=True)
        with (self._run_dir / f"{self.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def state(self) -> dict[str, Any]:
        """What was recorded; empty when there is nothing or its data folder is gone."""
        try:
            recorded = json.loads(self._state_file.read_text())
        except FileNotFoundError:
            return {}
        return recorded if self._link.exists() else {}

    def record(self, state: Mapping[str, Any]) -> None:
        """Replace the state file in one step; it holds passwords, so only we may read it."""
        draft = self._state_file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(state, indent=1))
        draft.replace(self._state_file)

    def recorded_process(self, key: str = "process") -> Process | None:
        """The recorded process, if it still runs."""
        pair = self.state().get(key)
        process = Process(*pair) if pair else None
        return process if process and process.alive() else None

    def log_end(self) -> str:
        """The last lines of the log, for an error message."""
        text = self.log.read_text(errors="replace") if self.log.exists() else "(no log)"
        return "\n".join(text.splitlines()[-15:])

    def _reachable(self, directory: Path) -> bool:
        probe = ["/bin/sh", "-c", 'cd "$1" && touch probe && rm probe', "sh", str(directory)]
        return self.account.run(probe, env={}, cwd=Path("/")).returncode == 0

    def _elsewhere(self) -> Path:
        mark = hashlib.sha256(str(self._link).encode()).hexdigest()[:8]
        # /var/tmp survives a restart and is open to every account
        made = Path(tempfile.mkdtemp(prefix=f"grantcase-{self.name}-{mark}-", dir="/var/tmp"))
        os.chown(made, *self.account.ids())
        return made


def free_ports(count: int) -> list[int]:
    """Different loopback ports that nobody listens on now."""
    with contextlib.ExitStack() as held:
        listeners = [held.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]


def same_port_if_free(port: int) -> int:
    """The port itself, or another one when a stranger holds it. A killed server's port is held
    for a moment after its process is gone, so it gets five seconds."""
    try:
        wait_until(lambda: _port_is_free(port), 5, f"port {port} did not become free")
    except TimeoutError:
        return free_ports(1)[0]
    return port


def _port_is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
