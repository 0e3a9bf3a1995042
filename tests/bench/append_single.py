"""One event per command, 16 concurrent clients, with version check and command id."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
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
PEER = "eventsourcing[postgres]==9.5.6"
Row = tuple[str, str, str, bool | None]


def run(smoke: bool) -> list[Row]:
    """Rounds of ours and bare psycopg in turn; the peer library at its best client count."""
    rounds, seconds = (1, 0.5) if smoke else (3, 5)
    with bench_store() as bench:
        create_bare_table(bench.database.owner_url)
        pairs = [
            (
                rate(bare, (plain_url(bench.database.owner_url),), CLIENTS, seconds),
                rate(ours, (bench.database.app_url,), CLIENTS, seconds),
            )
            for _ in range(rounds)
        ]
        peer = _peer_rates(bench.database.owner_url, seconds)
    ratio = statistics.median(own / bare for bare, own in pairs)
    bare_rate = statistics.median(bare for bare, _ in pairs)
    own_rate = statistics.median(own for _, own in pairs)
    clients, best = max(peer.items(), key=lambda item: item[1])
    times = own_rate / best
    return [
        (f"bare psycopg INSERT+COMMIT, {CLIENTS} clients", f"{bare_rate:,.0f}/s", "", None),
        (
            f"append with version and command id, {CLIENTS} clients",
            f"{own_rate:,.0f}/s, {ratio:.2f} of bare",
            ">= 0.50 of bare",
            ratio >= 0.5,
        ),
        (
            f"eventsourcing 9.5.6, PostgreSQL recorder, best at {clients} clients",
            f"{best:,.0f}/s; ours {times:.1f} x",
            ">= 5 x",
            times >= 5,
        ),
    ]


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


def _peer_rates(url: str, seconds: float) -> dict[str, float]:
    """Events per second by number of clients, measured in a virtual environment of the peer's."""
    home = Path(__file__).resolve().parents[2] / ".run" / "peers" / "eventsourcing"
    python = home / "bin" / "python"
    if not (home / ".ready").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PEER], check=True)
        (home / ".ready").touch()
    script = Path(__file__).parent / "peers" / "eventsourcing_append.py"
    done = subprocess.run(
        [python, script, plain_url(url), str(seconds)], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)
