"""Bring a service's database to the newest schema: used by `grantcase migrate` and the tests."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from shared.eventstore import subject_keys
from shared.eventstore.engines import open_engine

_IN_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "deploy" / "migrations"


def migrate(
    url: str,
    extra_metadata: sa.MetaData | Sequence[sa.MetaData] = (),
    app_role: str | None = None,
) -> None:
    """Run all migrations of the store, then create what is missing of the service's own tables.

    url: the owner's on PostgreSQL. app_role (PostgreSQL): the role the service runs as; it gets
    SELECT on the log and EXECUTE on its functions, and ordinary rights on the service's own tables.
    GRANTCASE_MIGRATIONS names another folder than the checkout's deploy/migrations.
    """
    extra = (extra_metadata,) if isinstance(extra_metadata, sa.MetaData) else extra_metadata
    engine = open_engine(url, pool_size=1)
    try:
        with engine.begin() as connection:
            _upgrade(connection)
            for metadata in extra:
                metadata.create_all(connection)
            if app_role and engine.dialect.name == "postgresql":
                own = [table.name for metadata in extra for table in metadata.sorted_tables]
                _grant(connection, app_role, [*own, "commands"])
    finally:
        engine.dispose()


def migrate_keys(url: str, app_role: str | None = None) -> None:
    """Create the table of subject keys in its own database."""
    engine = open_engine(url, pool_size=1)
    try:
        with engine.begin() as connection:
            subject_keys.metadata.create_all(connection)
            if app_role and engine.dialect.name == "postgresql":
                _grant_tables(connection, app_role, ["subject_keys"])
    finally:
        engine.dispose()


def _upgrade(connection: sa.Connection) -> None:
    config = Config()
    folder = os.environ.get("GRANTCASE_MIGRATIONS") or str(_IN_THE_CHECKOUT)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _grant(connection: sa.Connection, role: str, own_tables: Sequence[str]) -> None:
    quoted = connection.dialect.identifier_preparer.quote(role)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {quoted}")
    connection.exec_driver_sql(
        f"GRANT SELECT ON events, log, log_nodes, heads, alembic_version TO {quoted}"
    )
    connection.exec_driver_sql(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {quoted}")
    _grant_tables(connection, role, own_tables)
    connection.exec_driver_sql(f"REVOKE ALL ON SEQUENCE events_position_seq FROM {quoted}")


def _grant_tables(connection: sa.Connection, role: str, tables: Sequence[str]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    for table in tables:
        connection.exec_driver_sql(
            f"GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON {quote(table)} TO {quote(role)}"
        )
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quote(role)}")
