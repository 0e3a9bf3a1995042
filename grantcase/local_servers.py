"""The PostgreSQL and RabbitMQ of the local run: databases, virtual host, throwing both away."""

from __future__ import annotations

from collections.abc import Callable

from grantcase.backend import SERVICES
from grantcase.processes import listeners, migrate_databases
from grantcase.servers import PostgresServer, RabbitServer, postgres, rabbitmq
from shared.bus.topology import declare

Tell = Callable[[str], None]

_POSTGRES, _RABBITMQ, _VHOST = "local-postgres", "local-rabbitmq", "grantcase"


def start_databases(tell: Tell) -> dict[str, dict[str, str]]:
    """Every service's databases, migrated: {service: {"app": url, "keys": url}}."""
    server, urls = postgres(_POSTGRES), {}
    for name in SERVICES:
        tell(f"{name}: databases")
        events, keys = server.create_database(name), server.create_database(f"{name}_keys")
        migrate_databases(
            name,
            owner_url=events.owner_url,
            app_url=events.app_url,
            keys_owner_url=keys.owner_url,
            keys_url=keys.app_url,
        )
        urls[name] = {"app": events.app_url, "keys": keys.app_url}
    return urls


def start_broker() -> str:
    """The URL of the virtual host, with exchanges and queues declared."""
    amqp_url = rabbitmq(_RABBITMQ).vhost(_VHOST)
    declare(amqp_url, listeners())
    return amqp_url


def stop_servers() -> list[str]:
    """Both, if they run; the names of those that did."""
    servers: dict[str, RabbitServer | PostgresServer] = {
        _RABBITMQ: RabbitServer(_RABBITMQ),
        _POSTGRES: PostgresServer(_POSTGRES),
    }
    return [name for name, server in servers.items() if server.stop()]


def forget() -> None:
    """Throw away all databases and queues."""
    server, broker = postgres(_POSTGRES), rabbitmq(_RABBITMQ)
    for name in SERVICES:
        server.drop_database(name)
        server.drop_database(f"{name}_keys")
    broker.drop_vhost(_VHOST)
