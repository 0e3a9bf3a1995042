"""Monitoring in memory, with the real rules of the pack: commands, reactions and timers by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain import events as e
from services.monitoring.domain.monitored_case import MonitoredCase
from services.monitoring.publishing import publish
from services.monitoring.schemas import COMMANDS, REACTIONS
from shared.bus.command_schema import load_command
from shared.bus.door import do
from shared.bus.pack_forms import PackForms
from shared.bus.service_core import CLOCK, ServiceCore
from shared.eventstore.memory import MemoryStore
from shared.eventstore.registry import TypeRegistry
from shared.eventstore.unit_of_work import UnitOfWorkFactory
from shared.kernel.envelope import Actor, CommandEnvelope, PublicEvent
from shared.kernel.ids import seeded_ids
from shared.programmes.evaluation import PackRules
from shared.programmes.pack import Pack, load_pack
from tests.support.memory_timers import MemoryTimers
from tests.support.monitoring_events import APPLICANT, CALL, CASE, contract_signed

GRANTEE = Actor(id="grantee-1", roles=("applicant",), organisation=APPLICANT)
OFFICER = Actor(id="officer-1", roles=("programme_officer",))
_FOLDER = Path(__file__).parents[2] / "programmes" / "coprosperity-112"


@cache
def pack() -> Pack:
    """The programme of the first real call."""
    return load_pack(_FOLDER)


class Shelf:
    """The Shelf port: one pack, one call."""

    def document(self, digest: str) -> Mapping[str, Any]:
        assert digest == pack().digest
        return pack().document

    def call(self, call_id: UUID) -> Mapping[str, Any]:
        assert call_id == CALL
        return next(call for call in pack().calls if call["code"] == "112-1")


class NoKeys:
    """Monitoring keeps nothing personal: no key is ever asked for."""

    def find(self, key_ids: Any) -> Mapping[str, Any]:
        return {}


_COMPILED: dict[str, Any] = {}


class Desk:
    """Gives commands as people, timers and other services would."""

    def __init__(self) -> None:
        self.timers = MemoryTimers()
        self._new_id = seeded_ids("desk")
        factory = UnitOfWorkFactory(
            MemoryStore(),
            TypeRegistry(e.EVENTS),
            NoKeys(),  # type: ignore[arg-type]
            new_id=seeded_ids("events"),
        )
        self.core = ServiceCore(
            name="monitoring",
            commands=COMMANDS,
            reactions=REACTIONS,
            units=factory,
            bind=self._ports,
            publish=publish,
        )

    def signed(self, **changed: Any) -> Desk:
        """The contract is signed."""
        self.hear(contract_signed(pack().digest, **changed))
        return self

    def hear(self, event: PublicEvent) -> None:
        """Another service's event."""
        for command in REACTIONS[event.source, event.type](event):
            self._handle(command)

    def do(
        self,
        name: str,
        at: datetime,
        actor: Actor = GRANTEE,
        *,
        expected_version: int | None = None,
        command_id: UUID | None = None,
        **payload: Any,
    ) -> Mapping[str, Any]:
        """One command through the door."""
        envelope = CommandEnvelope(
            command_id=command_id or self._new_id(),
            name=name,
            actor=actor,
            received_at=at,
            payload={"case_id": str(CASE), **payload},
            expected_version=expected_version,
        )
        return do(self.core, envelope)

    def advance(self, to: datetime) -> None:
        """Fire what is due up to `to`, earliest first."""
        while due := sorted(
            (due_at, str(id), id) for id, (due_at, _, _) in self.timers.due.items() if due_at <= to
        ):
            _, _, id = due[0]
            due_at, name, payload = self.timers.due.pop(id)
            self.timers.fired.add(id)
            envelope = CommandEnvelope(
                command_id=id, name=name, actor=CLOCK, received_at=due_at, payload=payload
            )
            self._handle(load_command(COMMANDS[name].command, envelope))

    def case(self) -> MonitoredCase:
        """The case as it stands."""
        with self.core.units.begin() as unit:
            return unit.streams.load(MonitoredCase, "monitoring", CASE)[0]

    def events(self, category: str = "monitoring", id: UUID | str = CASE) -> list[Any]:
        """Everything recorded in a stream of the case."""
        with self.core.units.begin() as unit:
            return [recorded.event for recorded in unit.history(category, id)]

    def of(self, *types: type) -> list[Any]:
        """Events of these types."""
        return [event for event in self.events() if isinstance(event, types)]

    def public(self) -> list[tuple[str, Mapping[str, Any]]]:
        """What monitoring has published of the case, checked against the contracts."""
        with self.core.units.begin() as unit:
            recorded = unit.history("monitoring", CASE)
        return [told for told in map(publish, recorded) if told is not None]

    def _handle(self, command: Any) -> None:
        with self.core.units.begin() as unit:
            COMMANDS[type(command).__name__].handler(command, self._ports(unit))
            unit.commit()

    def _ports(self, unit: Any) -> MonitoringPorts:
        shelf = Shelf()
        return MonitoringPorts(
            streams=unit.streams,
            rules=PackRules(shelf, _COMPILED),
            packs=shelf,
            timers=self.timers,
            forms=PackForms(shelf, _COMPILED),
        )
