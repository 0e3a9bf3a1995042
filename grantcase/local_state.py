"""What the local run remembers in .run/local/local.json: clock, ports, URLs; and its secrets."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grantcase.backend import SERVICES
from grantcase.servers.place import free_ports, run_directory
from shared.bus.process_settings import clock_named
from shared.kernel.clock import Clock, SimulatedClock, parse_instant


class NotUp(ConnectionError):
    """The services do not run on this machine, or those that are named do not."""

    def __init__(self, missing: Sequence[str] = ()) -> None:
        names = ", ".join(missing)
        super().__init__(
            f"{names or '服務'}未啟動；請先執行 make up\n"
            f"not up: {names or 'the services'}; run `make up` first"
        )


class NotStarted(ConnectionError):
    """The local run did not start; says why, with the end of a log where there is one."""


def folder() -> Path:
    """Where the local run keeps everything but the servers' data."""
    return run_directory() / "local"


def read_state() -> dict[str, Any] | None:
    """What was recorded; None before the first run."""
    try:
        state: dict[str, Any] = json.loads((folder() / "local.json").read_text())
    except FileNotFoundError:
        return None
    return state


def write_state(state: dict[str, Any]) -> None:
    """Replace the record in one step."""
    draft = folder() / "local.json.new"
    draft.touch(mode=0o600)  # it holds the databases' passwords
    draft.write_text(json.dumps(state, indent=1))
    draft.replace(folder() / "local.json")


def new_state(clock: str) -> dict[str, Any]:
    """Folders and secrets of a first run."""
    for name in ("documents", "logs"):
        (folder() / name).mkdir(parents=True, exist_ok=True)
    (folder() / "secrets").mkdir(mode=0o700, exist_ok=True)
    for name in ["credential", *(f"{s}.{k}.key" for s in SERVICES for k in ("master", "signing"))]:
        _secret(folder() / "secrets" / name)
    return {"clock": clock, "now": None, "ports": {}}


def give_ports(state: dict[str, Any], replicas: Sequence[str]) -> None:
    """A port for the health page of each replica; once given it stays."""
    new = [replica for replica in replicas if replica not in state["ports"]]
    state["ports"].update(zip(new, free_ports(len(new)), strict=True))


def clock_of(state: dict[str, Any]) -> Clock:
    """The clock of the local run, standing where it was left."""
    clock = clock_named(state["clock"])
    if isinstance(clock, SimulatedClock) and state["now"]:
        clock.set(parse_instant(state["now"]))
    return clock


def _secret(path: Path) -> None:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
