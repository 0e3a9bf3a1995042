"""Fence, seal and leader lock on PostgreSQL.

Positions are drawn before the commit, so a later one can become visible first. Every append holds
a shared advisory lock from before it draws; what the sequencer may read is everything up to the
last position drawn, once all who held the lock at that moment have ended (ADR: the fence).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple
from typing import Any

import psycopg

from shared.eventstore.hashing import hashed_text
from shared.eventstore.postgres_connections import HotConnections, only_value
from shared.eventstore.sealing import AUDIT_PAGE, AuditRow, SealConflict, SealedBatch, Unsealed
from shared.eventstore.sql_sealing import SqlSealing

_LEADER_KEY = (1735554147, 2)
_FENCE = "SELECT last_position, holders FROM store_fence()"
_FENCE_HELD = "SELECT store_fence_held(%s)"
_FINAL = """SELECT position, type, id, stream, version, type, schema_version, data, metadata,
recorded_at FROM events WHERE position > %s AND position <= %s ORDER BY position LIMIT %s"""
_SEAL = """SELECT store_seal(%s, %s::bigint[], %s::bigint[], %b, %s::int[], %s::bigint[], %b,
%s::text[])"""
_AUDIT_PAGE = """SELECT l.sequence, l.position, l.feed_sequence, l.leaf, e.position, e.id, e.stream,
e.version, e.type, e.schema_version, e.data, e.metadata, e.recorded_at, e.correlation_id
FROM log l LEFT JOIN events e ON e.position = l.position
WHERE l.sequence > %s AND l.sequence <= %s ORDER BY l.sequence LIMIT %s"""
_LOST_RACE = ("GC002", "23505")
_FENCE_PAUSE_SECONDS, _FENCE_PATIENCE_SECONDS = 0.0005, 1


class PostgresSealing(SqlSealing):
    """Mixed into PostgresStore; see sealing.SealStorage."""

    hot: HotConnections

    def unsealed(self, after_position: int, limit: int) -> Sequence[Unsealed]:
        """See SealStorage. Nothing, when an append keeps the fence for more than a second."""
        with self.hot.connection() as raw:
            last_position, holders = raw.execute(_FENCE).fetchone() or (0, None)
            if last_position <= after_position or not _ended(raw, holders):
                return ()
            rows = raw.execute(_FINAL, (after_position, last_position, limit))
            return [Unsealed(row[0], row[1], hashed_text(*row[2:])) for row in rows]

    def seal(self, batch: SealedBatch) -> None:
        """See SealStorage: one call, one commit, one NOTIFY grantcase_sealed."""
        arguments = (
            batch.size,
            list(batch.positions),
            list(batch.feed_sequences),
            b"".join(batch.leaves),
            [node.level for node in batch.nodes],
            [node.index for node in batch.nodes],
            b"".join(node.hash for node in batch.nodes),
            [str(value) for value in astuple(batch.head)] if batch.head else None,
        )
        # SealedBatch declares the head's columns in the order of the table; see store_seal.
        with self.hot.connection() as raw:
            try:
                raw.execute(_SEAL, arguments)
            except psycopg.Error as error:
                if error.sqlstate in _LOST_RACE:
                    raise SealConflict(str(error)) from error
                raise

    def audit_pages(self, after_sequence: int, up_to_sequence: int) -> Iterator[list[AuditRow]]:
        """See SealStorage; without SQLAlchemy, which takes as long as the driver itself."""
        while True:
            with self.hot.connection() as raw:
                rows = raw.execute(_AUDIT_PAGE, (after_sequence, up_to_sequence, AUDIT_PAGE))
                page = [AuditRow._make(row) for row in rows.fetchall()]
            if not page:
                return
            yield page
            after_sequence = page[-1].sequence

    @contextmanager
    def leadership(self) -> Iterator[PostgresLeadership]:
        """See SealStorage."""
        leadership = PostgresLeadership(self.hot)
        try:
            yield leadership
        finally:
            leadership.resign()


class PostgresLeadership:
    """A session advisory lock on a connection of its own: it ends with the process."""

    _CHECK_SECONDS = 1

    def __init__(self, hot: HotConnections):
        self._hot = hot
        self._connection: psycopg.Connection[Any] | None = None
        self._held = False
        self._checked_at: float = 0

    def held(self) -> bool:
        """Take the lock if it is free; True while it is ours. Never waits."""
        if self._held and time.monotonic() - self._checked_at < self._CHECK_SECONDS:
            return True
        try:
            self._connection = self._connection or self._hot.open()
            statement = "SELECT true" if self._held else "SELECT pg_try_advisory_lock(%s, %s)"
            arguments = () if self._held else _LEADER_KEY
            self._held = bool(only_value(self._connection.execute(statement, arguments)))
        except psycopg.OperationalError:
            self.resign()
            raise
        self._checked_at = time.monotonic()
        return self._held

    def resign(self) -> None:
        """Give the lock back and end the session."""
        connection, held = self._connection, self._held
        self._connection, self._held = None, False
        if connection is None:
            return
        with suppress(psycopg.Error):  # a lost session has given it back already
            if held:
                connection.execute("SELECT pg_advisory_unlock(%s, %s)", _LEADER_KEY)
        connection.close()


def _ended(raw: psycopg.Connection[Any], holders: Sequence[str] | None) -> bool:
    """Wait until none of the holders holds the fence any more; False when patience ends."""
    until = time.monotonic() + _FENCE_PATIENCE_SECONDS
    pause = _FENCE_PAUSE_SECONDS
    while holders and only_value(raw.execute(_FENCE_HELD, (list(holders),))):
        if time.monotonic() > until:
            return False
        time.sleep(pause)
        pause = min(2 * pause, 10 * _FENCE_PAUSE_SECONDS)
    return True
