"""The database itself refuses to change what was stored, to the role the service runs as."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.support.stores import APPEND_ONLY, StoreKit, new_events

COLUMN = {"events": "data", "log": "leaf", "log_nodes": "hash", "heads": "root"}


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_update_and_delete_are_refused(sql_kit: StoreKit, table: str):
    sql_kit.fill(300)
    column = COLUMN[table]
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with (
            pytest.raises(DBAPIError, match=r"append-only|permission denied"),
            sql_kit.store.engine.begin() as connection,
        ):
            connection.execute(sa.text(statement))
    assert sql_kit.verify().ok


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_services_role_may_neither_truncate_nor_insert(postgres_only: StoreKit, table: str):
    for statement in (f"TRUNCATE {table} CASCADE", f"INSERT INTO {table} DEFAULT VALUES"):
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            postgres_only.store.engine.begin() as connection,
        ):
            connection.execute(sa.text(statement))


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["TRUNCATE {} CASCADE", "DELETE FROM {}"])
def test_the_triggers_stop_even_the_owner(postgres_only: StoreKit, table: str, statement: str):
    assert postgres_only.intruder is not None
    with (
        pytest.raises(DBAPIError, match="append-only"),
        postgres_only.intruder.begin() as connection,
    ):
        connection.execute(sa.text(statement.format(table)))


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE events DISABLE TRIGGER append_only",
        "DROP TABLE heads",
        "SELECT nextval('events_position_seq')",
        "SELECT setval('events_position_seq', 1)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_the_services_role_cannot_work_around_it(postgres_only: StoreKit, statement: str):
    with (
        pytest.raises(DBAPIError, match=r"must be owner|permission denied"),
        postgres_only.store.engine.begin() as connection,
    ):
        connection.execute(sa.text(statement))


def test_the_services_role_has_ordinary_rights_on_commands(postgres_only: StoreKit):
    for stream in ("case-1", "case-2"):
        postgres_only.store.append_once(stream, new_events(1), 0, uuid4(), "d")
    with postgres_only.store.engine.begin() as connection:
        assert connection.execute(sa.text("DELETE FROM commands")).rowcount == 2
