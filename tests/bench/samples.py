"""What the benches store: events of about 500 bytes, as a submission's are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.eventstore.heads import HeadSigner
from shared.eventstore.migrate import migrate
from shared.eventstore.postgres import PostgresStore
from shared.eventstore.sequencer import Sequencer
from shared.eventstore.store import NewEvent
from shared.kernel.canonical import canonical_json
from tests.support.servers import Database, leased, postgres

PUBLIC = frozenset({"ProposalSubmitted"})
_FORMS = {
    "F01": {"name": "某某商行", "amount_twd": 1_500_000},
    "F19": [{"employees": 4, "ubn": "12345675"}, {"employees": 5, "ubn": "12345675"}],
}


@dataclass
class BenchStore:
    """An empty PostgreSQL store of its own."""

    database: Database
    store: PostgresStore
    signer: HeadSigner

    def sequencer(self) -> Sequencer:
        """A sequencer of this store."""
        return Sequencer(self.store, PUBLIC, self.signer)

    def fill(self, count: int, per_stream: int = 100) -> None:
        """Committed, unsealed events."""
        for _ in range(count // per_stream):
            case = uuid4()
            with self.store.transaction() as transaction:
                transaction.append(f"proposal-{case}", events(per_stream, case), 0)
                transaction.commit()


@contextmanager
def bench_store() -> Iterator[BenchStore]:
    """A store in a database that is dropped afterwards."""
    with leased(postgres, "bench-postgres") as server:
        name = f"bench_{uuid4().hex[:12]}"
        database = server.create_database(name)
        migrate(database.owner_url, app_role=database.app)
        store = PostgresStore(database.app_url)
        try:
            yield BenchStore(database, store, HeadSigner("intake", Ed25519PrivateKey.generate()))
        finally:
            store.close()
            server.drop_database(name)


def events(count: int, case: UUID) -> list[NewEvent]:
    """New events of one case; every third is public."""
    metadata = {
        "actor": {"id": "applicant-1", "organisation": "12345675", "roles": ["applicant"]},
        "occurred_at": "2023-03-16T17:00:00.000000+08:00",
        "correlation_id": str(case),
        "causation_id": None,
        "command_id": str(case),
        "decision": None,
    }
    data = {"case_number": "CP112-0007", "forms": _FORMS, "proposal_id": str(case)}
    texts = canonical_json(data), canonical_json(metadata)
    return [
        NewEvent(
            id=uuid4(),
            type="TableImported" if number % 3 else "ProposalSubmitted",
            schema_version=1,
            data=texts[0],
            metadata=texts[1],
            correlation_id=case,
        )
        for number in range(count)
    ]


def plain_url(url: str) -> str:
    """The URL as libpq reads it."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def create_bare_table(url: str) -> None:
    """The peer's table: the same columns, primary key and unique (stream, version), no more."""
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        connection.execute(
            """CREATE TABLE bare (position bigserial PRIMARY KEY, id text, stream text,
            version integer, type text, schema_version integer, data text, metadata text,
            recorded_at timestamptz DEFAULT now(), UNIQUE (stream, version))"""
        )


BARE_INSERT = """INSERT INTO bare (id, stream, version, type, schema_version, data, metadata)
VALUES (%s, %s, %s, %s, %s, %s, %s)"""


def bare_row(event: NewEvent, stream: str, version: int) -> tuple[object, ...]:
    """The parameters of BARE_INSERT."""
    return (
        str(event.id),
        stream,
        version,
        event.type,
        event.schema_version,
        event.data,
        event.metadata,
    )
