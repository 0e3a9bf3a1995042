"""A tap on the exchange: consumers get every message twice and out of order, and none as it came.

Each consumer's queue is cut from the exchange. The tap takes the messages instead, and some times a
second hands what it has to the queues: two copies of each, shuffled.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from amqp.basic_message import Message
from kombu import Connection

from shared.bus.topology import EVENTS, queue_name

QUEUE = "test.tap"
EVERY_SECONDS = 0.1


class Tap:
    """Runs in a thread of its own from `with` to its end."""

    def __init__(self, amqp_url: str, listeners: Mapping[str, Sequence[str]], order: random.Random):
        self._connection = Connection(amqp_url)
        self._consumers: dict[str, list[str]] = {}  # source -> queues
        for consumer, sources in listeners.items():
            for source in sources:
                self._consumers.setdefault(source, []).append(queue_name(consumer, source))
        self._order = order
        self._held: list[Message] = []
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.taken = 0
        self.handed_on = 0

    def __enter__(self) -> Tap:
        self._connection.connect()
        self._channel: Any = self._connection.channel()
        self._channel.queue_declare(QUEUE, durable=True, auto_delete=False)
        self._channel.queue_bind(QUEUE, EVENTS.name, "#")
        self._channel.basic_consume(QUEUE, no_ack=True, callback=self._hold)
        self._cut()
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._closing.set()
        self._thread.join()
        self._connection.release()

    def _run(self) -> None:
        while not self._closing.is_set():
            until = time.monotonic() + EVERY_SECONDS
            while (left := until - time.monotonic()) > 0:
                try:
                    self._connection.drain_events(timeout=left)
                except TimeoutError:
                    break
            self._cut()  # a relay declares the queues, and so ties them again, when it starts
            self._hand_on()

    def _hold(self, message: Message) -> None:
        self._held.append(message)
        self.taken += 1

    def _hand_on(self) -> None:
        twice, self._held = 2 * self._held, []
        self._order.shuffle(twice)
        for message in twice:
            source = message.delivery_info["routing_key"].partition(".")[0]
            for queue in self._consumers[source]:
                copy = Message(message.body, **message.properties)
                self._channel.basic_publish(copy, exchange="", routing_key=queue)
                self.handed_on += 1

    def _cut(self) -> None:
        for source, queues in self._consumers.items():
            for queue in queues:
                self._channel.queue_unbind(queue, EVENTS.name, f"{source}.#")
