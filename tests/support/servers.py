"""The servers tests run on: `make test` installs the programs, a session starts them when asked.

Every pytest session shares one PostgreSQL and one RabbitMQ through a lease; the last session to
end stops them. A test that kills a server uses one of its own: postgres("faults-postgres").
A server that does not start is an error, never a skip.
"""

from __future__ import annotations

import contextlib
import fcntl
import sys
from collections.abc import Callable, Iterator
from typing import TypeVar

from grantcase.servers import (
    Database,
    PostgresServer,
    RabbitServer,
    postgres,
    rabbitmq,
    stop_all,
)
from grantcase.servers.place import run_directory
from grantcase.servers.programs import ensure_all

__all__ = [
    "Database",
    "PostgresServer",
    "RabbitServer",
    "leased",
    "postgres",
    "rabbitmq",
    "stop_all",
]

Server = TypeVar("Server", PostgresServer, RabbitServer)


@contextlib.contextmanager
def leased(start: Callable[[str], Server], name: str) -> Iterator[Server]:
    """The named server, running; stopped at the end unless another process still uses it."""
    directory = run_directory()
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / f"{name}.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        server = start(name)
        try:
            yield server
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                server.stop()


def main() -> None:
    """`python -m tests.support.servers install | stop`."""
    if sys.argv[1:] == ["install"]:
        ensure_all()
    elif sys.argv[1:] == ["stop"]:
        print("stopped:", ", ".join(stop_all()) or "nothing ran")
    else:
        sys.exit(main.__doc__)


if __name__ == "__main__":
    main()
