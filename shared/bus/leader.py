"""A leader lock per service and task: of several replicas one acts, the others wait."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import sqlalchemy as sa

_CHECK_SECONDS = 1
_SEALED = "grantcase_sealed"  # the sealing function notifies this


class Leader:
    """Held as a session lock of PostgreSQL on a connection of its own, so that it ends with the
    process. With SQLite there is one process and it always leads."""

    def __init__(self, engine: sa.Engine, task: str):
        self._engine = engine
        self._key = _lock_number(task)
        self._connection: sa.Connection | None = None
        self._checked_at: float = 0
        self._listens = False

    def leads(self) -> bool:
        """Take the lock if it is free; True while it is ours. Raises the driver's errors when
        the database cannot be reached."""
        if self._engine.dialect.name != "postgresql":
            return True
        if self._connection is None:
            return self._take()
        if time.monotonic() - self._checked_at > _CHECK_SECONDS:
            self._check()
        return True

    def wait_for_seal(self, seconds: float) -> bool:
        """Return when more of the service's log is sealed, or after so many seconds. False at
        once when nobody would say so: not leading, or SQLite. Raises the driver's errors."""
        if self._connection is None:
            return False
        if not self._listens:  # what was sealed before this is not told: look once more
            self._connection.exec_driver_sql(f"LISTEN {_SEALED}")
            self._listens = True
            return True
        driver: Any = self._connection.connection.driver_connection
        for _ in driver.notifies(timeout=seconds, stop_after=1):
            pass
        return True

    def resign(self) -> None:
        """Give the lock back; harmless when it is not held."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()  # ends the session and with it the lock
            connection.close()

    def _take(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            taken = connection.execute(sa.select(sa.func.pg_try_advisory_lock(self._key))).scalar()
        except BaseException:
            connection.invalidate()
            connection.close()
            raise
        if not taken:
            connection.close()
            return False
        self._connection, self._checked_at = connection, time.monotonic()
        self._listens = False
        return True

    def _check(self) -> None:
        assert self._connection is not None
        try:
            self._connection.execute(sa.select(1))
        except BaseException:
            self.resign()
            raise
        self._checked_at = time.monotonic()


def _lock_number(task: str) -> int:
    """A lock is named by a signed 64-bit number."""
    return int.from_bytes(hashlib.sha256(f"grantcase/{task}".encode()).digest()[:8], signed=True)
