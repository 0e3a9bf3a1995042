"""The private servers: fault tests rely on what they promise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from kombu import Connection, Producer, Queue

from grantcase.servers.programs import service_starts_denied
from tests.support.servers import PostgresServer, RabbitServer, postgres, rabbitmq


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    server = postgres("test-servers-postgres")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def own_rabbitmq() -> Iterator[RabbitServer]:
    server = rabbitmq("test-servers-rabbitmq")
    yield server
    server.stop()


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def test_the_app_role_may_not_create_tables_and_the_owner_may(own_postgres):
    database = own_postgres.create_database("roles")
    with connect(database.owner_url) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS kept (n integer)")
    with (
        connect(database.app_url) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("CREATE TABLE refused (n integer)")


def test_a_role_cannot_enter_the_database_of_another(own_postgres):
    own_postgres.create_database("mine")
    theirs = own_postgres.create_database("theirs")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        connect(theirs.app_url.removesuffix("theirs") + "mine")


def test_what_was_committed_survives_a_killed_postgresql_on_the_same_port(own_postgres):
    own_postgres.drop_database("crash")
    database = own_postgres.create_database("crash")
    with connect(database.owner_url) as owner:
        owner.execute("CREATE TABLE kept (n integer)")
        owner.execute("INSERT INTO kept VALUES (1)")
        own_postgres.kill()
        with pytest.raises(psycopg.OperationalError):
            owner.execute("SELECT 1")
    own_postgres.start()
    with connect(database.owner_url) as owner:
        assert owner.execute("SELECT n FROM kept").fetchall() == [(1,)]
        assert owner.execute("SHOW fsync").fetchone() == ("on",)


def test_a_running_server_is_found_again(own_postgres):
    again = postgres("test-servers-postgres")
    assert (again.port, again.admin_url) == (own_postgres.port, own_postgres.admin_url)


def test_a_message_in_a_quorum_queue_survives_a_killed_broker(own_rabbitmq):
    url = own_rabbitmq.vhost("crash")
    publish(url, "kept")
    own_rabbitmq.kill()
    own_rabbitmq.start()
    assert take(url) == "kept"


def test_the_broker_application_stops_and_starts_again(own_rabbitmq):
    url = own_rabbitmq.vhost("pause")
    publish(url, "kept")
    own_rabbitmq.stop_app()
    with pytest.raises(OSError), Connection(url) as connection:  # noqa: PT011 - refused or reset
        connection.connect()
    own_rabbitmq.start_app()
    assert take(url) == "kept"


def test_a_dropped_virtual_host_takes_its_queues_along(own_rabbitmq):
    publish(own_rabbitmq.vhost("dropped"), "gone")
    own_rabbitmq.drop_vhost("dropped")
    with Connection(own_rabbitmq.vhost("dropped")) as connection:
        queue = quorum_queue(connection)
        assert queue.queue_declare(passive=False).message_count == 0


def test_a_policy_that_stood_before_is_put_back(tmp_path: Path):
    policy = tmp_path / "policy-rc.d"
    policy.write_text("before")
    with service_starts_denied(policy):
        assert "exit 101" in policy.read_text()
    assert policy.read_text() == "before"
    policy.unlink()
    with service_starts_denied(policy):
        assert policy.stat().st_mode & 0o111
    assert list(tmp_path.iterdir()) == []


def quorum_queue(connection: Connection) -> Queue:
    arguments = {"x-queue-type": "quorum"}
    return Queue("q", durable=True, queue_arguments=arguments)(connection.channel())


def publish(url: str, body: str) -> None:
    options = {"confirm_publish": True}
    with Connection(url, transport_options=options) as connection:
        quorum_queue(connection).declare()
        Producer(connection.channel()).publish(
            body, routing_key="q", delivery_mode=2, confirm_timeout=10
        )


def take(url: str) -> str:
    with Connection(url) as connection:
        taken: list[str] = []
        queue = quorum_queue(connection)
        consumer = connection.Consumer(
            queue, callbacks=[lambda body, message: (taken.append(body), message.ack())]
        )
        with consumer:
            connection.drain_events(timeout=10)
        return taken[0]
