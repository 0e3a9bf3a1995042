"""A store of each kind with its keys, signer and sequencer, and a small domain to fill it with."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.eventstore.heads import HeadSigner
from shared.eventstore.memory import MemoryStore
from shared.eventstore.memory_keys import MemoryKeyStore
from shared.eventstore.migrate import migrate, migrate_keys
from shared.eventstore.postgres import PostgresStore
from shared.eventstore.registry import TypeRegistry
from shared.eventstore.sequencer import Sequencer
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NewEvent
from shared.eventstore.subject_keys import SqlKeyStore
from shared.eventstore.unit_of_work import UnitOfWorkFactory
from shared.eventstore.verify import Report, verify
from shared.kernel.canonical import canonical_json
from shared.kernel.envelope import Actor, Command, Erased, Personal
from tests.support.servers import Database, PostgresServer

NOON = datetime(2023, 3, 16, 4, 0, tzinfo=UTC)
OFFICER = Actor(id="officer-1", roles=("programme_officer",))
PUBLIC = frozenset({"CaseOpened"})
UNIQUE = {"events_id": "id", "events_stream_version": "stream, version"}
APPEND_ONLY = ("events", "log", "log_nodes", "heads")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    """A public event with a personal field."""

    case_id: UUID
    contact: Personal | Erased | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountSet:
    """A private event whose shape has changed once: version 1 said `amount`."""

    SCHEMA_VERSION: ClassVar[int] = 2
    amount_twd: int


@dataclass(frozen=True, slots=True)
class CaseState:
    """The fold of both."""

    contact: object = None
    amounts: tuple[int, ...] = ()

    def apply(self, event: object) -> CaseState:
        """Fold one fact in."""
        match event:
            case CaseOpened():
                return replace(self, contact=event.contact)
            case AmountSet():
                return replace(self, amounts=(*self.amounts, event.amount_twd))
        raise AssertionError(f"unknown event {event!r}")


def a_registry() -> TypeRegistry:
    """CaseOpened v1 and AmountSet v2."""
    return TypeRegistry(
        (CaseOpened, AmountSet),
        {("AmountSet", 1): lambda tree: {"amount_twd": tree["amount"]}},
    )


def a_command(**changes: Any) -> Command:
    """A command of the officer at noon."""
    return replace(Command(command_id=uuid4(), actor=OFFICER, received_at=NOON), **changes)


def new_events(count: int = 1, case: UUID | None = None, type: str = "AmountSet") -> list[NewEvent]:
    """Events as the store takes them, below registry and unit of work."""
    metadata = {
        "actor": {"id": OFFICER.id, "roles": list(OFFICER.roles), "organisation": None},
        "occurred_at": "2023-03-16T12:00:00.000000+08:00",
        "correlation_id": str(case) if case else None,
        "causation_id": None,
        "command_id": None,
        "decision": None,
    }
    return [
        NewEvent(
            id=uuid4(),
            type=type,
            schema_version=2 if type == "AmountSet" else 1,
            data=canonical_json({"amount_twd": number, "text": "補助款"}),
            metadata=canonical_json(metadata),
            correlation_id=case,
        )
        for number in range(1, count + 1)
    ]


@dataclass
class StoreKit:
    """One migrated, empty store and what belongs to it."""

    name: str
    store: Any
    keys: Any
    intruder: sa.Engine | None = None
    signer: HeadSigner = field(
        default_factory=lambda: HeadSigner("intake", Ed25519PrivateKey.generate(), "simulated")
    )

    def factory(self, inline: Sequence[Any] = (), **options: Any) -> UnitOfWorkFactory:
        """Units of work over this store."""
        return UnitOfWorkFactory(self.store, a_registry(), self.keys, inline, **options)

    def sequencer(self, **options: Any) -> Sequencer:
        """A sequencer that has not read the store yet."""
        return Sequencer(self.store, PUBLIC, self.signer, **options)

    def verify(self, **options: Any) -> Report:
        """`audit verify` with the right key and types."""
        return verify(self.store, self.signer.public_key, **{"public_types": PUBLIC, **options})

    def fill(self, count: int, streams: int = 3, run: int = 10) -> list[Any]:
        """Append `count` events, `run` at a time to one stream after the other, every fourth
        public, and seal; the sealed rows."""
        versions = [0] * streams
        with self.store.transaction() as transaction:
            for start in range(0, count, run):
                number = start // run % streams
                case = UUID(int=number + 1)
                events = [
                    new_events(1, case, "AmountSet" if place % 4 else "CaseOpened")[0]
                    for place in range(start, min(start + run, count))
                ]
                transaction.append(f"case-{case}", events, versions[number])
                versions[number] += len(events)
            transaction.commit()
        self.sequencer().seal_all()
        return list(self.store.read_log(0, count))

    def tamper(self, *statements: str, **values: Any) -> None:
        """Run SQL as an intruder who owns the database server or the file: no trigger and no
        foreign key stops it."""
        assert self.intruder is not None
        with self.intruder.begin() as connection:
            if self.name == "postgres":
                connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            else:
                for table, verb in itertools.product(APPEND_ONLY, ("update", "delete")):
                    connection.execute(sa.text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
            for statement in statements:
                connection.execute(sa.text(statement), values)

    def drop_uniqueness(self) -> None:
        """The intruder takes the unique constraints of events away."""
        if self.name == "postgres":
            self.tamper(*(f"ALTER TABLE events DROP CONSTRAINT {name}" for name in UNIQUE))
        else:
            self.tamper(
                "CREATE TABLE bare AS SELECT * FROM events",
                "DROP TABLE events",
                "ALTER TABLE bare RENAME TO events",
            )

    def close(self) -> None:
        """Give back every connection."""
        self.store.close()
        if self.intruder is not None:
            self.keys.close()
            self.intruder.dispose()


def memory_kit() -> StoreKit:
    """The in-memory twin."""
    return StoreKit("memory", MemoryStore(), MemoryKeyStore())


def sqlite_kit(folder: Path) -> StoreKit:
    """Two SQLite files in a folder."""
    url, keys_url = f"sqlite:///{folder}/store.db", f"sqlite:///{folder}/keys.db"
    migrate(url)
    migrate_keys(keys_url)
    keys = SqlKeyStore(keys_url, os.urandom(32))
    return StoreKit("sqlite", SqliteStore(url), keys, sa.create_engine(url))


def postgres_kit(databases: StoreDatabases) -> StoreKit:
    """A PostgreSQL store, as its app role uses it; emptied first."""
    _empty(databases)
    keys = SqlKeyStore(databases.keys.app_url, os.urandom(32))
    store = PostgresStore(databases.events.app_url)
    return StoreKit("postgres", store, keys, sa.create_engine(databases.admin_url))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreDatabases:
    """Two migrated databases and the superuser's URL for the first."""

    events: Database
    keys: Database
    admin_url: str
    server: PostgresServer


