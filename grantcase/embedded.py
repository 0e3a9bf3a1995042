"""The one-process runner: four services over SQLite files and in-process feeds.

Nothing can be lost: what is committed is in a file, what is sealed is in the feed, and a cursor
moves only with its effects; a run that was killed goes on where it stopped.
(Longer than a page: the folder's parts are named where it is made.)
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from grantcase.backend import SERVICES, Refused
from shared.bus import clockwork, feeds, inbox, queries
from shared.bus.door import do
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings, documents_s3, scan_clamd, scan_command
from shared.contracts.catalogue import public_types
from shared.documents.place import DocumentPlace
from shared.eventstore.heads import HeadSigner
from shared.eventstore.migrate import migrate, migrate_keys
from shared.eventstore.sequencer import Sequencer
from shared.kernel.clock import Clock, SimulatedClock, SystemClock
from shared.kernel.envelope import CommandEnvelope
from shared.kernel.errors import DomainError, RuleError, error_document
from shared.kernel.ids import NewId, random_id
from shared.kernel.streams import UnknownPack
from shared.projection.tables import METADATA


class Embedded:
    """A Backend over a folder: `<service>.db`, `documents/`, and `secrets/` with the keys."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock | None = None,
        new_ids: Callable[[str], NewId] | None = None,
    ):
        self.folder = folder
        self.clock: Clock = clock or SystemClock()
        ids = new_ids or (lambda _: random_id)
        prepare(folder)
        self.cores: dict[str, ServiceCore] = {
            name: build(folder, name, ids(name)) for name in SERVICES
        }
        kind = "simulated" if self.clock.simulated else "system"
        self._signers = {
            name: HeadSigner.from_file(name, signing_key(folder, name), kind) for name in SERVICES
        }
        self._sequencers = {
            name: Sequencer(core.units.store, public_types(name), self._signers[name])
            for name, core in self.cores.items()
        }

    def do(self, service: str, envelope: CommandEnvelope) -> Mapping[str, Any]:
        """One command, its reactions included. Raises Refused."""
        try:
            answer = do(self.cores[service], envelope)
        except (DomainError, RuleError, UnknownPack) as refusal:
            self._settle({service})
            raise Refused(error_document(refusal)) from None
        self._settle({service})
        return answer

    def query(self, service: str, name: str, **params: Any) -> Any:
        """One query; a receipt needs a signed head that covers its event."""
        if name == "receipt":
            self._sequencers[service].sign()
        return queries.answer(self.cores[service], name, params)

    def now(self) -> datetime:
        """What the clock says."""
        return self.clock.now()

    def settle(self) -> None:
        """Seal what is committed and let every service follow every feed, until all is quiet."""
        self._settle(set(SERVICES))

    def advance(self, to: datetime) -> None:
        """Fire the timers up to `to`, earliest first over all services, settling after each."""
        clock = self.clock
        if not isinstance(clock, SimulatedClock):
            raise RuntimeError("the system clock does not advance on command")
        while (due := self._next_due()) is not None and due <= to:
            clock.set(max(due, clock.now()))
            for core in self.cores.values():
                clockwork.fire_due(core, due)
            self.settle()
        clock.set(max(to, clock.now()))

    def fire_due(self) -> None:
        """Real time: fire what is due now."""
        for core in self.cores.values():
            clockwork.fire_due(core, self.clock.now())
        self.settle()

    def sign_heads(self) -> None:
        """Sign the newest head of every log, so that it covers everything sealed."""
        for sequencer in self._sequencers.values():
            sequencer.sign()

    def public_key(self, service: str) -> str:
        """The hex key that verifies a service's signed heads."""
        return self._signers[service].public_key

    def close(self) -> None:
        """Sign what is sealed, and let go of the databases."""
        self.sign_heads()
        for core in self.cores.values():
            core.units.store.close()
            core.units.keys.close()

    def _settle(self, written: set[str]) -> None:
        """Seal the services that wrote, let those follow that listen, until nobody writes."""
        while written:
            for name in written:
                while self._sequencers[name].seal():
                    pass
            written = {
                name
                for name, core in self.cores.items()
                for source in core.listens_to
                if source in written and self._follow(core, source)
            }

    def _follow(self, core: ServiceCore, source: str) -> int:
        """To the end of the feed: an event that fails is tried again at once, until it is parked,
        because nobody comes by later to do so."""
        publisher, at, tries = self.cores[source], inbox.position(core, source), inbox.TRIES
        handled = 0
        while tries and at < publisher.units.store.log_tail().feed_size:
            handled += feeds.catch_up(
                core, source, lambda after, limit: feeds.feed(publisher, after, limit)
            )
            now = inbox.position(core, source)
            tries, at = (inbox.TRIES, now) if now > at else (tries - 1, at)
        return handled

    def _next_due(self) -> datetime | None:
        due = [clockwork.next_due(core) for core in self.cores.values()]
        return min((instant for instant in due if instant is not None), default=None)


def prepare(folder: Path) -> None:
    """Databases, folders and secrets, made where they are missing."""
    for name in ("documents", "secrets"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "secrets").chmod(0o700)
    _secret(folder / "secrets" / "master.key")
    for name in SERVICES:
        _secret(signing_key(folder, name))
        migrate(database_url(folder, name), [METADATA, projections_of(name).METADATA])
        migrate_keys(keys_url(folder, name))


def build(folder: Path, name: str, new_id: NewId) -> ServiceCore:
    """One service over the folder."""
    settings = ServiceSettings(
        database_url=database_url(folder, name),
        keys_url=keys_url(folder, name),
        master_key_file=folder / "secrets" / "master.key",
        documents_dir=documents_of(folder, name).folder,
        documents_s3=documents_of(folder, name).s3,
        new_id=new_id,
        scan_command=scan_command(),
        scan_clamd=scan_clamd(),
    )
    core: ServiceCore = import_module(f"services.{name}.wiring").build(settings)
    return core


def documents_of(folder: Path, name: str) -> DocumentPlace:
    """The service's documents: apart, because each service has keys of its own for them."""
    s3 = documents_s3()
    return DocumentPlace(folder / "documents" / name, s3.under(name) if s3 else None)


def projections_of(name: str) -> Any:
    """The package of a service's read models."""
    return import_module(f"services.{name}.projections")


def database_url(folder: Path, name: str) -> str:
    """The service's event store."""
    return f"sqlite:///{folder / f'{name}.db'}"


def keys_url(folder: Path, name: str) -> str:
    """The service's subject keys: a file apart from the events."""
    return f"sqlite:///{folder / 'secrets' / f'{name}-keys.db'}"


def signing_key(folder: Path, name: str) -> Path:
    """The service's key for signed heads."""
    return folder / "secrets" / f"{name}.signing.key"


def _secret(path: Path) -> None:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
