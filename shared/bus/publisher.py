"""Publishing a window of messages with pipelined confirms: one round trip for all of them.

py-amqp's own confirm mode waits for each message. Here the whole window is written first, then
acknowledgements are read until every message has its own.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import Any

from amqp.basic_message import Message
from kombu import Connection

from shared.bus.cloudevents import CONTENT_TYPE, WireMessage
from shared.bus.topology import CONNECT_SECONDS, EVENTS

CONFIRM_SECONDS = 10
_PERSISTENT = 2

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
        self._waiting: set[int] = set()
        self._refused: list[int] = []
        self._returned: list[str] = []

    def publish(self, window: Sequence[WireMessage]) -> None:
        """send() and confirm()."""
        self.send(window)
        self.confirm()

    def send(self, window: Sequence[WireMessage]) -> None:
        """Write all messages; confirm() is next. Raises CONNECTION_FAULTS."""
        channel = self._open_channel()
        self._refused.clear()
        self._returned.clear()
        with _written_together(channel.connection.transport):
            for message in window:
                self._published += 1
                self._waiting.add(self._published)
                channel.basic_publish(
                    _amqp_message(message), EVENTS.name, message.routing_key, True, False
                )

    def confirm(self) -> None:
        """Return when every message sent is confirmed and was routed to a queue.

        Raises Unroutable, NotConfirmed and CONNECTION_FAULTS; then any of the messages may have
        arrived, and all of them are to be sent again.
        """
        self._await_confirms()
        if self._returned:
            raise Unroutable(f"no queue takes {', '.join(sorted(set(self._returned)))}")
        if self._refused:
            raise NotConfirmed(f"the broker refused {len(self._refused)} messages")

    def close(self) -> None:
        """Drop the connection; the next publish opens another one."""
        connection, self._connection, self._channel = self._connection, None, None
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
            self._published = 0
            self._waiting.clear()
            self._channel = channel
        return self._channel

    def _await_confirms(self) -> None:
        deadline = time.monotonic() + self._confirm_seconds
        while self._waiting:
            left = deadline - time.monotonic()
            try:
                if left <= 0:
                    raise TimeoutError
                self._channel.connection.drain_events(timeout=left)
            except TimeoutError:
                count = len(self._waiting)
                self.close()
                raise NotConfirmed(f"{count} messages without an answer") from None

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._waiting.difference_update(self._tags(tag, multiple))

    def _on_nack(self, tag: int, multiple: bool) -> None:
        tags = self._tags(tag, multiple)
        self._refused.extend(tags)
        self._waiting.difference_update(tags)

    def _tags(self, tag: int, multiple: bool) -> list[int]:
        return [waiting for waiting in self._waiting if waiting <= tag] if multiple else [tag]

    def _on_return(self, error: Exception, exchange: str, routing_key: str, message: Any) -> None:
        self._returned.append(routing_key)


@contextlib.contextmanager
def _written_together(transport: Any) -> Iterator[None]:
    """Send what is written in the block at its end, in one piece: a system call per message wakes
    the broker each time, which costs a third of the throughput."""
    send, together = transport._write, bytearray()
    transport._write = together.extend
    try:
        yield
    finally:
        transport._write = send
    send(together)


def _amqp_message(message: WireMessage) -> Message:
    return Message(
        message.body,
        content_type=CONTENT_TYPE,
        content_encoding="utf-8",
        delivery_mode=_PERSISTENT,
        message_id=message.message_id,
        application_headers=dict(message.headers),
    )
