"""The sequencer: seal, leaf, head; and how long a committed event waits for its sequence."""

from __future__ import annotations

import multiprocessing
import statistics
import threading
import time
from typing import Any
from uuid import UUID, uuid4

from shared.eventstore.heads import HeadSigner
from shared.eventstore.postgres import PostgresStore
from shared.eventstore.sequencer import Sequencer
from tests.bench.samples import PUBLIC, BenchStore, bench_store, events

TARGET_RATE, TARGET_LAG_MS, EVENTS_PER_SECOND, WRITERS = 20_000, 50, 1_000, 4
Row = tuple[str, str, str, bool | None]


def run(smoke: bool) -> list[Row]:
    """Throughput: median of three backlogs. Lag: from the commit's return to being readable in
    the log, with a sequencer in a process of its own."""
    rounds, backlog, seconds = (1, 2_000, 1) if smoke else (3, 50_000, 15)
    with bench_store() as bench:
        rates = [_throughput(bench, backlog) for _ in range(rounds)]
        lags = sorted(_lags(bench, seconds))
    own_rate = statistics.median(rates)
    p99 = lags[len(lags) * 99 // 100]
    return [
        (
            f"sequencer: seal, leaf, head over a backlog of {backlog:,}",
            f"{own_rate:,.0f} events/s",
            f">= {TARGET_RATE:,}",
            own_rate >= TARGET_RATE,
        ),
        (
            f"commit to sealed at {len(lags) / seconds:,.0f} events/s, p50 / p99",
            f"{lags[len(lags) // 2]:.1f} / {p99:.1f} ms",
            f"p99 < {TARGET_LAG_MS} ms at {EVENTS_PER_SECOND:,}/s",
            p99 < TARGET_LAG_MS,
        ),
    ]


def _throughput(bench: BenchStore, backlog: int) -> float:
    bench.fill(backlog)
    started = time.perf_counter()
    sealed = bench.sequencer().seal_all()
    return sealed / (time.perf_counter() - started)


def _lags(bench: BenchStore, seconds: int) -> list[float]:
    """Milliseconds per event."""
    bench.sequencer().seal_all()
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    key = bench.signer.key.private_bytes_raw()
    sequencer = context.Process(target=_seal, args=(bench.database.app_url, key, stop))
    sequencer.start()
    _wait_for_first(bench)
    committed: dict[UUID, float] = {}
    seen: dict[UUID, float] = {}
    until = time.monotonic() + seconds
    writers = [
        threading.Thread(target=_write, args=(bench.store, until, committed))
        for _ in range(WRITERS)
    ]
    reader = threading.Thread(target=_read, args=(bench.store, until + 2, committed, seen))
    for thread in (reader, *writers):
        thread.start()
    for thread in (*writers, reader):
        thread.join()
    stop.set()
    sequencer.join()
    return [max(0, seen[id] - at) * 1000 for id, at in committed.items()]


def _wait_for_first(bench: BenchStore) -> None:
    """Until the sequencer's process has started and sealed one event."""
    size = bench.store.log_tail().size
    bench.fill(1, 1)
    while bench.store.log_tail().size == size:
        time.sleep(0.01)


def _seal(url: str, key: bytes, stop: Any) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    store = PostgresStore(url)
    signer = HeadSigner("intake", Ed25519PrivateKey.from_private_bytes(key))
    Sequencer(store, PUBLIC, signer).run(stop.is_set)
    store.close()


def _write(store: PostgresStore, until: float, committed: dict[UUID, float]) -> None:
    """One event at a time, as evenly as can be, at this writer's share of the rate."""
    due = time.monotonic()
    while due < until:
        time.sleep(max(0, due - time.monotonic()))
        case = uuid4()
        new = events(1, case)
        store.append_once(f"proposal-{case}", new, 0, uuid4(), "digest")
        committed[new[0].id] = time.monotonic()
        due += WRITERS / EVENTS_PER_SECOND


def _read(
    store: PostgresStore, until: float, committed: dict[UUID, float], seen: dict[UUID, float]
) -> None:
    cursor = store.log_tail().size
    while time.monotonic() < until or len(seen) < len(committed):
        rows = store.read_log(cursor, 500)
        now = time.monotonic()
        seen.update((row.id, now) for row in rows)
        cursor = rows[-1].sequence or cursor if rows else cursor
        if not rows:
            time.sleep(0.001)
