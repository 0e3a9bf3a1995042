"""Ten events per append, against psycopg's executemany of the same ten rows."""

from __future__ import annotations

import statistics
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

BATCH, CLIENTS = 10, 4
Row = tuple[str, str, str, bool | None]


def run(smoke: bool) -> list[Row]:
    """Rounds of ours and executemany in turn."""
    rounds, seconds = (1, 0.5) if smoke else (3, 4)
    with bench_store() as bench:
        create_bare_table(bench.database.owner_url)
        pairs = [
            (
                rate(bare, (plain_url(bench.database.owner_url),), CLIENTS, seconds),
                rate(ours, (bench.database.app_url,), CLIENTS, seconds),
            )
            for _ in range(rounds)
        ]
    ratio = statistics.median(own / bare for bare, own in pairs)
    bare_rate = statistics.median(bare for bare, _ in pairs)
    own_rate = statistics.median(own for _, own in pairs)
    return [
        (f"psycopg executemany of {BATCH}, {CLIENTS} clients", f"{bare_rate:,.0f}/s", "", None),
        (
            f"append in batches of {BATCH}, {CLIENTS} clients",
            f"{own_rate:,.0f} events/s, {ratio:.2f} of executemany",
            ">= 0.50",
            ratio >= 0.5,
        ),
    ]


def bare(url: str) -> Operation:
    """executemany and commit."""
    connection = psycopg.connect(url)

    def append() -> int:
        case = uuid4()
        rows = [
            bare_row(event, f"proposal-{case}", version)
            for version, event in enumerate(events(BATCH, case), start=1)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(BARE_INSERT, rows)
        connection.commit()
        return BATCH

    return append


def ours(url: str) -> Operation:
    """EventStore.append_once."""
    store = PostgresStore(url)

    def append() -> int:
        case = uuid4()
        store.append_once(f"proposal-{case}", events(BATCH, case), 0, uuid4(), "digest")
        return BATCH

    return append
