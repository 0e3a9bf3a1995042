"""SQLAlchemy engines with the settings each database needs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event


def open_engine(url: str, *, pool_size: int = 5) -> sa.Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://...`.

    SQLite: write-ahead log, synchronous=FULL, foreign keys, overwritten deletions; a transaction
    takes the write lock at once (BEGIN IMMEDIATE), so that it can never fail half-way because
    another writer came between its reading and its writing.
    """
    if sa.make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url, pool_size)
    return sa.create_engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True)


def _sqlite_engine(url: str, pool_size: int) -> sa.Engine:
    engine = sa.create_engine(
        url, pool_size=pool_size, max_overflow=20, connect_args={"timeout": 30}
    )

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def reader_of(engine: sa.Engine) -> sa.Engine:
    """The same pool for readers: no write lock on SQLite, no transaction on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")
