"""A leader hears that the log grew; who does not lead, or cannot be told, does not wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.bus.leader import Leader
from shared.eventstore.engines import open_engine
from tests.support.servers import leased, postgres

LONG_SECONDS = 60


@pytest.fixture
def engine() -> Iterator[sa.Engine]:
    name = f"leader_{uuid4().hex[:12]}"
    with leased(postgres, "test-postgres") as server:
        engine = open_engine(server.create_database(name).owner_url)
        yield engine
        engine.dispose()
        server.drop_database(name)


def test_a_seal_ends_the_wait(engine: sa.Engine):
    leader = Leader(engine, "task")
    assert leader.leads()
    assert leader.wait_for_seal(LONG_SECONDS)  # the first time it looks at once
    with engine.begin() as connection:
        connection.exec_driver_sql("NOTIFY grantcase_sealed, '7'")

    started = time.monotonic()
    assert leader.wait_for_seal(LONG_SECONDS)
    assert time.monotonic() - started < LONG_SECONDS / 2
    leader.resign()


def test_without_a_seal_the_wait_ends_too(engine: sa.Engine):
    leader = Leader(engine, "task")
    assert leader.leads()

    assert [leader.wait_for_seal(0.01) for _ in range(3)] == [True, True, True]
    leader.resign()


def test_a_replica_that_does_not_lead_is_told_nothing(engine: sa.Engine):
    leader, other = Leader(engine, "task"), Leader(engine, "task")
    assert leader.leads()

    assert not other.leads()
    assert not other.wait_for_seal(LONG_SECONDS)
    leader.resign()


def test_sqlite_tells_nobody():
    leader = Leader(sa.create_engine("sqlite://"), "task")

    assert leader.leads()
    assert not leader.wait_for_seal(LONG_SECONDS)
