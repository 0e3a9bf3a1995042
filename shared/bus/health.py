"""How a service stands: its clock, log, cursors, parked lanes; for /health, /metrics and RPC."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily

from shared.bus import lanes
from shared.bus.inbox import cursor_name
from shared.bus.relay import relayed
from shared.bus.service_core import ServiceCore
from shared.eventstore.tables import events
from shared.kernel.clock import Clock, instant_text
from shared.projection.cursors import read_cursor


def status(core: ServiceCore, clock: Clock) -> dict[str, Any]:
    """{service, clock, now, sealed, public, unsealed, relayed, cursors: {source: n}, parked,
    parked_timers}.

    `unsealed` counts committed events that wait for the sequencer, `parked` the events and timers
    that wait in lanes, `parked_timers` the timers among them. Raises the driver's errors
    when the database does not answer.
    """
    with core.units.begin() as unit:
        # cursors before the log: a reaction that commits in between is then still unsealed
        cursors = {
            source: read_cursor(unit.connection, cursor_name(source)) for source in core.listens_to
        }
    tail = core.units.store.log_tail()
    waiting = sa.select(sa.func.count()).where(events.c.position > tail.last_position)
    with core.units.begin() as unit:
        connection = unit.connection
        parked_events, parked_timers = lanes.number_parked(connection)
        return {
            "service": core.name,
            "clock": "simulated" if clock.simulated else "system",
            "now": instant_text(clock.now()),
            "sealed": tail.size,
            "public": tail.feed_size,
            "unsealed": connection.execute(waiting).scalar_one(),
            "relayed": relayed(connection),
            "cursors": cursors,
            "parked": parked_events + parked_timers,
            "parked_timers": parked_timers,
        }


_GAUGES = {
    "sealed": "Events in the sealed log",
    "public": "Public events in the feed",
    "unsealed": "Committed events that wait for the sequencer",
    "relayed": "Last feed sequence confirmed by the broker",
    "parked": "Events and timers in parked lanes",
    "parked_timers": "Timers in parked lanes",
}


class Metrics:
    """Prometheus metrics of one service process."""

    def __init__(self, core: ServiceCore, clock: Clock):
        self._core = core
        self._clock = clock
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._commands = self._counter("commands", "Commands by outcome", "command", "outcome")
        self._deliveries = self._counter(
            "deliveries", "Deliveries by source and outcome", "source", "outcome"
        )

    def command_done(self, command: str, outcome: str) -> None:
        """Count one command: outcome `done` or the error's code."""
        known = command if command in self._core.commands else "unknown"
        self._commands.labels(known, outcome).inc()

    def delivery(self, source: str, outcome: str) -> None:
        """Count one delivery."""
        self._deliveries.labels(source, outcome).inc()

    def text(self) -> str:
        """The exposition format."""
        return generate_latest(self._registry).decode()

    def collect(self) -> Any:
        """Gauges read from the database at every scrape."""
        now = status(self._core, self._clock)
        for name, what in _GAUGES.items():
            yield GaugeMetricFamily(f"grantcase_{name}", what, value=now[name])
        cursors = GaugeMetricFamily(
            "grantcase_cursor", "Last feed sequence finished", labels=["source"]
        )
        for source, value in now["cursors"].items():
            cursors.add_metric([source], value)
        yield cursors

    def describe(self) -> Any:
        """Nothing is read at registration: the database need not be there yet."""
        return []

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"grantcase_{name}", what, labels, registry=self._registry)
