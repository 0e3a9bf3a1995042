"""The SQLite store: one file per service, one writer at a time, positions commit in order."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from shared.eventstore.once import first_answer, summary_of
from shared.eventstore.sql_sealing import SqlSealing
from shared.eventstore.sql_store import SqlStore, as_stored, check_append
from shared.eventstore.store import NewEvent, StoredEvent
from shared.kernel.clock import instant_text
from shared.kernel.errors import VersionConflict

_INSERT = """INSERT INTO events
(id, stream, version, type, schema_version, data, metadata, recorded_at, correlation_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_VERSION = "SELECT coalesce(max(version), 0) FROM events WHERE stream = ?"


class SqliteStore(SqlSealing, SqlStore):
    """`SqliteStore("sqlite:////path/intake.db")`, migrated before. Safe across threads and
    processes: every writer takes the file's write lock before it reads what it decides on."""

    def append_in(
        self,
        connection: sa.Connection,
        stream: str,
        new_events: Sequence[NewEvent],
        expected_version: int,
    ) -> Sequence[StoredEvent]:
        """See SqlStore."""
        check_append(stream, new_events, expected_version)
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        actual = raw.execute(_VERSION, (stream,)).fetchone()[0]
        if actual != expected_version:
            raise VersionConflict(f"{stream} is at {actual}, {expected_version} was expected")
        recorded_at = instant_text(datetime.now(UTC))
        rows = as_stored(stream, new_events, expected_version, recorded_at)
        raw.executemany(
            _INSERT,
            [
                (
                    str(row.id),
                    stream,
                    row.version,
                    row.type,
                    row.schema_version,
                    row.data,
                    row.metadata,
                    recorded_at,
                    str(new.correlation_id) if new.correlation_id else None,
                )
                for row, new in zip(rows, new_events, strict=True)
            ],
        )
        return rows

    def append_once(
        self,
        stream: str,
        events: Sequence[NewEvent],
        expected_version: int,
        command_id: UUID,
        command_digest: str,
    ) -> Sequence[StoredEvent]:
        """See store.EventStore."""
        with self.transaction() as transaction:
            earlier = first_answer(transaction, stream, command_id, command_digest)
            if earlier is not None:
                return earlier
            rows = transaction.append(stream, events, expected_version)
            transaction.remember(command_id, command_digest, summary_of(rows))
            transaction.commit()
            return rows
