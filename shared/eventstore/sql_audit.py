"""What verify reads, a page at a time: log rows beside their events, strays, broken streams."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from shared.eventstore.sealing import AUDIT_PAGE, AuditRow
from shared.eventstore.tables import events, log

EVENT = (
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
    sa.select(*_NO_LOG, events.c.position, *EVENT, events.c.correlation_id)
    .join_from(events, log, log.c.position == events.c.position, isouter=True)
    .where(log.c.position.is_(None))
)
_AUDIT = sa.select(
    log.c.sequence,
    log.c.position,
    log.c.feed_sequence,
    log.c.leaf,
    events.c.position,
    *EVENT,
    events.c.correlation_id,
).join_from(log, events, log.c.position == events.c.position, isouter=True)


def _before(column: sa.Column[int]) -> sa.ColumnElement[int]:
    """The column's value in the event before it in its stream; 0 for the first."""
    order = (events.c.version, events.c.position)
    return sa.func.lag(column, 1, 0).over(partition_by=events.c.stream, order_by=order)


_NEIGHBOURS = sa.select(
    events.c.position,
    events.c.version,
    _before(events.c.version).label("version_before"),
    _before(events.c.position).label("position_before"),
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
        *EVENT,
        events.c.correlation_id,
    )
    .join_from(events, log, log.c.position == events.c.position, isouter=True)
    .where(events.c.position == _FIRST_BROKEN)
)


class SqlAudit:
    """The reading part of SqlSealing; see sealing.SealStorage for what each method promises."""

    reader: sa.Engine

    def audit_pages(self, after_sequence: int, up_to_sequence: int) -> Iterator[list[AuditRow]]:
        """See SealStorage."""
        query = _AUDIT.where(log.c.sequence <= up_to_sequence)
        for page in self.pages(query, log.c.sequence, 0, after_sequence):
            yield [AuditRow._make(row) for row in page]

    def stray_events(self) -> Iterator[AuditRow]:
        """See SealStorage."""
        for page in self.pages(_STRAY, events.c.position, 1):
            yield from (AuditRow._make(row) for row in page)

    def broken_streams(self) -> Iterator[AuditRow]:
        """See SealStorage; at most the first one."""
        with self.reader.connect() as connection:
            rows = connection.execute(_BROKEN).all()
        return (AuditRow._make(row) for row in rows)

    def pages(
        self, query: sa.Select[Any], key: sa.Column[Any], index: int, after: int = -(2**62)
    ) -> Iterator[Sequence[Any]]:
        """Rows in the order of a unique integer, whose place in a row is `index`."""
        query = query.order_by(key).limit(AUDIT_PAGE)
        while True:
            page = self._page(query.where(key > after))
            if not page:
                return
            yield page
            after = page[-1][index]

    def _page(self, query: sa.Select[Any]) -> Sequence[Any]:
        """SQLite keeps any bytes as text, and its driver refuses what is not UTF-8: such text is
        read with its bytes spelt out, so that it is named like any other that was changed."""
        with self.reader.connect() as connection:
            try:
                return connection.execute(query).all()
            except sa.exc.OperationalError:
                raw = connection.connection.driver_connection
                if not isinstance(raw, sqlite3.Connection):
                    raise
                raw.text_factory = lambda stored: stored.decode(errors="backslashreplace")
                try:
                    return connection.execute(query).all()
                finally:
                    raw.text_factory = str
