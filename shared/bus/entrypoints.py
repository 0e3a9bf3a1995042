"""The nameko layer: how messages, calls, ticks and web requests reach a service.

nameko's own entrypoints lose the message of a failed handler, answer strangers and end the
process when a reply cannot be sent. These do not: a delivery is acknowledged after the inbox has
committed; an unreadable one goes to the dead letters; every call needs the service credential; a
lost connection only drops what can be repeated. (Longer than a page, so that what knows nameko's
insides stays in one module.)
"""

from __future__ import annotations

import contextlib
import hmac
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from eventlet import Timeout, sleep
from eventlet.event import Event
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import DependencyProvider, Entrypoint
from nameko.messaging import QueueConsumer
from nameko.rpc import Rpc, RpcConsumer
from nameko.timer import Timer

from shared.bus.cloudevents import MalformedEnvelope, from_wire
from shared.bus.desk import Desk
from shared.bus.follower import RETRIED, Follower, Stopping, remote_feed
from shared.bus.health import Metrics
from shared.bus.leader import Leader
from shared.bus.publisher import CONNECTION_FAULTS
from shared.bus.rpc_client import RpcClient
from shared.bus.topology import feed_queue
from shared.kernel.envelope import PublicEvent
from shared.kernel.errors import NotPermitted

CONFIG_KEY = "grantcase"
"""Where a container's configuration holds the Process."""

CATCH_UP_SECONDS = 10
"""How often every feed is read from the cursor on, should the broker have lost something; after
a failure sooner, with growing pauses."""

SOON_SECONDS, AGAIN_SECONDS = 1, 5
PREFETCH = 100
_FEED_CALL_SECONDS = 10

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Process:
    """What one nameko process serves: built by shared.bus.serve before the container starts."""

    desk: Desk
    metrics: Metrics
    amqp_url: str
    credential: str
    timers: Leader
    followers: dict[str, Follower] = field(default_factory=dict)
    at: Callable[[str], None] = lambda step: None


class ProcessProvider(DependencyProvider):
    """Gives the service's methods the Process."""

    def get_dependency(self, worker_ctx: Any) -> Process:
        """The same one for every worker."""
        process: Process = self.container.config[CONFIG_KEY]
        return process


class Deliveries(QueueConsumer):
    """One connection for all queues of the process; an unreadable body is dead-lettered."""

    prefetch_count = PREFETCH

    def on_decode_error(self, message: Any, error: Exception) -> None:
        """kombu's callback; its default would acknowledge, and so lose, the message."""
        _log.error("unreadable message %s: %s", message.delivery_info, error)
        _settle(message, message.reject)


