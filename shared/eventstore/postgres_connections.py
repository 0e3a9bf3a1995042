"""psycopg connections for the hot path: appending, sealing, the leader lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa


class HotConnections:
    """Autocommit psycopg connections without SQLAlchemy's pool around them: taking one costs a
    deque's pop. As many are opened as callers run at once; a broken one is thrown away."""

    _KEPT = 32

    def __init__(self, url: str):
        plain = sa.make_url(url).set(drivername="postgresql")
        self._dsn = plain.render_as_string(hide_password=False)
        self._idle: deque[psycopg.Connection[Any]] = deque()

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """One connection for the block."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self.open()
        try:
            yield connection
        except psycopg.OperationalError:
            connection.close()
            self.close()  # a restarted server has broken the idle ones as well
            raise
        finally:
            if not connection.closed and len(self._idle) < self._KEPT:
                self._idle.append(connection)
            else:
                connection.close()

    def open(self) -> psycopg.Connection[Any]:
        """A connection that the caller closes; statements are prepared at their first use."""
        return psycopg.connect(self._dsn, autocommit=True, prepare_threshold=0)

    def close(self) -> None:
        """Close the idle ones."""
        while self._idle:
            self._idle.pop().close()


def only_value(cursor: psycopg.Cursor[Any]) -> Any:
    """The first column of the one row that such a statement always gives."""
    row = cursor.fetchone()
    assert row is not None
    return row[0]
