"""One event per command, 16 concurrent clients, with version check and command id."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import uuid4

import psycopg

from shared.eventstore.postgres import PostgresStore
from tests.bench.clients import Operation, rate
from tests.bench.samples import (
    BARE_INSERT,
    bare_row,
    bench_store,
    create_bare_table,
    events,
    plain_url,
)

CLIENTS = 16
TRIED = (1, 4, 16)
PEER = "eventsourcing[postgres]==9.5.6"
Row = tuple[str, str, str, bool | None]


def run(smoke: bool) -> list[Row]:
    """Bare psycopg, ours and the peer (as it comes, and with its functions) in turns; the peer at
    the client count that a short trial before finds best."""
    rounds, seconds = (1, 0.5) if smoke else (3, 5)
    with bench_store() as bench:
        owner_url, app_url = plain_url(bench.database.owner_url), bench.database.app_url
        create_bare_table(owner_url)
        peers = [
            _Peer.at_its_best(owner_url, seconds / 2, flags) for flags in ((), ("--functions",))
        ]
        turns = [
            (
                rate(bare, (owner_url,), CLIENTS, seconds),
                rate(ours, (app_url,), CLIENTS, seconds),
                *(peer.rate(seconds) for peer in peers),
            )
            for _ in range(rounds)
        ]
    bares, owns, *theirs = zip(*turns, strict=True)
    ratio = _times(owns, bares)
    plain, functions = (_times(owns, rates) for rates in theirs)
    return [
        (f"bare psycopg INSERT+COMMIT, {CLIENTS} clients", f"{median(bares):,.0f}/s", "", None),
        (
            f"append with version and command id, {CLIENTS} clients",
            f"{median(owns):,.0f}/s, {ratio:.2f} of bare",
            ">= 0.50 of bare",
            ratio >= 0.5,
        ),
        (
            f"eventsourcing 9.5.6, PostgreSQL recorder, best at {peers[0].clients} clients",
            f"{median(theirs[0]):,.0f}/s; ours {plain:.1f} x",
            ">= 5 x",
            plain >= 5,
        ),
        (
            f"the same with its database functions on, best at {peers[1].clients} clients",
            f"{median(theirs[1]):,.0f}/s; ours {functions:.1f} x",
            "",
            None,
        ),
    ]


def _times(owns: Sequence[float], others: Sequence[float]) -> float:
    """The median of the ratios within one turn: what slows the machine slows both."""
    return median(own / other for own, other in zip(owns, others, strict=True))


def bare(url: str) -> Operation:
    """psycopg as it comes, autocommit."""
    connection = psycopg.connect(url, autocommit=True)

    def append() -> int:
        case = uuid4()
        connection.execute(BARE_INSERT, bare_row(events(1, case)[0], f"proposal-{case}", 1))
        return 1

    return append


def ours(url: str) -> Operation:
    """EventStore.append_once."""
    store = PostgresStore(url)

    def append() -> int:
        case = uuid4()
        store.append_once(f"proposal-{case}", events(1, case), 0, uuid4(), "digest")
        return 1

    return append


@dataclass(frozen=True)
class _Peer:
    """The library in a virtual environment of its own, with flags of its script."""

    url: str
    flags: tuple[str, ...]
    clients: int

    @classmethod
    def at_its_best(cls, url: str, seconds: float, flags: tuple[str, ...]) -> _Peer:
        """With the number of clients that reaches most."""
        rates = _peer_rates(url, seconds, TRIED, flags)
        return cls(url, flags, max(TRIED, key=lambda clients: rates[str(clients)]))

    def rate(self, seconds: float) -> float:
        """Events per second."""
        (reached,) = _peer_rates(self.url, seconds, (self.clients,), self.flags).values()
        return reached


def _peer_rates(
    url: str, seconds: float, clients: Sequence[int], flags: Sequence[str]
) -> dict[str, float]:
    """Events per second by number of clients."""
    home = Path(__file__).resolve().parents[2] / ".run" / "peers" / "eventsourcing"
    python = home / "bin" / "python"
    if not (home / ".ready").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PEER], check=True)
        (home / ".ready").touch()
    script = Path(__file__).parent / "peers" / "eventsourcing_append.py"
    counts = ",".join(map(str, clients))
    command = [python, script, url, str(seconds), counts, *flags]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)
