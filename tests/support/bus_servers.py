"""Servers of their own for the tests that restart and kill them."""

from __future__ import annotations

import fcntl
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

from grantcase.servers import PostgresServer, RabbitServer, postgres, rabbitmq
from grantcase.servers.place import run_directory
from tests.support.fleet import fleet

Made = TypeVar("Made")
Opened = Callable[[Path, PostgresServer, RabbitServer, str], AbstractContextManager[Made]]

_numbers = itertools.count(1)


@contextmanager
def bus_servers() -> Iterator[tuple[PostgresServer, RabbitServer]]:
    """PostgreSQL and RabbitMQ; those that ran before stay up afterwards."""
    names = f"test-bus-postgres{_slot()}", f"test-bus-rabbitmq{_slot()}"
    with ExitStack() as stack:
        for server in (PostgresServer(names[0]), RabbitServer(names[1])):
            if not server.running:
                stack.callback(server.stop)
        yield postgres(names[0]), rabbitmq(names[1])


@cache
def _slot() -> str:
    """What is added to the servers' names, so that no other session of tests has the same and
    kills them under this one. Held by a lock on a file, which stays open as long as we live."""
    directory = run_directory()
    directory.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        lock = os.open(directory / f"test-bus.slot-{number}", os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return "" if number == 1 else f"-{number}"
    raise AssertionError("there is always a next number")


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
