"""Cursors: the last number a named consumer finished, moved in the transaction of its effects."""

from __future__ import annotations

import sqlalchemy as sa

from shared.projection.tables import cursors


def read_cursor(connection: sa.Connection, name: str) -> int:
    """The last number finished; 0 for a new consumer."""
    query = sa.select(cursors.c.value).where(cursors.c.name == name)
    return connection.execute(query).scalar() or 0


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
