"""Fixtures every suite may use: a database of one's own, a virtual host of one's own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.support.servers import (
    Database,
    PostgresServer,
    RabbitServer,
    leased,
    postgres,
    rabbitmq,
)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The PostgreSQL all tests share: do not stop or kill it."""
    with leased(postgres, "test-postgres") as server:
        yield server


@pytest.fixture(scope="session")
def rabbit_server() -> Iterator[RabbitServer]:
    """The RabbitMQ all tests share: do not stop or kill it."""
    with leased(rabbitmq, "test-rabbitmq") as server:
        yield server


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[Database]:
    """An empty database with an owner's and an app's role, dropped afterwards."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    yield postgres_server.create_database(name)
    postgres_server.drop_database(name)


@pytest.fixture
def amqp_url(rabbit_server: RabbitServer) -> Iterator[str]:
    """The URL of an empty virtual host, dropped afterwards."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    yield rabbit_server.vhost(name)
    rabbit_server.drop_vhost(name)
