"""The relay: sealed public events of one service, from its log to the broker, at least once.

The log is the outbox. The cursor moves only after every message of a window is confirmed, so a
relay that dies publishes that window again, and the consumers' inboxes drop what they have. It is
an ordinary process without eventlet; of several replicas one publishes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from shared.bus import topology
from shared.bus.cloudevents import WireMessage
from shared.bus.inbox import INFRASTRUCTURE
from shared.bus.leader import Leader
from shared.bus.outgoing import outgoing
from shared.bus.publisher import (
    CONNECTION_FAULTS,
    ConfirmingPublisher,
    NotConfirmed,
    Unroutable,
)
from shared.bus.service_core import ServiceCore
from shared.kernel.errors import VersionConflict
from shared.projection.cursors import move_cursor, read_cursor

CURSOR = "relay"
WINDOW = 500
"""Events published before their confirms are awaited."""

RETRY_SECONDS, RETRY_MOST_SECONDS = 0.1, 5
_BUSY_SECONDS, _IDLE_SECONDS = 0.001, 0.05
RETRIED: tuple[type[BaseException], ...] = (
    *CONNECTION_FAULTS,
    *INFRASTRUCTURE,
    NotConfirmed,
    Unroutable,
)

_log = logging.getLogger(__name__)


class Relay:
    """Publishes the feed of one service. `at` is told the name of each step, for fault tests."""

    def __init__(
        self,
        core: ServiceCore,
        amqp_url: str,
        listeners: Mapping[str, Sequence[str]],
        *,
        at: Callable[[str], None] = lambda step: None,
    ):
        self._core = core
        self._amqp_url = amqp_url
        self._listeners = listeners
        self._publisher = ConfirmingPublisher(amqp_url)
        self._leader = Leader(core.units.store.engine, f"{core.name}/relay")
        self._after: int | None = None  # None: read the cursor first
        self._next: list[WireMessage] = []  # the window after the one being published
        self._declared = False
        self._at = at

    @property
    def wanted(self) -> bool:
        """False when nobody listens to this service: then there is no queue to publish to."""
        return any(self._core.name in sources for sources in self._listeners.values())

    def run(self, stop: Callable[[], bool], sleep: Callable[[float], object]) -> None:
        """Publish until stop() is true, through every fault of broker and database."""
        pause, retry = _BUSY_SECONDS, RETRY_SECONDS
        while not stop():
            try:
                count = self.publish_next() if self.wanted and self._leader.leads() else 0
                retry = RETRY_SECONDS
                pause = _BUSY_SECONDS if count else min(2 * pause, _IDLE_SECONDS)
                if not count:
                    sleep(pause)
            except RETRIED as error:
                _log.warning("%s relay: %s; again in %s s", self._core.name, error, retry)
                self.reset()
                sleep(retry)
                retry = min(2 * retry, RETRY_MOST_SECONDS)
        self.close()

    def publish_next(self) -> int:
        """Publish one window and move the cursor; the number of events. Raises RETRIED."""
        if not self._declared:
            topology.declare(self._amqp_url, self._listeners)
            self._declared = True
        after = self._position()
        window = self._next or self._prepare(after)
        if not window:
            return 0
        self._at("before-publish")
        self._publisher.send(window)
        if len(window) == WINDOW:  # there is more: read it while the broker writes this one
            self._next = self._prepare(after + len(window))
        else:
            self._next = []
        self._at("before-confirm")
        self._publisher.confirm()
        self._at("after-confirm")
        self._move(after, after + len(window))
        return len(window)

    def reset(self) -> None:
        """Forget everything learnt: connection, topology, cursor, leadership."""
        self._publisher.close()
        self._leader.resign()
        self._after, self._next, self._declared = None, [], False

    def close(self) -> None:
        """Give back connections and the lock."""
        self.reset()

    def _prepare(self, after: int) -> list[WireMessage]:
        return outgoing(self._core, after, WINDOW)

    def _position(self) -> int:
        if self._after is None:
            with self._core.units.begin() as unit:
                self._after = read_cursor(unit.connection, CURSOR)
        return self._after

    def _move(self, after: int, to: int) -> None:
        with self._core.units.begin() as unit:
            if not move_cursor(unit.connection, CURSOR, to, expected=after):
                raise VersionConflict("another relay moved the cursor")
            unit.commit()
        self._after = to


def relayed(connection: sa.Connection) -> int:
    """The last feed_sequence that the broker has confirmed."""
    return read_cursor(connection, CURSOR)
