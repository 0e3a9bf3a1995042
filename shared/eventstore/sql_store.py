"""What the SQLite and the PostgreSQL store share: reading, and one transaction's frame."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from shared.eventstore.engines import open_engine, reader_of
from shared.eventstore.hashing import STREAM
from shared.eventstore.store import NewEvent, StoredEvent
from shared.eventstore.tables import commands, events, log
from shared.kernel.canonical import canonical_json
from shared.kernel.clock import parse_instant
from shared.kernel.errors import VersionConflict

_EVENT = (
    events.c.id,
    events.c.stream,
    events.c.version,
    events.c.type,
    events.c.schema_version,
    events.c.data,
    events.c.metadata,
    events.c.recorded_at,
    log.c.sequence,
    log.c.feed_sequence,
)
_SEALED = sa.select(*_EVENT).join_from(log, events, log.c.position == events.c.position)
_ANY = sa.select(*_EVENT).join_from(events, log, log.c.position == events.c.position, isouter=True)


class SqlTransaction:
    """One open transaction; see store.Transaction."""

    def __init__(self, store: SqlStore, connection: sa.Connection, transaction: sa.Transaction):
        self.connection = connection
        self._store = store
        self._transaction = transaction

    def append(
        self, stream: str, events: Sequence[NewEvent], expected_version: int
    ) -> Sequence[StoredEvent]:
        """See store.Transaction."""
        return self._store.append_in(self.connection, stream, events, expected_version)

    def read_stream(self, stream: str, after_version: int = 0) -> Sequence[StoredEvent]:
        """See store.Transaction."""
        return _read_stream(self.connection, stream, after_version)

    def answer_of(self, command_id: UUID) -> tuple[str, Mapping[str, Any]] | None:
        """See store.Transaction."""
        return _answer_of(self.connection, command_id)

    def remember(self, command_id: UUID, digest: str, answer: Mapping[str, Any]) -> None:
        """See store.Transaction."""
        row = {
            "command_id": str(command_id),
            "digest": digest,
            "answer": canonical_json(answer),
        }
        try:
            self.connection.execute(commands.insert().values(row))
        except IntegrityError as error:
            raise VersionConflict(f"command {command_id} was answered meanwhile") from error

    def commit(self) -> None:
        """See store.Transaction."""
        self._transaction.commit()


class SqlStore:
    """Reads and transactions; subclasses know how to append and to seal."""

    def __init__(self, url: str, *, pool_size: int = 5):
        self.url = url
        self.engine = open_engine(url, pool_size=pool_size)
        self.reader = reader_of(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """See store.EventStore."""
        with self.engine.connect() as connection, connection.begin() as transaction:
            try:
                yield SqlTransaction(self, connection, transaction)
            finally:
                if transaction.is_active:
                    transaction.rollback()

    def append_in(
        self,
        connection: sa.Connection,
        stream: str,
        new_events: Sequence[NewEvent],
        expected_version: int,
    ) -> Sequence[StoredEvent]:
        """Append inside an open transaction. Raises VersionConflict."""
        raise NotImplementedError

    def read_stream(self, stream: str, after_version: int = 0) -> Sequence[StoredEvent]:
        """See store.EventStore."""
        with self.reader.connect() as connection:
            return _read_stream(connection, stream, after_version)

    def read_log(self, after_sequence: int, limit: int) -> Sequence[StoredEvent]:
        """See store.EventStore."""
        return self._read(
            _SEALED.where(log.c.sequence > after_sequence).order_by(log.c.sequence).limit(limit)
        )

    def read_feed(self, after_feed_sequence: int, limit: int) -> Sequence[StoredEvent]:
        """See store.EventStore."""
        return self._read(
            _SEALED.where(log.c.feed_sequence > after_feed_sequence)
            .order_by(log.c.feed_sequence)
            .limit(limit)
        )

    def read_streams(self, correlation_id: UUID) -> Iterator[StoredEvent]:
        """See store.EventStore."""
        query = _ANY.where(events.c.correlation_id == str(correlation_id))
        return iter(self._read(query.order_by(events.c.position)))

    def find(self, event_id: UUID) -> StoredEvent | None:
        """See store.EventStore."""
        return next(iter(self._read(_ANY.where(events.c.id == str(event_id)))), None)

    def close(self) -> None:
        """See store.EventStore."""
        self.engine.dispose()

    def _read(self, query: sa.Select[Any]) -> Sequence[StoredEvent]:
        with self.reader.connect() as connection:
            return [stored(row) for row in connection.execute(query)]


def stored(row: Any) -> StoredEvent:
    """A StoredEvent from the columns of a row, in their order here."""
    return StoredEvent(
        id=UUID(row[0]),
        stream=row[1],
        version=row[2],
        type=row[3],
        schema_version=row[4],
        data=row[5],
        metadata=row[6],
        recorded_at=parse_instant(row[7]),
        sequence=row[8],
        feed_sequence=row[9],
    )


def check_append(stream: str, new_events: Sequence[NewEvent], expected_version: int) -> None:
    """Raises ValueError for what no store may take."""
    if not STREAM.fullmatch(stream):
        raise ValueError(f"not a stream name: {stream!r}")
    if not new_events:
        raise ValueError("nothing to append")
    if expected_version < 0:
        raise ValueError(f"an expected version is 0 or more, not {expected_version}")


def as_stored(
    stream: str, new_events: Sequence[NewEvent], expected_version: int, recorded_at: str
) -> Sequence[StoredEvent]:
    """The new events as rows, versions counted on from the expected one."""
    instant = parse_instant(recorded_at)
    return [
        StoredEvent(
            id=new.id,
            stream=stream,
            version=expected_version + offset,
            type=new.type,
            schema_version=new.schema_version,
            data=new.data,
            metadata=new.metadata,
            recorded_at=instant,
        )
        for offset, new in enumerate(new_events, start=1)
    ]


def _read_stream(
    connection: sa.Connection, stream: str, after_version: int
) -> Sequence[StoredEvent]:
    query = _ANY.where(events.c.stream == stream, events.c.version > after_version)
    return [stored(row) for row in connection.execute(query.order_by(events.c.version))]


def _answer_of(connection: sa.Connection, command_id: UUID) -> tuple[str, Mapping[str, Any]] | None:
    query = sa.select(commands.c.digest, commands.c.answer)
    row = connection.execute(query.where(commands.c.command_id == str(command_id))).one_or_none()
    return (row.digest, json.loads(row.answer)) if row else None
