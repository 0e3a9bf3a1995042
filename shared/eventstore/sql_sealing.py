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
    AUDIT_PAGE,
    AlwaysLeading,
    AuditRow,
    Leadership,
    LogTail,
    SealConflict,
    SealedBatch,
    SignedHead,
    Unsealed,
)
from shared.eventstore.tables import events, heads, log, log_nodes

_EVENT = (
    events.c.id,
    events.c.stream,
    events.c.version,
    events.c.type,
    events.c.schema_version,
    events.c.data,
    events.c.metadata,
    events.c.recorded_at,
)
_NO_LOG = (sa.literal(0), events.c.position, sa.null(), sa.literal(b"", sa.LargeBinary))
_STRAY = (
    sa.select(*_NO_LOG, events.c.position, *_EVENT, events.c.correlation_id)
    .join_from(events, log, log.c.position == events.c.position, isouter=True)
    .where(log.c.position.is_(None))
)
_AUDIT = sa.select(
    log.c.sequence,
    log.c.position,
    log.c.feed_sequence,
    log.c.leaf,
    events.c.position,
    *_EVENT,
    events.c.correlation_id,
).join_from(log, events, log.c.position == events.c.position, isouter=True)


_IN_STREAM = {"partition_by": events.c.stream, "order_by": (events.c.version, events.c.position)}
_NEIGHBOURS = sa.select(
    events.c.position,
    events.c.version,
    sa.func.lag(events.c.version, 1, 0).over(**_IN_STREAM).label("version_before"),
    sa.func.lag(events.c.position, 1, 0).over(**_IN_STREAM).label("position_before"),
).subquery()
_WRONG_VERSION = _NEIGHBOURS.c.version != _NEIGHBOURS.c.version_before + 1
_WRONG_ORDER = _NEIGHBOURS.c.position < _NEIGHBOURS.c.position_before
_FIRST_BROKEN = (
    sa.select(_NEIGHBOURS.c.position)
    .where(sa.or_(_WRONG_VERSION, _WRONG_ORDER))
    .order_by(sa.case((_WRONG_VERSION, 0), else_=1), _NEIGHBOURS.c.position)
    .limit(1)
    .scalar_subquery()
)
_BROKEN = (
    sa.select(
        sa.func.coalesce(log.c.sequence, 0),
        events.c.position,
        log.c.feed_sequence,
        log.c.leaf,
        events.c.position,
        *_EVENT,
        events.c.correlation_id,
    )
    .join_from(events, log, log.c.position == events.c.position, isouter=True)
    .where(events.c.position == _FIRST_BROKEN)
)


class SqlSealing:
    """Mixed into a SqlStore; see sealing.SealStorage for what each method promises."""

    engine: sa.Engine
    reader: sa.Engine

    def log_tail(self) -> LogTail:
        """The newest row tells all three numbers (feed_size by its own index)."""
        with self.reader.connect() as connection:
            return _tail(connection)

    def unsealed(self, after_position: int, limit: int) -> Sequence[Unsealed]:
        """What is committed is final: there is one writer."""
        query = (
            sa.select(events.c.position, *_EVENT)
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
        for page in self._pages(sa.select(heads), heads.c.number, 0):
            yield from (SignedHead(**row._mapping) for row in page)

    @contextmanager
    def leadership(self) -> Iterator[Leadership]:
        """Everybody leads: another process's seal meets a SealConflict and follows."""
        yield AlwaysLeading()

    def audit_pages(self, after_sequence: int, up_to_sequence: int) -> Iterator[list[AuditRow]]:
        """See SealStorage."""
        query = _AUDIT.where(log.c.sequence <= up_to_sequence)
        for page in self._pages(query, log.c.sequence, 0, after_sequence):
            yield [AuditRow._make(row) for row in page]

    def stray_events(self) -> Iterator[AuditRow]:
        """See SealStorage."""
        for page in self._pages(_STRAY, events.c.position, 1):
            yield from (AuditRow._make(row) for row in page)

    def broken_streams(self) -> Iterator[AuditRow]:
        """See SealStorage; at most the first one."""
        with self.reader.connect() as connection:
            rows = connection.execute(_BROKEN).all()
        return (AuditRow._make(row) for row in rows)

    def _head(self, query: sa.Select[Any]) -> SignedHead | None:
        with self.reader.connect() as connection:
            row = connection.execute(query).one_or_none()
        return SignedHead(**row._mapping) if row else None

    def _pages(
        self, query: sa.Select[Any], key: sa.Column[Any], index: int, after: int = -(2**62)
    ) -> Iterator[Sequence[Any]]:
        """Rows in the order of a unique integer, whose place in a row is `index`."""
        query = query.order_by(key).limit(AUDIT_PAGE)
        while True:
            with self.reader.connect() as connection:
                page = connection.execute(query.where(key > after)).all()
            if not page:
                return
            yield page
            after = page[-1][index]


def _tail(connection: sa.Connection) -> LogTail:
    newest = connection.execute(
        sa.select(log.c.sequence, log.c.position).order_by(log.c.sequence.desc()).limit(1)
    ).one_or_none()
    feed_size = connection.scalar(sa.select(sa.func.max(log.c.feed_sequence)))
    return LogTail(
        size=newest.sequence if newest else 0,
        feed_size=feed_size or 0,
        last_position=newest.position if newest else 0,
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
