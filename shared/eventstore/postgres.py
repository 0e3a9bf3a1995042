"""The PostgreSQL store: an append is one call of a server function, and writers never wait for
each other. The hot path uses psycopg alone; everything else goes through SQLAlchemy.

No thread, no LISTEN, no lock beyond the transaction: safe under eventlet.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa

from shared.eventstore.once import reused, rows_of
from shared.eventstore.postgres_connections import HotConnections, only_value
from shared.eventstore.postgres_sealing import PostgresSealing
from shared.eventstore.sql_store import SqlStore, as_stored, check_append
from shared.eventstore.store import NewEvent, StoredEvent
from shared.kernel.errors import VersionConflict

# Arrays travel in binary: as text psycopg escapes every quote of the JSON one by one (measured:
# half of the client's time).
_APPEND = "SELECT store_append(%s, %s, %b, %b, %b::int[], %b, %b, %b)"
_APPEND_ONE = "SELECT store_append_one(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_APPEND_ONCE = "SELECT store_append_once(%s, %s, %s, %s, %b, %b, %b::int[], %b, %b, %b)"
_KNOWN = "SELECT digest, answer FROM commands WHERE command_id = %s"
_STALE, _TAKEN = "GC001", "events_stream_version"


class PostgresStore(PostgresSealing, SqlStore):
    """`PostgresStore("postgresql+psycopg://app@host/intake")`, migrated before by the owner."""

    def __init__(self, url: str, *, pool_size: int = 5):
        super().__init__(url, pool_size=pool_size)
        self.hot = HotConnections(url)

    def append_in(
        self,
        connection: sa.Connection,
        stream: str,
        new_events: Sequence[NewEvent],
        expected_version: int,
    ) -> Sequence[StoredEvent]:
        """See SqlStore; on the SQLAlchemy connection's own psycopg connection, so that
        projections and events share the transaction."""
        check_append(stream, new_events, expected_version)
        raw: Any = connection.connection.driver_connection
        try:
            if len(new_events) == 1:
                arguments = (None, None, stream, expected_version, *_scalars(new_events[0]))
                row = raw.execute(_APPEND_ONE, arguments).fetchone()
            else:
                arguments = (stream, expected_version, *_arrays(new_events))
                row = raw.execute(_APPEND, arguments).fetchone()
        except psycopg.Error as error:
            _raise_conflict(error)
            raise
        return as_stored(stream, new_events, expected_version, row[0])

    def append_once(
        self,
        stream: str,
        events: Sequence[NewEvent],
        expected_version: int,
        command_id: UUID,
        command_digest: str,
    ) -> Sequence[StoredEvent]:
        """See store.EventStore."""
        check_append(stream, events, expected_version)
        if len(events) == 1:
            statement, values = _APPEND_ONE, _scalars(events[0])
        else:
            statement, values = _APPEND_ONCE, _arrays(events)
        arguments = (str(command_id), command_digest, stream, expected_version, *values)
        with self.hot.connection() as raw:
            try:
                recorded_at = only_value(raw.execute(statement, arguments))
            except psycopg.Error as error:
                _raise_conflict(error)
                raise
            if recorded_at is None:
                return self._first_time(raw, stream, command_id, command_digest)
        return as_stored(stream, events, expected_version, recorded_at)

    def close(self) -> None:
        """See store.EventStore."""
        self.hot.close()
        super().close()

    def _first_time(
        self, raw: psycopg.Connection[Any], stream: str, command_id: UUID, digest: str
    ) -> Sequence[StoredEvent]:
        known_digest, answer = raw.execute(_KNOWN, (str(command_id),)).fetchone() or ("", "{}")
        if known_digest != digest:
            raise reused(command_id)
        return rows_of(json.loads(answer), self.read_stream(stream))


def _arrays(new_events: Sequence[NewEvent]) -> tuple[list[Any], ...]:
    return (
        [str(new.id) for new in new_events],
        [new.type for new in new_events],
        [new.schema_version for new in new_events],
        [new.data for new in new_events],
        [new.metadata for new in new_events],
        [str(new.correlation_id or "") for new in new_events],
    )


def _scalars(new: NewEvent) -> tuple[Any, ...]:
    return (
        str(new.id),
        new.type,
        new.schema_version,
        new.data,
        new.metadata,
        str(new.correlation_id) if new.correlation_id else None,
    )


def _raise_conflict(error: psycopg.Error) -> None:
    """VersionConflict for what is one; any other error is left to the caller."""
    if error.sqlstate == _STALE or error.diag.constraint_name == _TAKEN:
        raise VersionConflict(error.diag.message_primary) from error