@pytest.fixture(scope="session")
def store_databases(postgres_server: PostgresServer) -> Iterator[StoreDatabases]:
    """One database for events and one for keys, migrated; the kits empty them."""
    names = [f"s_{uuid4().hex[:12]}" for _ in range(2)]
    events, keys = (postgres_server.create_database(name) for name in names)
    migrate(events.owner_url, app_role=events.app)
    migrate_keys(keys.owner_url, app_role=keys.app)
    admin_url = sa.make_url(postgres_server.admin_url).set(database=events.name)
    yield StoreDatabases(
        events=events,
        keys=keys,
        admin_url=admin_url.render_as_string(hide_password=False),
        server=postgres_server,
    )
    for name in names:
        postgres_server.drop_database(name)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoreKit]:
    """Every kind of store in turn."""
    yield from _kit(request, tmp_path)


@pytest.fixture(params=["sqlite", "postgres"])
def sql_kit(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoreKit]:
    """Every kind that survives its process."""
    yield from _kit(request, tmp_path)


@pytest.fixture
def postgres_only(store_databases: StoreDatabases) -> Iterator[StoreKit]:
    """The PostgreSQL store."""
    kit = postgres_kit(store_databases)
    yield kit
    kit.close()


def _kit(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoreKit]:
    if request.param == "memory":
        kit = memory_kit()
    elif request.param == "sqlite":
        kit = sqlite_kit(tmp_path)
    else:
        kit = postgres_kit(request.getfixturevalue("store_databases"))
    yield kit
    kit.close()


def _empty(databases: StoreDatabases) -> None:
    restored = (
        f"DROP CONSTRAINT IF EXISTS {name}, ADD CONSTRAINT {name} UNIQUE ({columns})"
        for name, columns in UNIQUE.items()
    )
    _run(
        databases.admin_url,
        "SET LOCAL session_replication_role = replica",
        *(f"ALTER TABLE {table} DISABLE TRIGGER append_only" for table in APPEND_ONLY),
        f"TRUNCATE {', '.join(APPEND_ONLY)}, commands RESTART IDENTITY",
        *(f"ALTER TABLE {table} ENABLE TRIGGER append_only" for table in APPEND_ONLY),
        f"ALTER TABLE events {', '.join(restored)}",
    )
    _run(databases.keys.owner_url, "TRUNCATE subject_keys")


def _run(url: str, *statements: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()
