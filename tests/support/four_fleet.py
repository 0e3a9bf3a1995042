"""The four services as real processes, a story told over them, and what must hold afterwards."""

from __future__ import annotations

import contextlib
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kombu import Connection

from grantcase.auditing import verify_stores
from grantcase.backend import SERVICES
from grantcase.embedded import Embedded
from grantcase.local_client import LocalBackend
from grantcase.resting import at_rest
from grantcase.servers import PostgresServer, RabbitServer
from shared.bus.topology import DEAD_LETTERS
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.projection.rebuild import rebuild
from tests.support.casts import FOUR
from tests.support.fleet_processes import KINDS, FleetProcesses
from tests.support.outcome import Outcome, outcome_of
from tests.support.patient import Patient
from tests.support.short_story import STARTS, tell_short_story


class FourFleet(FleetProcesses):
    """Service, sequencer and relay of each of the four."""

    def start_all(self, **extra: Mapping[str, str]) -> None:
        """Start all twelve; returns when the services answer. extra: more environment by
        `kind_name`, such as service_review={...}."""
        for kind in KINDS:
            for service in SERVICES:
                self.start(kind, service, **extra.get(f"{kind}_{service}", {}))
        self.until(
            lambda: all(self.page(service, "health") for service in SERVICES), "all services answer"
        )

    def tell(
        self, before: Mapping[int, Callable[[], None]] | None = None, *, twice: bool = False
    ) -> Patient:
        """The short story, to its end and until everything has come to rest; the driver."""
        clock = SimulatedClock(parse_instant(STARTS))
        backend = LocalBackend(self.amqp_url, self.credential, clock)
        driver = Patient(backend, before, twice=twice)
        try:
            tell_short_story(driver)
            driver.settle()
        except Exception as fault:
            raise AssertionError(f"{fault!r}\n{self.log_ends()}") from fault
        finally:
            backend.close()
        return driver

    def page(self, service: str, page: str) -> str:
        """The text of /health or /metrics; empty when nobody answers well."""
        url = f"http://127.0.0.1:{self.ports[service, 0]}/{page}"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            return str(answer.read().decode())
        return ""

    def check(self, wanted: Outcome) -> None:
        """Nothing lost, nothing twice, the ledger balanced, every log verifies, every projection
        equals a fresh replay, nothing parked; all of it as in a run without faults."""
        self._all_at_rest()
        found = outcome_of(self.cores)
        for name in SERVICES:
            assert found.streams[name].keys() == wanted.streams[name].keys(), name
            for stream, events in wanted.streams[name].items():
                assert found.streams[name][stream] == events, f"{name}: {stream}"
        assert found.public == wanted.public
        assert found.ledger == wanted.ledger
        assert set(found.trial_twd) == {0}, "debits are not credits after some event"
        assert found.due == wanted.due
        self._every_log_verifies()
        for name, core in self.cores.items():
            differing = [table for table in rebuild(core.units, swap=False) if table.differing]
            assert not differing, f"{name}: not what a fresh replay gives: {differing}"

    def _all_at_rest(self) -> None:
        """Every cursor at its feed's head, every lane clear, nothing given up by the broker."""
        statuses = {
            name: self.client.call(name, "status", credential=self.credential)["answer"]
            for name in SERVICES
        }
        assert at_rest(statuses), statuses
        assert not any(one["parked"] for one in statuses.values()), statuses
        with Connection(self.amqp_url) as connection:
            _, dead, _ = DEAD_LETTERS(connection.channel()).queue_declare(passive=True)
        assert dead == 0

    def _every_log_verifies(self) -> None:
        verdicts = verify_stores(
            {
                name: (self.urls[name]["app"], self.folder / f"{name}.signing.key")
                for name in SERVICES
            }
        )
        for verdict in verdicts:
            assert verdict.report.ok, verdict
            assert verdict.report.events > 0


def without_faults(folder: Path) -> Outcome:
    """What the story comes to in one process, with no broker to lose anything."""
    embedded = Embedded(folder, clock=SimulatedClock(parse_instant(STARTS)))
    try:
        tell_short_story(embedded)
        return outcome_of(embedded.cores)
    finally:
        embedded.close()


@contextlib.contextmanager
def four_fleet(
    folder: Path, postgres: PostgresServer, broker: RabbitServer, name: str
) -> Iterator[Any]:
    """The four whose processes are gone at the end of the block."""
    opened = FourFleet(folder, postgres, broker, name, FOUR)
    try:
        yield opened
    finally:
        opened.close()
