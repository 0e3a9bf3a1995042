"""The peer of the relay: nameko's own event dispatcher with publisher confirms.

    python -m tests.bench.peers.nameko_dispatch AMQP_URL QUEUE COUNT GREEN_THREADS

Prints events per second. It runs as nameko does, with eventlet's patch in the first line; with
one green thread every event waits for the confirm of the one before, as it does for a service that
dispatches in its handler (the documented use); with more they overlap, each on a connection of
nameko's pool.
"""

# ruff: noqa: E402
import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import sys
import time

from kombu import Connection, Exchange, Queue
from nameko.standalone.events import event_dispatcher


def main(amqp_url: str, queue: str, count: int, green_threads: int) -> None:
    """Dispatch `count` events of 1 kB to a quorum queue."""
    config = {"AMQP_URI": amqp_url}
    with Connection(amqp_url) as connection:
        channel = connection.default_channel
        arguments = {"x-queue-type": "quorum"}
        exchange = Exchange("intake.events", type="topic", durable=True)
        Queue(queue, exchange, routing_key="#", queue_arguments=arguments)(channel).declare()
    dispatch = event_dispatcher(config, use_confirms=True, mandatory=True)
    event = {"data": "x" * 1000}
    dispatch("intake", "ProposalRejected", event)
    pool = eventlet.GreenPool(green_threads)
    started = time.perf_counter()
    for _ in range(count):
        pool.spawn_n(dispatch, "intake", "ProposalRejected", event)
    pool.waitall()
    print(count / (time.perf_counter() - started))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