class Follows(Entrypoint):
    """`@follows("intake")` over a method that takes a sequence of public events and returns when
    all of them are committed."""

    deliveries = Deliveries()

    def __init__(self, source: str, **options: Any):
        self.source = source
        self._pending: deque[tuple[PublicEvent, Any]] = deque()
        self._wake = Event()
        self._stopped = False
        super().__init__(expected_exceptions=Stopping, **options)

    @property
    def process(self) -> Process:
        """The Process of this container."""
        process: Process = self.container.config[CONFIG_KEY]
        return process

    def setup(self) -> None:
        """Called by the container before anything starts."""
        process = self.process
        self.queue = feed_queue(self.container.service_name, self.source)
        client = RpcClient(process.amqp_url, _FEED_CALL_SECONDS)
        process.followers[self.source] = Follower(
            process.desk.core,
            self.source,
            remote_feed(client, self.source, process.credential),
            stopping=lambda: self._stopped,
            seen=process.metrics.delivery,
        )
        self.deliveries.register_provider(self)

    def start(self) -> None:
        """One green thread per source: its events stay in order."""
        self._thread = self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        """Finish the event in hand; the rest goes back to the broker with the connection."""
        self._stopped = True
        self._notify()
        self._thread.wait()
        self.deliveries.unregister_provider(self)

    def kill(self) -> None:
        """Called when the container is going down with a fault."""
        self._stopped = True

    def handle_message(self, body: Any, message: Any) -> None:
        """One delivery: queued here, or rejected to the dead letters."""
        try:
            event = from_wire(message.headers, body)
            if event.source != self.source:
                raise MalformedEnvelope(f"source: {event.source!r} in the queue of {self.source}")
        except MalformedEnvelope as error:
            _log.error("%s: dead-lettered: %s", self.queue.name, error)
            self.process.metrics.delivery(self.source, "malformed")
            _settle(message, message.reject)
            return
        self._pending.append((event, message))
        self._notify()

    def _run(self) -> None:
        done, soon = self._work(()), SOON_SECONDS
        while not self._stopped:
            batch = self._next_batch(CATCH_UP_SECONDS if done else soon)
            soon = SOON_SECONDS if done else min(2 * soon, CATCH_UP_SECONDS)
            done = self._work(tuple(event for event, _ in batch))
            if batch and done:
                self.process.at("before-acknowledge")
                for _, message in batch:
                    _settle(message, message.ack)
            elif batch and not self._stopped:  # a fault nobody foresaw: the same again, later
                self._pending.extendleft(reversed(batch))
                sleep(AGAIN_SECONDS)

    def _next_batch(self, seconds: int) -> list[tuple[PublicEvent, Any]]:
        """What has come; nothing, when nothing comes within that time."""
        if not self._pending and not self._stopped:
            with Timeout(seconds, False):
                self._wake.wait()
        self._wake = Event()
        batch = list(self._pending)
        self._pending.clear()
        return batch

    def _notify(self) -> None:
        if not self._wake.ready():
            self._wake.send(None)

    def _work(self, events: tuple[PublicEvent, ...]) -> bool:
        """Run the service's method in a worker; False when it did not finish."""
        done = Event()

        def handled(worker_ctx: Any, result: Any, exc_info: Any) -> Any:
            done.send(exc_info is None)
            return result, exc_info

        try:
            self.container.spawn_worker(self, (events,), {}, handle_result=handled)
        except ContainerBeingKilled:
            return False
        finished = bool(done.wait())
        return finished and (bool(events) or not self.process.followers[self.source].behind)


follows = Follows.decorator


class Calls(RpcConsumer):
    """nameko's RPC consumer, over our connection; a reply that cannot be sent is dropped."""

    queue_consumer = Deliveries()

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        """Reply, then acknowledge. The caller of a lost reply repeats its call."""
        try:
            return super().handle_result(message, result, exc_info)
        except Exception as error:  # raised here, it would end the process
            _log.warning("a reply was lost: %s: %s", type(error).__name__, error)
            _settle(message, message.ack)
            return result, exc_info


class Call(Rpc):
    """`@call` over a method: needs the service credential. With stamp=True the method gets
    `arrived_at`, read from the clock before the call waits for a worker."""

    rpc_consumer = Calls()

    def __init__(self, stamp: bool = False, **options: Any):
        self._stamp = stamp
        super().__init__(**options)

    def handle_message(self, body: Any, message: Any) -> None:
        """Check the credential and stamp, then as nameko does."""
        process: Process = self.container.config[CONFIG_KEY]
        arrived_at = process.desk.clock.now()
        given = body.get("kwargs", {}).pop("credential", None)
        if not _same_secret(given, process.credential):
            self.rpc_consumer.handle_result(message, _REFUSED, None)
            return
        if self._stamp:
            body["kwargs"]["arrived_at"] = arrived_at
        super().handle_message(body, message)


call = Call.decorator


class DueTimers(Timer):
    """`@due_timers(interval=1)`: only in the replica that holds the leader lock, and never while
    the clock is simulated, when the driver fires timers."""

    def handle_timer_tick(self) -> None:
        """Spawn the method when it is our turn."""
        process: Process = self.container.config[CONFIG_KEY]
        if not process.desk.clock.simulated and self._leads(process.timers):
            super().handle_timer_tick()
        else:
            self.worker_complete.send(None)

    def _leads(self, leader: Leader) -> bool:
        try:
            return leader.leads()
        except RETRIED as error:
            _log.warning("timers: %s", error)
            return False


due_timers = DueTimers.decorator

_REFUSED = NotPermitted(
    "缺少或錯誤的服務憑證", "the service credential is missing or wrong", field="credential"
).as_dict()


def _same_secret(given: Any, credential: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), credential.encode())


def _settle(message: Any, how: Callable[[], None]) -> None:
    """Acknowledge or reject, unless the connection of the message is gone: then the broker
    delivers it again."""
    if message.channel.connection:
        with contextlib.suppress(*CONNECTION_FAULTS, AttributeError):
            how()


__all__ = ["Call", "DueTimers", "Follows", "Process", "ProcessProvider"]
