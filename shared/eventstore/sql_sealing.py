"""SealStorage over SQLAlchemy: reading the log for sequencer, proofs and verify, and sealing on
a database with one writer (SQLite). PostgreSQL overrides the fence, the seal and the lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from shared.eventstore.hashing import hashed_text
from shared.eventstore.sealing import (
    LAST,
    AlwaysLeading,
    Leadership,
    LogTail,
    SealConflict,
    SealedBatch,
    SignedHead,
    Unsealed,
)
from shared.eventstore.sql_audit import EVENT, SqlAudit
from shared.eventstore.tables import events, heads, log, log_nodes


class SqlSealing(SqlAudit):
    """Mixed into a SqlStore; see sealing.SealStorage for what each method promises."""

    engine: sa.Engine
    reader: sa.Engine

    def log_tail(self, up_to_sequence: int = LAST) -> LogTail:
        """See SealStorage."""
        with self.reader.connect() as connection:
            return _tail(connection, up_to_sequence)

    def unsealed(self, after_position: int, limit: int) -> Sequence[Unsealed]:
        """What is committed is final: there is one writer."""
        query = (
            sa.select(events.c.position, *EVENT)
            .where(events.c.position > after_position)
            .order_by(events.c.position)
            .limit(limit)
        )
        with self.reader.connect() as connection:
            return [
                Unsealed(row[0], row[4], hashed_text(*row[1:])) for row in connection.execute(query)
            ]

    def seal(self, batch: SealedBatch) -> None:
        """One write transaction; the file's lock makes the check of the size safe."""
        with self.engine.begin() as connection:
            if _tail(connection).size != batch.size:
                raise SealConflict(f"the log is no longer at {batch.size}")
            _insert(connection, log, _log_rows(batch))
            _insert(connection, log_nodes, [node._asdict() for node in batch.nodes])
            if batch.head:
                _insert(connection, heads, [asdict(batch.head)])

    def nodes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Fewer than asked when the tree ends before."""
        if level == 0:
            column, key, offset = log.c.leaf, log.c.sequence, first + 1
            query = sa.select(column)
        else:
            column, key, offset = log_nodes.c.hash, log_nodes.c.index, first
            query = sa.select(column).where(log_nodes.c.level == level)
        query = query.where(key >= offset, key < offset + count).order_by(key)
        with self.reader.connect() as connection:
            return [bytes(value) for value in connection.scalars(query)]

    def newest_head(self) -> SignedHead | None:
        """See SealStorage."""
        return self._head(sa.select(heads).order_by(heads.c.number.desc()).limit(1))

    def head_covering(self, size: int) -> SignedHead | None:
        """See SealStorage."""
        return self._head(
            sa.select(heads).where(heads.c.size >= size).order_by(heads.c.number).limit(1)
        )

    def heads(self) -> Iterator[SignedHead]:
        """See SealStorage."""
        for page in self.pages(sa.select(heads), heads.c.number, 0):
            yield from (SignedHead(**row._mapping) for row in page)

    @contextmanager
    def leadership(self) -> Iterator[Leadership]:
        """Everybody leads: another process's seal meets a SealConflict and follows."""
        yield AlwaysLeading()

    def _head(self, query: sa.Select[Any]) -> SignedHead | None:
        with self.reader.connect() as connection:
            row = connection.execute(query).one_or_none()
        return SignedHead(**row._mapping) if row else None


def _tail(connection: sa.Connection, up_to: int = LAST) -> LogTail:
    newest = sa.select(log.c.sequence, log.c.position, log.c.feed_sequence).where(
        log.c.sequence <= up_to
    )
    newest = newest.order_by(log.c.sequence.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    public = connection.execute(newest.where(log.c.feed_sequence.is_not(None))).one_or_none()
    return LogTail(
        size=last.sequence if last else 0,
        feed_size=public.feed_sequence if public else 0,
        last_position=last.position if last else 0,
    )


def _log_rows(batch: SealedBatch) -> list[dict[str, Any]]:
    rows = zip(batch.positions, batch.feed_sequences, batch.leaves, strict=True)
    return [
        {"sequence": sequence, "position": position, "feed_sequence": feed, "leaf": leaf}
        for sequence, (position, feed, leaf) in enumerate(rows, start=batch.size + 1)
    ]


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)
