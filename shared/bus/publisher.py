"""Publishing windows of messages with pipelined confirms.

py-amqp's own confirm mode waits for each message. Here a whole window is written first, in one
piece (a system call per message wakes the broker each time), then acknowledgements are read until
every message of it has its own. Further windows may be written meanwhile.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from kombu import Connection

from shared.bus.amqp_frames import publish_frames
from shared.bus.cloudevents import WireMessage
from shared.bus.topology import CONNECT_SECONDS, EVENTS

CONFIRM_SECONDS = 10

CONNECTION_FAULTS: tuple[type[BaseException], ...] = (
    OSError,
    *Connection("amqp://").connection_errors,
    *Connection("amqp://").channel_errors,
)
"""The broker is gone, slow or refuses: connect again after a pause."""


class Unroutable(Exception):
    """The broker had no queue for messages that were published mandatory."""


class NotConfirmed(Exception):
    """The broker refused a message, or gave no answer in time."""


class ConfirmingPublisher:
    """One connection, opened at the first use and again after close().

    It is used by one thread. Nothing in it waits longer than CONFIRM_SECONDS.
    """

    def __init__(self, amqp_url: str, confirm_seconds: int = CONFIRM_SECONDS):
        self._amqp_url = amqp_url
        self._confirm_seconds = confirm_seconds
        self._connection: Connection | None = None
        self._channel: Any = None
        self._published = 0  # messages of this channel; equals the last delivery tag
        self._acknowledged = 0  # all delivery tags up to this one have been answered
        self._windows: deque[set[int]] = deque()  # tags that wait for an answer, oldest first
        self._refused: list[int] = []
        self._returned: list[str] = []

    def publish(self, window: Sequence[WireMessage]) -> None:
        """send() and confirm()."""
        self.send(window)
        self.confirm()

    def send(self, window: Sequence[WireMessage]) -> None:
        """Write all messages; one confirm() for each send() is to follow, in the same order.
        Raises CONNECTION_FAULTS."""
        channel = self._open_channel()
        connection = channel.connection
        if connection is None or connection.transport is None:
            raise ConnectionError("the broker has closed the channel")
        number, frame_max = channel.channel_id, connection.frame_max
        frames = [publish_frames(number, EVENTS.name, each, frame_max) for each in window]
        first = self._published + 1
        self._published += len(window)
        self._windows.append(set(range(first, self._published + 1)))
        connection.transport.write(b"".join(frames))

    def confirm(self) -> None:
        """Return when every message of the oldest unconfirmed window is confirmed and was routed
        to a queue.

        Raises Unroutable, NotConfirmed and CONNECTION_FAULTS; then any message of any unconfirmed
        window may have arrived, and all of them are to be sent again.
        """
        self._await_confirms()
        returned, refused = self._returned, self._refused
        self._returned, self._refused = [], []
        if returned:
            raise Unroutable(f"no queue takes {', '.join(sorted(set(returned)))}")
        if refused:
            raise NotConfirmed(f"the broker refused {len(refused)} messages")

    def close(self) -> None:
        """Drop the connection; the next publish opens another one."""
        connection, self._connection, self._channel = self._connection, None, None
        self._windows.clear()
        self._returned, self._refused = [], []
        if connection is not None:
            # a broken connection complains when it is closed; nothing of it is needed any more
            with contextlib.suppress(*CONNECTION_FAULTS):
                connection.release()

    def _open_channel(self) -> Any:
        if self._channel is None:
            connection = Connection(
                self._amqp_url,
                connect_timeout=CONNECT_SECONDS,
                transport_options={"write_timeout": self._confirm_seconds},
            )
            connection.connect()
            # the client would otherwise poll the socket for "blocked" before every message
            properties = connection.connection.client_properties
            properties.setdefault("capabilities", {})["connection.blocked"] = False
            self._connection, channel = connection, connection.channel()
            channel.confirm_select()
            channel.events["basic_ack"].add(self._on_ack)
            channel.events["basic_nack"].add(self._on_nack)
            channel.events["basic_return"].add(self._on_return)
            self._published = self._acknowledged = 0
            self._channel = channel
        return self._channel

    def _await_confirms(self) -> None:
        deadline = time.monotonic() + self._confirm_seconds
        waiting = self._windows[0] if self._windows else set()
        while waiting:
            left = deadline - time.monotonic()
            try:
                if left <= 0:
                    raise TimeoutError
                self._channel.connection.drain_events(timeout=left)
            except TimeoutError:
                count = len(waiting)
                self.close()
                raise NotConfirmed(f"{count} messages without an answer") from None
        if self._windows:
            self._windows.popleft()

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._answered(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._refused.extend(self._answered(tag, multiple))

    def _answered(self, tag: int, multiple: bool) -> range:
        """The tags an answer is about: one, or all up to it that had none."""
        tags = range(self._acknowledged + 1 if multiple else tag, tag + 1)
        if multiple:
            self._acknowledged = max(self._acknowledged, tag)
        for waiting in self._windows:
            waiting.difference_update(tags)
        return tags

    def _on_return(self, error: Exception, exchange: str, routing_key: str, message: Any) -> None:
        self._returned.append(routing_key)
