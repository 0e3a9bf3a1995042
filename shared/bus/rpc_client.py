"""Calling a nameko service from any process: nameko's RPC protocol over plain kombu.

Used by the command line and by followers that fill a gap. Every call has a deadline, and a lost
connection is opened again; a call that was lost on the way raises CallFailed, and since all our
methods may be repeated, the caller repeats it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from kombu import Connection, Exchange, Producer, Queue
from kombu.messaging import Consumer

from shared.bus.publisher import CONNECTION_FAULTS
from shared.bus.topology import CONNECT_SECONDS

_EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)
_REPLY_QUEUE_MS = 60_000
_MOST_LATE = 100


class CallFailed(Exception):
    """No answer: the service does not run, the broker is gone or the time is over."""


class RemoteFault(Exception):
    """The service answered with a fault of its own; its log has the details."""


class RpcClient:
    """Calls by one thread, one at a time."""

    def __init__(self, amqp_url: str, timeout_seconds: int = 30):
        self._amqp_url = amqp_url
        self._timeout_seconds = timeout_seconds
        self._connection: Connection | None = None
        self._producer: Producer | None = None
        self._reply_to = ""
        self._returned = False
        self._replies: dict[str, Any] = {}

    def call(self, service: str, method: str, **arguments: Any) -> Any:
        """The method's result. Raises CallFailed and RemoteFault."""
        return self.call_all([service], method, **arguments)[service]

    def call_all(self, services: Iterable[str], method: str, **arguments: Any) -> dict[str, Any]:
        """The same call to several services at once; results by service. Raises as call()."""
        try:
            asked = {service: self._ask(service, method, arguments) for service in services}
            return {
                service: self._result(correlation_id, f"{service}.{method}")
                for service, correlation_id in asked.items()
            }
        except CONNECTION_FAULTS as error:
            self.close()
            raise CallFailed(f"{method}: {type(error).__name__}: {error}") from error

    def close(self) -> None:
        """Drop the connection; the next call opens another one."""
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            # a broken connection complains when it is closed; nothing of it is needed any more
            with contextlib.suppress(*CONNECTION_FAULTS):
                connection.release()

    def _ask(self, service: str, method: str, arguments: dict[str, Any]) -> str:
        producer = self._open()
        correlation_id = str(uuid4())
        self._returned = False
        producer.publish(
            {"args": [], "kwargs": arguments},
            serializer="json",
            exchange=_EXCHANGE,
            routing_key=f"{service}.{method}",
            reply_to=self._reply_to,
            correlation_id=correlation_id,
            mandatory=True,
        )
        return correlation_id

    def _result(self, correlation_id: str, what: str) -> Any:
        answer = self._await(correlation_id, what)
        if answer["error"]:
            raise RemoteFault(f"{what}: {answer['error'].get('value')}")
        return answer["result"]

    def _open(self) -> Producer:
        if self._producer is None:
            connection = Connection(self._amqp_url, connect_timeout=CONNECT_SECONDS)
            connection.connect()
            self._connection, self._reply_to = connection, str(uuid4())
            channel = connection.channel()
            channel.events["basic_return"].add(self._on_return)
            _EXCHANGE(channel).declare()
            queue = Queue(
                f"rpc.reply-{self._reply_to}",
                _EXCHANGE,
                routing_key=self._reply_to,
                queue_arguments={"x-expires": _REPLY_QUEUE_MS},
            )
            Consumer(
                channel, [queue], callbacks=[self._on_reply], accept=["json"], no_ack=True
            ).consume()
            self._producer = Producer(channel)
        return self._producer

    def _await(self, correlation_id: str, what: str) -> Any:
        assert self._connection is not None
        deadline = time.monotonic() + self._timeout_seconds
        while correlation_id not in self._replies:
            left = deadline - time.monotonic()
            if self._returned:
                raise CallFailed(f"{what}: no such service runs")
            if left <= 0:
                raise CallFailed(f"{what}: no answer within {self._timeout_seconds} s")
            with contextlib.suppress(TimeoutError):
                self._connection.drain_events(timeout=left)
        return self._replies.pop(correlation_id)

    def _on_reply(self, body: Any, message: Any) -> None:
        while len(self._replies) > _MOST_LATE:  # answers to calls that were given up
            self._replies.pop(next(iter(self._replies)))
        self._replies[message.properties.get("correlation_id")] = body

    def _on_return(self, *_: Any) -> None:
        self._returned = True
