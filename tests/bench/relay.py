"""The relay beside nameko's dispatcher and beside a bare publisher, 1 kB to a quorum queue."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from kombu import Connection

from grantcase.processes import migrate_databases
from shared.bus.cloudevents import WireMessage, to_wire
from shared.bus.feeds import feed
from shared.bus.publisher import ConfirmingPublisher
from shared.bus.relay import AHEAD, WINDOW, Relay
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings
from shared.bus.topology import declare, queue_name
from shared.eventstore.store import NewEvent
from shared.kernel.canonical import canonical_json
from tests.bench.samples import BenchStore
from tests.support import pair
from tests.support.servers import leased, postgres, rabbitmq

TARGET_RATIO, GREEN_THREADS, BODY_BYTES = 5, 20, 1_000
Row = tuple[str, str, str, bool | None]
_LISTENERS = {"review": ("intake",)}
_QUEUE = queue_name("review", "intake")


def run(smoke: bool) -> list[Row]:
    """Medians of three: the whole relay (read the feed, translate, publish, confirm, move the
    cursor), bare pipelined publishing, and nameko's dispatcher twice: one event after another, as
    a service that dispatches in its handler does, and 20 green threads at once."""
    rounds, count, peers = (1, 2 * WINDOW, 200) if smoke else (3, 20_000, 3_000)
    with leased(rabbitmq, "bench-rabbitmq") as broker, _intake() as (bench, core):
        amqp_url = broker.vhost("bench")
        declare(amqp_url, _LISTENERS)
        try:
            _fill(bench, core, count)
            wires = [to_wire(event) for event in feed(core, 0)][:WINDOW]
            bare, nameko, together, own = _medians(
                rounds,
                lambda: _bare(amqp_url, wires, count),
                lambda: _nameko(amqp_url, peers, 1),
                lambda: _nameko(amqp_url, peers, GREEN_THREADS),
                lambda: _relay(amqp_url, core, count),
            )
        finally:
            broker.drop_vhost("bench")
    return [
        (
            f"relay with confirms, {len(wires[0].body):,}-byte CloudEvents, quorum queue",
            f"{own:,.0f} events/s",
            f">= {TARGET_RATIO} x nameko's dispatcher",
            own >= TARGET_RATIO * nameko,
        ),
        ("  / nameko's dispatcher, one event after another", *_compared(own, nameko)),
        (f"  / the same, {GREEN_THREADS} green threads at once", *_compared(own, together)),
        ("  / bare pipelined publisher", f"{own / bare:.2f} of {bare:,.0f}/s", "", None),
    ]


def _compared(own: float, peer: float) -> tuple[str, str, None]:
    return f"{own / peer:.1f} x {peer:,.0f} events/s", "", None


def _medians(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """Taken in turns, so that whatever else the machine does meets all of them."""
    taken = [[measure() for measure in measures] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def _relay(amqp_url: str, core: ServiceCore, count: int) -> float:
    _purge(amqp_url, _QUEUE)
    with core.units.begin() as unit:  # the same events again
        unit.connection.exec_driver_sql("DELETE FROM cursors")
        unit.commit()
    relay = Relay(core, amqp_url, _LISTENERS)
    published = relay.publish_next()  # connects and declares outside the measured time
    started = time.perf_counter()
    while published < count:
        published += relay.publish_next()
    rate = (count - WINDOW) / (time.perf_counter() - started)
    relay.close()
    return rate


def _bare(amqp_url: str, window: list[WireMessage], count: int) -> float:
    """The same window again and again, as many ahead of their confirms as the relay writes."""
    _purge(amqp_url, _QUEUE)
    publisher = ConfirmingPublisher(amqp_url)
    for _ in range(AHEAD):
        publisher.send(window)
    publisher.confirm()
    started = time.perf_counter()
    for _ in range(count // len(window)):
        publisher.send(window)
        publisher.confirm()
    rate = count / (time.perf_counter() - started)
    publisher.close()
    return rate


def _nameko(amqp_url: str, count: int, green_threads: int) -> float:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.bench.peers.nameko_dispatch"),
            *(amqp_url, "nameko", str(count), str(green_threads)),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    _purge(amqp_url, "nameko")
    return float(done.stdout)


def _purge(amqp_url: str, queue: str) -> None:
    with Connection(amqp_url) as connection:
        connection.default_channel.queue_purge(queue)


@contextmanager
def _intake() -> Iterator[tuple[BenchStore, ServiceCore]]:
    """The invented intake over a PostgreSQL of its own."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from shared.eventstore.heads import HeadSigner

    with leased(postgres, "bench-postgres") as server, TemporaryDirectory() as folder:
        name = f"bench_{uuid4().hex[:12]}"
        database = server.create_database(name)
        key = Path(folder) / "master.key"
        key.write_text("00" * 32)
        migrate_databases(
            "intake",
            owner_url=database.owner_url,
            app_url=database.app_url,
            keys_owner_url=database.owner_url,
            keys_url=database.app_url,
            own_tables=pair.METADATA,
        )
        core = pair.build_intake(
            ServiceSettings(
                database_url=database.app_url,
                keys_url=database.app_url,
                master_key_file=key,
                documents_dir=Path(folder),
            )
        )
        signer = HeadSigner("intake", Ed25519PrivateKey.generate())
        try:
            yield BenchStore(database, core.units.store, signer), core
        finally:
            core.units.store.close()
            core.units.keys.close()
            server.drop_database(name)


def _fill(bench: BenchStore, core: ServiceCore, count: int) -> None:
    """Sealed public events, each with about 1 kB of data on the wire."""
    from shared.eventstore.sequencer import Sequencer

    metadata = canonical_json(
        {
            "actor": {"id": "officer-1", "roles": ["screening_officer"], "organisation": None},
            "occurred_at": "2023-03-16T17:00:00.000000+08:00",
            "correlation_id": None,
            "causation_id": None,
            "command_id": None,
            "decision": None,
        }
    )
    for _ in range(count // WINDOW):
        case = uuid4()
        with core.units.store.transaction() as transaction:
            transaction.append(f"screening-{case}", _events(case, metadata), 0)
            transaction.commit()
    Sequencer(core.units.store, {"ProposalRejected"}, bench.signer).seal_all()


def _events(case: Any, metadata: str) -> list[NewEvent]:
    data = canonical_json(
        {"case_id": str(case), "case_number": "CP112-0001", "reasons": ["x" * (BODY_BYTES - 250)]}
    )
    return [
        NewEvent(
            id=uuid4(),
            type="ProposalRejected",
            schema_version=1,
            data=data,
            metadata=metadata,
            correlation_id=case,
        )
        for _ in range(WINDOW)
    ]


if __name__ == "__main__":
    for row in run(smoke=False):
        print(*row)
