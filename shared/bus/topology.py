"""The broker's side of the bus: one exchange, one quorum queue per listener and source.

    exchange grantcase.events (topic)  --<source>.#-->  grantcase.<consumer>.from.<source>
    exchange grantcase.dead  (fanout)  ------------->   grantcase.dead-letters

A queue exists before anything is published to it: `declare` runs at deploy and before the
relay's first publish, and changes nothing when it is repeated. There are no retry queues: an
event that cannot be handled yet waits, unacknowledged and in order, in the consumer that holds it
(shared.bus.follower), and what the broker loses is read from the source's feed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kombu import Connection, Exchange, Queue

CONNECT_SECONDS = 5
DELIVERY_LIMIT = 20
"""Deliveries of one message, counted when a consumer dies with it, before it is dead-lettered;
then the feed heals."""

EVENTS = Exchange("grantcase.events", type="topic", durable=True)
DEAD = Exchange("grantcase.dead", type="fanout", durable=True)
DEAD_LETTERS = Queue(
    "grantcase.dead-letters", DEAD, durable=True, queue_arguments={"x-queue-type": "quorum"}
)


def queue_name(consumer: str, source: str) -> str:
    """grantcase.<consumer>.from.<source>."""
    return f"grantcase.{consumer}.from.{source}"


def feed_queue(consumer: str, source: str) -> Queue:
    """All public events of one source for one consumer. One replica consumes it at a time; the
    broker gives it to another one as soon as that one's connection is gone."""
    return Queue(
        queue_name(consumer, source),
        EVENTS,
        routing_key=f"{source}.#",
        durable=True,
        queue_arguments={
            "x-queue-type": "quorum",
            "x-single-active-consumer": True,
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-overflow": "reject-publish",
            "x-dead-letter-exchange": DEAD.name,
            "x-dead-letter-strategy": "at-least-once",
        },
    )


def declare(amqp_url: str, listeners: Mapping[str, Sequence[str]]) -> list[str]:
    """Make exchanges, queues and bindings; the queues' names. Repeatable. `listeners` maps each
    consumer to the sources it follows (service_core.sources_of).

    Raises amqp.PreconditionFailed when a queue of that name has other arguments, and OSError or
    an amqp error when the broker cannot be reached.
    """
    with Connection(amqp_url, connect_timeout=CONNECT_SECONDS) as connection:
        connection.connect()
        channel = connection.channel()
        EVENTS(channel).declare()
        DEAD_LETTERS(channel).declare()
        names = []
        for consumer, sources in listeners.items():
            for source in sources:
                feed_queue(consumer, source)(channel).declare()
                names.append(queue_name(consumer, source))
        return names
