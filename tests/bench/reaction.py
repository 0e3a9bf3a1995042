"""From a proposal's commit in intake to its review file committed in review, over RabbitMQ.

ProposalSubmitted events are appended to intake's log at 100 a second by this process; intake's
sequencer and relay, and the real review with its sequencer, are processes as in production. An
event is "committed" when its append returns, and its review file when another connection sees it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import psycopg

from grantcase.processes import listeners, migrate_databases
from grantcase.servers.place import free_ports
from grantcase.servers.process import wait_until
from services.intake.domain.events import EVENTS, ProposalSubmitted
from shared.bus.topology import declare
from shared.eventstore.postgres import PostgresStore
from shared.eventstore.reader import metadata_tree
from shared.eventstore.registry import TypeRegistry
from shared.eventstore.store import NewEvent
from shared.kernel.canonical import canonical_json
from shared.kernel.envelope import Actor, Metadata
from tests.bench.samples import plain_url
from tests.support.servers import Database, leased, postgres, rabbitmq

EVENTS_PER_SECOND, TARGET_MS, READY_SECONDS = 100, 150, 60
Row = tuple[str, str, str, bool | None]

_SEEN = """SELECT position, metadata::json->>'causation_id' FROM events
WHERE position > %s ORDER BY position"""
_NOW = datetime(2023, 3, 16, 9, tzinfo=UTC)
_METADATA = Metadata(
    actor=Actor(id="applicant-1", roles=("applicant",), organisation="12345675"),
    occurred_at=_NOW,
)


def run(smoke: bool) -> list[Row]:
    """p50 and p99 over a minute (smoke: two seconds)."""
    seconds = 2 if smoke else 60
    with _cluster() as (intake_url, review_url):
        _measure(intake_url, review_url, 1)  # connections and caches are warm afterwards
        delays = sorted(_measure(intake_url, review_url, seconds))
    p50, p99 = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
    return [
        (
            f"proposal committed to review opened, {EVENTS_PER_SECOND}/s, {seconds} s, p50 / p99",
            f"{p50:.1f} / {p99:.1f} ms",
            f"p99 < {TARGET_MS} ms",
            p99 < TARGET_MS,
        )
    ]


def _measure(intake_url: str, review_url: str, seconds: int) -> list[float]:
    """Milliseconds per event."""
    committed: dict[UUID, float] = {}
    seen: dict[UUID, float] = {}
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(review_url, seen, stop))
    watcher.start()
    try:
        _append(intake_url, seconds, committed)
        wait_until(lambda: set(committed) <= set(seen), READY_SECONDS, "every review file")
    finally:
        stop.set()
        watcher.join()
    return [1000 * max(0, seen[id] - at) for id, at in committed.items()]


def _append(url: str, seconds: int, committed: dict[UUID, float]) -> None:
    store, registry, metadata = PostgresStore(url), TypeRegistry(EVENTS), metadata_tree(_METADATA)
    due = time.monotonic()
    for number in range(seconds * EVENTS_PER_SECOND):
        time.sleep(max(0, due - time.monotonic()))
        case = uuid4()
        type, schema_version, data = registry.encode(_submitted(case, number))
        event = NewEvent(
            id=uuid4(),
            type=type,
            schema_version=schema_version,
            data=canonical_json(data),
            metadata=canonical_json({**metadata, "correlation_id": str(case)}),
            correlation_id=case,
        )
        store.append_once(f"proposal-{case}", [event], 0, uuid4(), "digest")
        committed[event.id] = time.monotonic()
        due += 1 / EVENTS_PER_SECOND
    store.close()


def _watch(url: str, seen: dict[UUID, float], stop: threading.Event) -> None:
    position = 0
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        while not stop.is_set():
            rows = connection.execute(_SEEN, (position,)).fetchall()
            now = time.monotonic()
            for position, cause in rows:  # noqa: B007 - the last position is the cursor
                seen[UUID(cause)] = now
            time.sleep(0.002)


def _submitted(case: UUID, number: int) -> ProposalSubmitted:
    return ProposalSubmitted(
        case_id=case,
        case_number=f"CP112-{number:04}",
        call_id=UUID(int=1),
        programme_id="coprosperity-112",
        pack_digest="0" * 64,
        applicant_ubn="12345675",
        applicant_name="某某商行",
        track="popularisation",
        enterprise_count=80,
        enterprise_ubns=tuple("12345675" for _ in range(80)),
        requested_twd=1_500_000,
        submitted_at=_NOW,
    )


@contextmanager
def _cluster() -> Iterator[tuple[str, str]]:
    """intake's sequencer and relay, review with its sequencer; the app URLs of both."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        broker = stack.enter_context(leased(rabbitmq, "bench-rabbitmq"))
        server = stack.enter_context(leased(postgres, "bench-postgres"))
        amqp_url = broker.vhost("bench-reaction")
        stack.callback(broker.drop_vhost, "bench-reaction")
        declare(amqp_url, listeners())
        urls = {}
        for name in ("intake", "review"):
            database = server.create_database(f"bench_{name}_{uuid4().hex[:8]}")
            stack.callback(server.drop_database, database.name)
            _migrate(name, database)
            urls[name] = database.app_url
        port = free_ports(1)[0]
        for kind, name in (
            ("sequencer", "intake"),
            ("relay", "intake"),
            ("service", "review"),
            ("sequencer", "review"),
        ):
            environment = _environment(folder, urls[name], amqp_url, port)
            stack.callback(_end, _start(kind, name, environment))
        wait_until(lambda: _answers(port), READY_SECONDS, "review was not ready")
        yield urls["intake"], urls["review"]


def _migrate(name: str, database: Database) -> None:
    migrate_databases(
        name,
        owner_url=database.owner_url,
        app_url=database.app_url,
        keys_owner_url=database.owner_url,
        keys_url=database.app_url,
    )


def _environment(folder: Path, url: str, amqp_url: str, port: int) -> dict[str, str]:
    secret = folder / "secret"
    secret.write_text("00" * 32)
    return {
        "PATH": os.environ["PATH"],
        "GRANTCASE_DATABASE_URL": url,
        "GRANTCASE_KEYS_DATABASE_URL": url,
        "GRANTCASE_AMQP_URL": amqp_url,
        "GRANTCASE_MASTER_KEY_FILE": str(secret),
        "GRANTCASE_SIGNING_KEY_FILE": str(secret),
        "GRANTCASE_SERVICE_CREDENTIAL_FILE": str(secret),
        "GRANTCASE_DOCUMENTS_DIR": str(folder),
        "GRANTCASE_HTTP_PORT": str(port),
        "GRANTCASE_CLOCK": "system",
    }


def _start(kind: str, name: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "grantcase", "run", kind, name],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _end(process: subprocess.Popen[Any]) -> None:
    process.kill()
    process.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    for row in run(smoke=False):
        print(*row)
