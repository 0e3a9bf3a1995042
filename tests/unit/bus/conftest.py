"""The invented pair of services over SQLite files, without a broker."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from shared.bus import feeds
from shared.bus.door import do
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings
from shared.contracts.catalogue import public_types
from shared.eventstore.heads import HeadSigner
from shared.eventstore.migrate import migrate, migrate_keys
from shared.eventstore.sequencer import Sequencer
from shared.kernel.clock import parse_instant
from shared.kernel.envelope import Actor, CommandEnvelope, PublicEvent
from shared.kernel.ids import derived_id, random_id
from shared.projection.tables import METADATA
from tests.support import pair

OFFICER = Actor(id="wu", roles=("screening_officer",))
NOON = parse_instant("2023-03-20T12:00:00+08:00")


@dataclass(frozen=True, slots=True)
class Pair:
    """intake and review of tests.support.pair."""

    intake: ServiceCore
    review: ServiceCore
    sequencer: Sequencer

    def reject(self, case: str, reason: str = "late") -> PublicEvent:
        """A public event of intake about a case."""
        do(self.intake, envelope(case, reason))
        self.sequencer.seal_all()
        return feeds.feed(self.intake, 0)[-1]

    def counted(self) -> dict[str, int]:
        """How often review handled each case."""
        with self.review.units.begin() as unit:
            return dict(self.review.queries["tally"](unit))

    def mend(self) -> None:
        """The fault nobody foresaw is gone."""
        with self.review.units.begin() as unit:
            unit.connection.execute(pair.switches.insert().values(name="mended"))
            unit.commit()


def envelope(case: str, reason: str = "late", **changes: Any) -> CommandEnvelope:
    """CloseScreening of a case."""
    given: dict[str, Any] = {
        "command_id": random_id(),
        "name": "CloseScreening",
        "actor": OFFICER,
        "received_at": NOON,
        "payload": {"case_id": str(case_id(case)), "reason": reason},
    }
    return CommandEnvelope(**{**given, **changes})


def case_id(case: str) -> UUID:
    """The id of a case called so."""
    return derived_id("case", case)


def with_handler(core: ServiceCore, command: str, handler: Any) -> ServiceCore:
    """The same service, by a program that handles one command otherwise."""
    spec = replace(core.commands[command], handler=handler)
    return replace(core, commands={**core.commands, command: spec})


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Pair]:
    """Both services, migrated."""
    for name in ("master", "signing"):
        (tmp_path / f"{name}.key").write_text(secrets.token_hex(32))
    cores = {name: _core(tmp_path, name) for name in pair.BUILDERS}
    signer = HeadSigner.from_file("intake", tmp_path / "signing.key", "simulated")
    sequencer = Sequencer(cores["intake"].units.store, public_types("intake"), signer)
    yield Pair(cores["intake"], cores["review"], sequencer)
    for core in cores.values():
        core.units.store.close()
        core.units.keys.close()


def _core(folder: Path, name: str) -> ServiceCore:
    settings = ServiceSettings(
        database_url=f"sqlite:///{folder / f'{name}.db'}",
        keys_url=f"sqlite:///{folder / f'{name}-keys.db'}",
        master_key_file=folder / "master.key",
        documents_dir=folder / "documents",
    )
    migrate(settings.database_url, [METADATA, pair.METADATA])
    migrate_keys(settings.keys_url)
    return pair.BUILDERS[name](settings)
