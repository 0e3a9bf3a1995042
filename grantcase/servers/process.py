"""Starting, recognising and killing server processes, as an unprivileged user."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Process:
    """A process id with its start time (clock ticks since boot), so that a reused id is not
    mistaken for our server."""

    pid: int
    started: int

    def alive(self) -> bool:
        """True while that very process runs; a zombie counts as gone."""
        return _start_time(self.pid) == self.started

    def kill(self, with_signal: signal.Signals, *, wait_seconds: int = 30) -> None:
        """Send a signal and wait until the process is gone. Raises TimeoutError."""
        if self.alive():
            os.kill(self.pid, with_signal)
        wait_until(lambda: not self.alive(), wait_seconds, f"process {self.pid} did not end")

    def children(self) -> tuple[Process, ...]:
        """Its direct children now."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _stat_field(int(entry.name), 1) == str(self.pid):
                found.append(process_of(int(entry.name)))
        return tuple(child for child in found if child)


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a server runs as; user is None when we are unprivileged ourselves."""

    user: str | None

    def ids(self) -> tuple[int, int]:
        """(uid, gid)."""
        if self.user is None:
            return os.getuid(), os.getgid()
        entry = pwd.getpwnam(self.user)
        return entry.pw_uid, entry.pw_gid

    def options(self) -> dict[str, Any]:
        """What subprocess needs to become that user."""
        if self.user is None:
            return {}
        uid, gid = self.ids()
        return {"user": uid, "group": gid, "extra_groups": []}

    def run(
        self, argv: Sequence[str], *, env: Mapping[str, str], cwd: Path
    ) -> subprocess.CompletedProcess[str]:
        """Run a short command to its end, output captured, nothing on its standard input."""
        return subprocess.run(
            list(argv),
            env=dict(env),
            cwd=cwd,
            text=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            **self.options(),
        )

    def start(
        self, argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path
    ) -> Process:
        """Start a daemon in a session of its own, output appended to `log`."""
        script = 'log=$1; shift; "$@" >>"$log" 2>&1 </dev/null & echo $!'
        shell = subprocess.run(
            ["/bin/sh", "-c", script, "sh", str(log), *argv],
            env=dict(env),
            cwd=cwd,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
            check=True,
            **self.options(),
        )
        pid = int(shell.stdout)
        return process_of(pid) or Process(pid, -1)


def account_for(preferred: str) -> Account:
    """Ourselves, unless we are root: then the server's own system user, or nobody."""
    if os.getuid() != 0:
        return Account(None)
    for user in (preferred, "nobody"):
        try:
            pwd.getpwnam(user)
        except KeyError:
            continue
        return Account(user)
    raise LookupError(f"neither user {preferred} nor nobody exists: servers do not run as root")


def process_of(pid: int) -> Process | None:
    """The process that has this id now."""
    started = _start_time(pid)
    return None if started is None else Process(pid, started)


def wait_until(condition: Callable[[], bool], seconds: int, what: str) -> None:
    """Poll a callable until it is true; raises TimeoutError(what)."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} within {seconds} s")
        time.sleep(_POLL_SECONDS)


def _start_time(pid: int) -> int | None:
    if _stat_field(pid, 0) in (None, "Z", "X"):
        return None
    started = _stat_field(pid, 19)
    return None if started is None else int(started)


def _stat_field(pid: int, index: int) -> str | None:
    """A field of /proc/<pid>/stat counted after the command name: 0 state, 1 parent, 19 start."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()[index]
