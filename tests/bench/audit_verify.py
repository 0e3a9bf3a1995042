"""`audit verify`: everything derived again from the rows."""

from __future__ import annotations

import statistics
import time

from shared.eventstore.verify import verify
from tests.bench.samples import PUBLIC, bench_store

TARGET = 100_000
Row = tuple[str, str, str, bool | None]


def run(smoke: bool) -> list[Row]:
    """Median of three over one sealed log on PostgreSQL, all cores; one run on one core."""
    rounds, size = (1, 2_000) if smoke else (3, 300_000)
    with bench_store() as bench:
        bench.fill(size)
        bench.sequencer().seal_all()

        def once(processes: int | None) -> float:
            started = time.perf_counter()
            report = verify(
                bench.store, bench.signer.public_key, public_types=PUBLIC, processes=processes
            )
            if not report.ok or report.events != size:
                raise RuntimeError(f"the bench's own log does not verify: {report}")
            return size / (time.perf_counter() - started)

        many = statistics.median(once(None) for _ in range(rounds))
        single = once(1)
    return [
        (
            f"audit verify of {size:,} events, all cores (one process: {single:,.0f}/s)",
            f"{many:,.0f} events/s",
            f">= {TARGET:,}",
            many >= TARGET,
        )
    ]
