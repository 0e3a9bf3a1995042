"""The relay: sealed public events of one service, from its log to the broker, at least once.

The log is the outbox. The cursor moves only after every message of a window is confirmed, so a
relay that dies publishes that window again, and the consumers' inboxes drop what they have. It is
an ordinary process without eventlet; of several replicas one publishes.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from shared.bus import topology
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
"""Events that are written, confirmed and passed by the cursor together."""

AHEAD = 2
"""Windows written and not yet confirmed: the broker has one while the next is prepared."""

RETRY_SECONDS, RETRY_MOST_SECONDS = 0.1, 5
_IDLE_SECONDS, _UNTOLD_SECONDS = 0.25, 0.05
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
        self._written: deque[int] = deque()  # sizes of the windows not yet confirmed
        self._declared = False
        self._at = at

    @property
    def wanted(self) -> bool:
        """False when nobody listens to this service: then there is no queue to publish to."""
        return any(self._core.name in sources for sources in self._listeners.values())

    def run(self, stop: Callable[[], bool], sleep: Callable[[float], object]) -> None:
        """Publish until stop() is true, through every fault of broker and database."""
        retry: float = RETRY_SECONDS
        while not stop():
            try:
                count = self.publish_next() if self.wanted and self._leader.leads() else 0
                retry = RETRY_SECONDS
                if not count and not self._leader.wait_for_seal(_IDLE_SECONDS):
                    sleep(_UNTOLD_SECONDS)
            except RETRIED as error:
                _log.warning("%s relay: %s; again in %s s", self._core.name, error, retry)
                self.reset()
                sleep(retry)
                retry = min(2 * retry, RETRY_MOST_SECONDS)
        self.close()

    def publish_next(self) -> int:
        """See one window confirmed and move the cursor behind it; the number of its events.
        Another one may be on its way then, for the next call. Raises RETRIED."""
        if not self._declared:
            topology.declare(self._amqp_url, self._listeners)
            self._declared = True
        after = self._position()
        self._write_ahead(after)
        if not self._written:
            return 0
        self._at("before-confirm")
        self._publisher.confirm()
        self._at("after-confirm")
        count = self._written.popleft()
        self._move(after, after + count)
        return count

    def reset(self) -> None:
        """Forget everything learnt: connection, topology, cursor, leadership."""
        self._publisher.close()
        self._leader.resign()
        self._after, self._declared = None, False
        self._written.clear()

    def close(self) -> None:
        """Give back connections and the lock."""
        self.reset()

    def _write_ahead(self, after: int) -> None:
        """Behind a window that is not full there is nothing: it is confirmed first."""
        while len(self._written) < AHEAD and all(size == WINDOW for size in self._written):
            window = outgoing(self._core, after + sum(self._written), WINDOW)
            if not window:
                return
            self._at("before-publish")
            self._publisher.send(window)
            self._written.append(len(window))

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
