"""Rebuilding inline projections from the log: into scratch tables, compared, then swapped in.

The log is replayed in batches into a scratch database of the same tables while the service goes
on. For the comparison and the swap one transaction holds the writers back: what they committed
meanwhile is replayed, tables that differ are replaced, and all become visible together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from shared.eventstore.unit_of_work import UnitOfWorkFactory

BATCH = 1000
Progress = Callable[[int, int], None]
"""progress(events replayed, events sealed)."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One table: rows after a fresh replay, and how many differed (missing or too many)."""

    table: str
    rows: int
    differing: int


def rebuild(
    units: UnitOfWorkFactory, *, swap: bool, progress: Progress = lambda done, of: None
) -> list[Rebuilt]:
    """Replay every inline projection of a service and compare it with what stands; with `swap`
    replace what differs. Raises what a projection raises: nothing is replaced then."""
    tables = [table for projection in units.inline for table in projection.TABLES]
    scratch = sa.create_engine("sqlite://")
    try:
        with scratch.begin() as connection:
            for table in tables:
                table.create(connection)
            replayed = _replay(units, connection, progress)
            return _settle(units, connection, tables, replayed, swap)
    finally:
        scratch.dispose()


def _replay(units: UnitOfWorkFactory, scratch: sa.Connection, progress: Progress) -> int:
    done, size = 0, units.store.log_tail().size
    while batch := units.reader.log(done, BATCH):
        _project(units, scratch, batch)
        done += len(batch)
        progress(done, max(size, done))
    return done


def _settle(
    units: UnitOfWorkFactory,
    scratch: sa.Connection,
    tables: Sequence[sa.Table],
    replayed: int,
    swap: bool,
) -> list[Rebuilt]:
    with units.begin() as unit:
        _hold_writers(unit.connection, tables)
        for batch in _meanwhile(units, unit.connection, replayed):
            _project(units, scratch, batch)
        found = [_compare(unit.connection, scratch, table, swap) for table in tables]
        if swap:
            unit.commit()
    return found


def _hold_writers(connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
    """SQLite has one writer, and the unit of work took its lock when it began."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables)
        connection.execute(sa.text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def _meanwhile(
    units: UnitOfWorkFactory, connection: sa.Connection, replayed: int
) -> Iterator[Sequence[Any]]:
    """Events committed since: sealed ones first, then what no sequencer has sealed yet. What is
    unsealed is looked up first: it may be sealed while the log is read."""
    streams = connection.execute(_UNSEALED).scalars().all()
    rows = [row for stream in streams for row in units.store.read_stream(stream)]
    unsealed = {row.id: row for row in rows if row.sequence is None}
    while batch := units.reader.log(replayed, BATCH):
        yield batch
        replayed += len(batch)
        for recorded in batch:
            unsealed.pop(recorded.id, None)
    if unsealed:
        yield units.reader.decode(unsealed.values())


_UNSEALED = sa.text(
    "SELECT e.stream FROM events e LEFT JOIN log l ON l.position = e.position"
    " WHERE l.position IS NULL GROUP BY e.stream ORDER BY min(e.position)"
)


def _project(units: UnitOfWorkFactory, scratch: sa.Connection, events: Iterable[Any]) -> None:
    for recorded in events:
        for projection in units.inline:
            projection.project(scratch, recorded)


def _compare(
    connection: sa.Connection, scratch: sa.Connection, table: sa.Table, swap: bool
) -> Rebuilt:
    query = sa.select(table)
    fresh, standing = (_rows(place, query) for place in (scratch, connection))
    differing = len(fresh.keys() ^ standing.keys())
    if swap and differing:
        names = [column.name for column in table.columns]
        connection.execute(table.delete())
        rows = [dict(zip(names, fresh[text], strict=True)) for text in sorted(fresh)]
        for first in range(0, len(rows), BATCH):
            connection.execute(table.insert(), rows[first : first + BATCH])
    return Rebuilt(table.name, len(fresh), differing)


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, tuple[Any, ...]]:
    """Every row under its text: a JSON column holds lists, which are no keys."""
    return {repr(tuple(row)): tuple(row) for row in connection.execute(query)}
