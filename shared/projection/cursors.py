"""Cursors: the last number a named consumer finished, moved in the transaction of its effects."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from shared.projection.tables import cursors


def read_cursor(connection: sa.Connection, name: str) -> int:
    """The last number finished; 0 for a new consumer."""
    query = sa.select(cursors.c.value).where(cursors.c.name == name)
    return connection.execute(query).scalar() or 0


def lock_cursor(connection: sa.Connection, name: str) -> int:
    """As read_cursor, and on PostgreSQL the row stays locked until the transaction ends: of two
    replicas that follow the same feed one waits, then finds the event done. (SQLite lets one
    writer in at a time anyway.)"""
    if connection.dialect.name != "postgresql":
        return read_cursor(connection, name)
    query = sa.select(cursors.c.value).where(cursors.c.name == name).with_for_update()
    value = connection.execute(query).scalar()
    if value is None:
        connection.execute(
            postgresql.insert(cursors).values(name=name, value=0).on_conflict_do_nothing()
        )
        value = connection.execute(query).scalar_one()
    return int(value)


def move_cursor(connection: sa.Connection, name: str, value: int, *, expected: int) -> bool:
    """Move from `expected` to `value`; False when somebody else has moved it meanwhile."""
    if expected == 0 and read_cursor(connection, name) == 0:
        exists = connection.execute(
            sa.select(cursors.c.name).where(cursors.c.name == name)
        ).scalar()
        if exists is None:
            connection.execute(cursors.insert().values(name=name, value=value))
            return True
    result = connection.execute(
        cursors.update()
        .where(cursors.c.name == name, cursors.c.value == expected)
        .values(value=value)
    )
    return result.rowcount == 1
