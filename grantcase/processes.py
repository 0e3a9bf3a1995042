"""The processes of the distributed run, one function each; configuration from the environment.

    grantcase migrate                      databases of the service, and the broker's topology
    grantcase run service|sequencer|relay NAME

Sequencer and relay are ordinary processes. A service process replaces this one, because
shared.bus.serve has to patch the interpreter before anything else is imported.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from grantcase.backend import SERVICES
from shared.bus.inbox import INFRASTRUCTURE
from shared.bus.process_settings import clock_named
from shared.bus.relay import Relay
from shared.bus.service_core import ServiceCore, sources_of
from shared.bus.settings import ServiceSettings, open_store, required
from shared.bus.topology import declare
from shared.contracts.catalogue import public_types
from shared.eventstore.heads import HeadSigner
from shared.eventstore.migrate import migrate, migrate_keys
from shared.eventstore.sequencer import Sequencer
from shared.projection.tables import METADATA

AGAIN_SECONDS = 1

_log = logging.getLogger("grantcase.processes")


def run_service(name: str) -> None:
    """Become the nameko process of a service."""
    target = f"services.{name}.service:{name.capitalize()}Service"
    os.execv(sys.executable, [sys.executable, "-m", "shared.bus.serve", target])


def run_sequencer(name: str) -> None:
    """Seal the log of a service until SIGTERM. Raises MissingSetting."""
    store = open_store(required("GRANTCASE_DATABASE_URL"))
    clock = clock_named(required("GRANTCASE_CLOCK"))
    kind = "simulated" if clock.simulated else "system"
    signer = HeadSigner.from_file(name, required("GRANTCASE_SIGNING_KEY_FILE"), kind)
    stop = until_told()
    seal_until(stop, Sequencer(store, public_types(name), signer), f"{name} sequencer")


def run_relay(name: str) -> None:
    """Publish the feed of a service until SIGTERM. Raises MissingSetting."""
    core: ServiceCore = import_module(f"services.{name}.wiring").build(
        ServiceSettings.from_environment()
    )
    stop = until_told()
    publish_until(stop, Relay(core, required("GRANTCASE_AMQP_URL"), listeners()), f"{name} relay")


def run_migrate(name: str | None = None) -> list[str]:
    """Bring one service's databases up to date, or none, and declare the topology; the names of
    the queues. The roles that the services run as are those of their own database URLs."""
    if name is not None:
        migrate_databases(
            name,
            owner_url=required("GRANTCASE_OWNER_DATABASE_URL"),
            app_url=required("GRANTCASE_DATABASE_URL"),
            keys_owner_url=required("GRANTCASE_OWNER_KEYS_DATABASE_URL"),
            keys_url=required("GRANTCASE_KEYS_DATABASE_URL"),
        )
    return declare(required("GRANTCASE_AMQP_URL"), listeners())


def migrate_databases(
    name: str,
    *,
    owner_url: str,
    app_url: str,
    keys_owner_url: str,
    keys_url: str,
    own_tables: sa.MetaData | None = None,
) -> None:
    """Both databases of a service, and the rights of its role."""
    if own_tables is None:
        own_tables = import_module(f"services.{name}.projections").METADATA
    migrate(owner_url, [METADATA, own_tables], sa.make_url(app_url).username)
    migrate_keys(keys_owner_url, sa.make_url(keys_url).username)


def listeners() -> Mapping[str, tuple[str, ...]]:
    """Who listens to whom, from the reactions that each service declares."""
    return {
        name: sources_of(name, import_module(f"services.{name}.schemas").REACTIONS)
        for name in SERVICES
    }


def until_told() -> threading.Event:
    """Set by SIGTERM and SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    return told


def seal_until(stop: threading.Event, sequencer: Sequencer, who: str) -> None:
    """Run the sequencer, again after every fault and every loss of the lock."""
    while not stop.is_set():
        _survive(lambda: sequencer.run(stop.is_set, stop.wait), who)
        stop.wait(AGAIN_SECONDS)


def publish_until(stop: threading.Event, relay: Relay, who: str) -> None:
    """Run the relay, again after faults that it does not know itself."""
    while not stop.is_set():
        _survive(lambda: relay.run(stop.is_set, stop.wait), who)
        relay.close()
        stop.wait(AGAIN_SECONDS)


def _survive(work: Callable[[], Any], who: str) -> None:
    try:
        work()
    except INFRASTRUCTURE as fault:
        _log.warning("%s: again in %s s: %s", who, AGAIN_SECONDS, fault)
    except Exception:  # ended, it would hold up the whole service, and nobody might start it again
        _log.exception("%s: a fault nobody foresaw; again in %s s", who, AGAIN_SECONDS)
