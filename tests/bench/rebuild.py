"""Rebuild of a read model from the sealed log on PostgreSQL: replay, compare, swap."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from shared.eventstore.memory_keys import MemoryKeyStore
from shared.eventstore.registry import TypeRegistry
from shared.eventstore.unit_of_work import UnitOfWorkFactory
from shared.kernel.clock import parse_instant
from shared.kernel.envelope import Actor, Command, RecordedEvent
from shared.projection.rebuild import rebuild
from tests.bench.samples import BenchStore, bench_store

TARGET, PER_CASE = 20_000, 20
Row = tuple[str, str, str, bool | None]
_metadata = sa.MetaData()
balances = sa.Table(
    "bench_balances",
    _metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("paid_twd", sa.BigInteger, nullable=False),
)
_ADD = (
    balances.update()
    .where(balances.c.case_id == sa.bindparam("case"))
    .values(paid_twd=balances.c.paid_twd + sa.bindparam("amount"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The first event of a case."""

    case_id: UUID
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """One payment."""

    case_id: UUID
    amount_twd: int
    note: str


class Balances:
    """One row per case, one statement per event."""

    NAME = "bench.balances"
    TABLES = (balances,)

    def project(self, connection: Any, recorded: RecordedEvent) -> None:
        """Insert or add."""
        match recorded.event:
            case Opened(case_id=case_id, title=title):
                row = {"case_id": str(case_id), "title": title, "paid_twd": 0}
                connection.execute(balances.insert(), row)
            case Paid(case_id=case_id, amount_twd=amount):
                connection.execute(_ADD, {"case": str(case_id), "amount": amount})


def run(smoke: bool) -> list[Row]:
    """Median of three rebuilds that find everything missing and swap it in."""
    rounds, size = (1, 1_000) if smoke else (3, 40_000)
    with bench_store() as bench:
        units = _filled(bench, size)
        rates = []
        for _ in range(rounds):
            with bench.store.engine.begin() as connection:
                connection.execute(balances.delete())
            started = time.perf_counter()
            (rebuilt,) = rebuild(units, swap=True)
            rates.append(size / (time.perf_counter() - started))
            if rebuilt.differing != size // PER_CASE:
                raise RuntimeError(f"the rebuild found {rebuilt}")
    rate = statistics.median(rates)
    label = f"rebuild of a projection over {size:,} events"
    return [(label, f"{rate:,.0f} events/s", f">= {TARGET:,}", rate >= TARGET)]


def _filled(bench: BenchStore, size: int) -> UnitOfWorkFactory:
    owner = sa.create_engine(bench.database.owner_url)
    with owner.begin() as connection:
        _metadata.create_all(connection)
        connection.execute(sa.text(f'GRANT ALL ON bench_balances TO "{bench.database.app}"'))
    owner.dispose()
    registry = TypeRegistry((Opened, Paid))
    units = UnitOfWorkFactory(bench.store, registry, MemoryKeyStore(), (Balances(),))
    quiet = UnitOfWorkFactory(bench.store, registry, MemoryKeyStore())
    command = Command(
        command_id=uuid4(),
        actor=Actor(id="officer-1", roles=("finance_maker",)),
        received_at=parse_instant("2023-03-16T17:00:00+08:00"),
    )
    for _ in range(size // PER_CASE):
        case = uuid4()
        paid = [Paid(case_id=case, amount_twd=n, note="撥付第一期款") for n in range(1, PER_CASE)]
        facts = [Opened(case_id=case, title="數位轉型共好計畫提案"), *paid]
        with quiet.begin() as unit:
            unit.streams.append(
                "contract", case, facts, expected_version=0, caused_by=command, case=case
            )
            unit.commit()
    bench.sequencer().seal_all()
    return units
