"""The base of the nameko classes in services/<name>/service.py: what every service answers.

Each adds its name, its `compose` (from wiring) and one `@follows` method per source.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from nameko.web.handlers import http

from shared.bus.clockwork import fire_due
from shared.bus.desk import Reply
from shared.bus.entrypoints import Follows, Process, ProcessProvider, call, due_timers
from shared.bus.follower import RETRIED
from shared.bus.health import status
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings
from shared.kernel.envelope import PublicEvent

TICK_SECONDS = 1


class CaseService:
    """RPC methods, the timer and the health pages of a service; see shared.bus.desk.Desk."""

    name: ClassVar[str]
    compose: ClassVar[staticmethod[[ServiceSettings], ServiceCore]]
    process: Process = ProcessProvider()

    @call(stamp=True)
    def do(self, envelope: Any, arrived_at: datetime) -> Reply:
        """One command, by hand or from a portal."""
        reply = self.process.desk.do(envelope, arrived_at)
        name = str(envelope.get("command")) if isinstance(envelope, dict) else ""
        self.process.metrics.command_done(name, str(reply.get("error", "done")))
        return reply

    @call
    def feed(self, after: int, limit: int) -> Reply:
        """Public events after a feed sequence."""
        return self.process.desk.feed(after, limit)

    @call
    def query(self, name: str, params: dict[str, Any]) -> Reply:
        """A read model."""
        return self.process.desk.query(name, params)

    @call
    def next_due(self) -> Reply:
        """The earliest timer."""
        return self.process.desk.next_due()

    @call
    def fire_due(self, until: str) -> Reply:
        """Fire timers, simulated clock only."""
        return self.process.desk.fire_due(until)

    @call
    def set_clock(self, to: str) -> Reply:
        """Move the simulated clock."""
        return self.process.desk.set_clock(to)

    @call
    def position(self, source: str) -> Reply:
        """The cursor on a source's feed."""
        return self.process.desk.position(source)

    @call
    def status(self) -> Reply:
        """Clock, log, cursors, parked."""
        return self.process.desk.status()

    @due_timers(interval=TICK_SECONDS)
    def tick(self) -> None:
        """Fire what the system clock has made due."""
        fire_due(self.process.desk.core, self.process.desk.clock.now())

    @http("GET", "/health")
    def health(self, request: Any) -> tuple[int, dict[str, str], str]:
        """200 with the status, 503 while the database does not answer."""
        try:
            code, body = 200, status(self.process.desk.core, self.process.desk.clock)
        except RETRIED as error:
            code, body = 503, {"service": self.name, "error": type(error).__name__}
        return code, {"Content-Type": "application/json"}, json.dumps(body)

    @http("GET", "/metrics")
    def metrics(self, request: Any) -> tuple[int, dict[str, str], str]:
        """Prometheus text."""
        return 200, {"Content-Type": "text/plain; version=0.0.4"}, self.process.metrics.text()

    def deliver(self, source: str, events: Sequence[PublicEvent]) -> None:
        """Hand deliveries of a source to its follower; none at all means: read its feed."""
        follower = self.process.followers[source]
        if events:
            follower.take(events)
        else:
            follower.catch_up()


def sources_followed(service: type[CaseService]) -> tuple[str, ...]:
    """The sources that the class has a `@follows` method for."""
    found = (
        entrypoint.source
        for method in vars(service).values()
        for entrypoint in getattr(method, "nameko_entrypoints", ())
        if isinstance(entrypoint, Follows)
    )
    return tuple(sorted(found))
