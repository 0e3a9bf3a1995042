"""Servers of their own for the tests that restart and kill them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from grantcase.servers import PostgresServer, RabbitServer, postgres, rabbitmq
from tests.support.fleet import fleet

Made = TypeVar("Made")
Opened = Callable[[Path, PostgresServer, RabbitServer, str], AbstractContextManager[Made]]

_numbers = itertools.count(1)


@contextmanager
def bus_servers() -> Iterator[tuple[PostgresServer, RabbitServer]]:
    """PostgreSQL and RabbitMQ; those that ran before stay up afterwards."""
    database, broker = PostgresServer("test-bus-postgres"), RabbitServer("test-bus-rabbitmq")
    with ExitStack() as stack:
        for server in (database, broker):
            if not server.running:
                stack.callback(server.stop)
        yield postgres("test-bus-postgres"), rabbitmq("test-bus-rabbitmq")


@contextmanager
def fleets(
    folder: Path, servers: tuple[PostgresServer, RabbitServer], opened: Opened[Made] = fleet
) -> Iterator[Callable[[], Made]]:
    """A maker of fleets, each with databases and a virtual host of its own, ended together."""
    with ExitStack() as stack:

        def make() -> Made:
            name = f"t{os.getpid()}x{next(_numbers)}"
            own = folder / name
            own.mkdir()
            return stack.enter_context(opened(own, *servers, name))

        yield make
