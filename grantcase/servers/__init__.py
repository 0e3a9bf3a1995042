"""A private PostgreSQL and RabbitMQ for tests, benches and `grantcase up`.

Both run on loopback, on free ports, as an unprivileged user, with data and logs under
.run/<name>/. Services of the system are never touched. A server that already runs is found again
through its state file (process id and start time are compared) and shared.

    database = postgres("local-postgres").create_database("intake")
    amqp_url = rabbitmq("local-rabbitmq").vhost("grantcase")
"""

from __future__ import annotations

import json
from pathlib import Path

from grantcase.servers.broker import RabbitServer, rabbitmq
from grantcase.servers.database import Database, PostgresServer, postgres
from grantcase.servers.place import STATE_SUFFIX, ServerError, run_directory

__all__ = [
    "Database",
    "PostgresServer",
    "RabbitServer",
    "ServerError",
    "postgres",
    "rabbitmq",
    "stop_all",
]

_KINDS: dict[str, type[PostgresServer] | type[RabbitServer]] = {
    "postgres": PostgresServer,
    "rabbitmq": RabbitServer,
}


def stop_all(run_dir: Path | None = None) -> tuple[str, ...]:
    """Stop every server recorded under the run directory; returns the names of those that ran."""
    directory = run_dir or run_directory()
    stopped = []
    for state in sorted(directory.glob(f"*{STATE_SUFFIX}")):
        name = state.name.removesuffix(STATE_SUFFIX)
        if _KINDS[json.loads(state.read_text())["kind"]](name, directory).stop():
            stopped.append(name)
    return tuple(stopped)
