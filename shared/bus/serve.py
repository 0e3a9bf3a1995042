"""The entry of a nameko process: `python -m shared.bus.serve services.intake.service:Intake`."""

# These lines come first: psycopg reads the variable when it is imported, and everything that is
# imported before the patch keeps blocking sockets.
# ruff: noqa: E402
import os

os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated", module=".*")

import eventlet

eventlet.monkey_patch()

import logging
import signal
import sys
import time
from importlib import import_module
from typing import Any

from nameko.runners import ServiceRunner

from shared.bus import entrypoints
from shared.bus.case_service import CaseService, sources_followed
from shared.bus.desk import Desk
from shared.bus.health import Metrics
from shared.bus.leader import Leader
from shared.bus.process_settings import ProcessSettings
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings
from shared.bus.topology import declare

WORKERS = 16
HEARTBEAT_SECONDS = 4
"""The broker gives up a silent replica after two of these, and another one takes its feeds."""

_RESTART_SECONDS = 1
_PROBES, _PROBE_SECONDS, _LONGEST_BLOCK_SECONDS = 4, 0.3, 0.15

_log = logging.getLogger("grantcase.serve")


class HubBlocks(Exception):
    """A database call stopped every green thread of the process."""


def main(target: str) -> None:
    """Serve the class named `module:Class` until SIGTERM or SIGINT; settings by environment."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    module, _, name = target.partition(":")
    service: type[CaseService] = getattr(import_module(module), name)
    settings = ProcessSettings.from_environment()
    core = service.compose(ServiceSettings.from_environment())
    serve(service, core, settings)


def serve(
    service: type[CaseService],
    core: ServiceCore,
    settings: ProcessSettings,
    at: Any = lambda step: None,
) -> None:
    """Run the service; a container that dies of a fault is started again after a second."""
    check_sources(service, core)
    check_hub(core)
    stopping = _Stopping()
    while not stopping.asked:
        try:
            declare(settings.amqp_url, {core.name: core.listens_to})
            stopping.runner = ServiceRunner(_configuration(core, settings, at))
            stopping.runner.add_service(service)
            stopping.runner.start()
            _log.info("%s serves on port %s", core.name, settings.http_port)
            stopping.runner.wait()
        except Exception as fault:
            _log.error("%s: started again after: %r", core.name, fault)
            time.sleep(_RESTART_SECONDS)


def check_sources(service: type[CaseService], core: ServiceCore) -> None:
    """Refuse to start when the class does not follow exactly what the core listens to."""
    followed = sources_followed(service)
    if followed != core.listens_to:
        raise TypeError(f"{core.name} listens to {core.listens_to}, its class follows {followed}")


def check_hub(core: ServiceCore) -> None:
    """Raises HubBlocks when a slow query keeps other green threads from running.

    A driver that blocks does so every time; a machine that is busy holds a process up now and
    then, which is no reason not to start.
    """
    engine = core.units.store.engine
    if engine.dialect.name != "postgresql":
        return
    for _ in range(_PROBES):
        if (longest := _longest_block(engine)) <= _LONGEST_BLOCK_SECONDS:
            return
    raise HubBlocks(f"a query stopped the process for {longest:.2f} s: PSYCOPG_WAIT_FUNC?")


def _longest_block(engine: Any) -> float:
    """Seconds for which no green thread ran while a query took _PROBE_SECONDS."""
    longest = 0.0
    with engine.connect() as connection:
        query = eventlet.spawn(connection.exec_driver_sql, f"SELECT pg_sleep({_PROBE_SECONDS})")
        before = time.monotonic()
        while not query.dead:
            eventlet.sleep(0.01)
            now = time.monotonic()
            longest, before = max(longest, now - before), now
        query.wait()
    return longest


class _Stopping:
    """SIGTERM and SIGINT stop the runner, which lets what is in hand finish."""

    def __init__(self) -> None:
        self.asked = False
        self.runner: ServiceRunner | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: Any) -> None:
        self.asked = True
        if self.runner is not None:
            eventlet.spawn_n(self.runner.stop)


def _configuration(core: ServiceCore, settings: ProcessSettings, at: Any) -> dict[str, Any]:
    process = entrypoints.Process(
        desk=Desk(core, settings.clock),
        metrics=Metrics(core, settings.clock),
        amqp_url=settings.amqp_url,
        credential=settings.credential,
        timers=Leader(core.units.store.engine, f"{core.name}/timers"),
        at=at,
    )
    return {
        entrypoints.CONFIG_KEY: process,
        "AMQP_URI": settings.amqp_url,
        "HEARTBEAT": HEARTBEAT_SECONDS,
        "WEB_SERVER_ADDRESS": f"0.0.0.0:{settings.http_port}",
        "max_workers": WORKERS,
        "serializer": "json",
        "ACCEPT": ["json"],
    }


if __name__ == "__main__":
    main(sys.argv[1])
