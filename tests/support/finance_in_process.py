"""Finance without a broker: commands through the door to the real handlers and rules, over the
in-memory store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.finance import projections
from services.finance.application.ports import FinancePorts
from services.finance.domain import events as e
from services.finance.domain.contract import Contract
from services.finance.projections.contracts import EnterpriseTable
from services.finance.projections.invoices import InvoiceTable
from services.finance.projections.vouchers import VoucherTable
from services.finance.publishing import publish
from services.finance.schemas import COMMANDS, REACTIONS
from shared.bus.door import do
from shared.bus.pack_forms import PackForms
from shared.bus.service_core import ServiceCore
from shared.eventstore.memory import MemoryStore
from shared.eventstore.memory_keys import MemoryKeyStore
from shared.eventstore.registry import TypeRegistry
from shared.eventstore.unit_of_work import UnitOfWorkFactory
from shared.kernel.clock import after_day
from shared.kernel.envelope import Actor, CommandEnvelope, PublicEvent
from shared.kernel.ids import seeded_ids
from shared.programmes.compiled import CompiledPack
from shared.programmes.evaluation import PackRules
from shared.programmes.location import programme_folders
from shared.programmes.pack import load_pack
from shared.projection.packs import PackShelf
from shared.projection.tables import METADATA as SHARED
from shared.projection.timers import TimerTable
from tests.support.finance_events import (
    CALL,
    CASE,
    CLOCK,
    at,
    named,
)


@cache
def pack() -> CompiledPack:
    """The pack of the Digital Co-prosperity Programme."""
    folder = next(f for f in programme_folders() if f.name == "coprosperity-112")
    return CompiledPack(load_pack(folder))


class _Inline:
    """An inline projection over the desk's own database: the in-memory store has none."""

    def __init__(self, module: Any, connection: sa.Connection):
        self.NAME = module.NAME
        self._module, self._connection = module, connection

    def project(self, connection: Any, recorded: Any) -> None:
        """See shared.eventstore.unit_of_work.InlineProjection."""
        self._module.project(self._connection, recorded)


class InProcess:
    """The service without a broker: commands through the door, other services' events as
    reactions, timers fired by hand. `public` holds what was published, checked by contract."""

    def __init__(self, compiled: CompiledPack | None = None) -> None:
        self.pack = compiled or pack()
        self.connection = sa.create_engine("sqlite://").connect()
        for metadata in (SHARED, projections.METADATA):
            metadata.create_all(self.connection)
        inline = [_Inline(module, self.connection) for module in projections.INLINE]
        shelf = PackShelf(self.connection)
        document = self.pack.pack.document
        self.digest = self.pack.pack.digest
        shelf.store(document["id"], document["version"], self.digest, document)
        shelf.store_call(
            CALL, {"call_id": str(CALL), "parameters": self.pack.pack.calls[0]["parameters"]}
        )
        self.units = UnitOfWorkFactory(
            MemoryStore(),
            TypeRegistry(e.EVENTS),
            MemoryKeyStore(),
            inline,
            seeded_ids("finance-desk"),
        )
        self.core = ServiceCore(
            name="finance",
            commands=COMMANDS,
            reactions=REACTIONS,
            units=self.units,
            bind=self._ports,
            publish=publish,
            queries=projections.QUERIES,
        )
        self.timers = TimerTable(self.connection)
        self._count = 0

    def _ports(self, unit: Any) -> FinancePorts:
        shelf = PackShelf(self.connection)
        return FinancePorts(
            streams=unit.streams,
            rules=PackRules(shelf, {self.digest: self.pack}),
            packs=shelf,
            timers=TimerTable(self.connection),
            forms=PackForms(shelf, {self.digest: self.pack}),
            invoices=InvoiceTable(self.connection),
            enterprises=EnterpriseTable(self.connection),
            vouchers=VoucherTable(self.connection),
        )

    def do(self, name: str, actor: Actor, day: str, **payload: Any) -> Mapping[str, Any]:
        """Give one command on that day; ids as UUID, dates as text. case_id is filled in."""
        self._count += 1
        ready = {k: str(v) if isinstance(v, UUID) else v for k, v in payload.items()}
        return do(
            self.core,
            CommandEnvelope(
                command_id=named(f"command-{self._count}"),
                name=name,
                actor=actor,
                received_at=at(day),
                payload={"case_id": str(CASE), **ready},
            ),
        )

    def hear(self, source: str, type: str, day: str, **data: Any) -> None:
        """React to another service's event, as the inbox does."""
        self._count += 1
        event = PublicEvent(
            id=named(f"event-{self._count}"),
            source=source,
            type=type,
            schema_version=1,
            feed_sequence=self._count,
            occurred_at=at(day),
            data=data,
            subject=CASE,
            actor_id="olga",
        )
        with self.units.begin() as unit:
            for command in REACTIONS[source, type](event):
                COMMANDS[command.__class__.__name__].handler(command, self._ports(unit))
            unit.commit()

    def pass_day(self, day: str) -> list[str]:
        """Fire every timer due by the end of that day; their commands' names."""
        fired = []
        for timer in self.timers.due(after_day(date.fromisoformat(day)), 100):
            self.timers.fired(timer.id)
            self._count += 1
            do(
                self.core,
                CommandEnvelope(
                    command_id=timer.id,
                    name=timer.command,
                    actor=CLOCK,
                    received_at=timer.due_at,
                    payload=timer.payload,
                ),
            )
            fired.append(timer.command)
        return fired

    @property
    def contract(self) -> Contract:
        """The contract as it stands."""
        with self.units.begin() as unit:
            return unit.streams.load(Contract, "contract", CASE)[0]

    def history(self) -> list[Any]:
        """All recorded events of the contract."""
        with self.units.begin() as unit:
            return unit.history("contract", CASE)

    def types(self) -> list[str]:
        """Types of all events so far."""
        return [recorded.type for recorded in self.history()]

    def published(self) -> list[tuple[str, Mapping[str, Any]]]:
        """(type, data) of every public event; each has passed its contract."""
        found = (publish(recorded) for recorded in self.history())
        return [event for event in found if event is not None]

    def query(self, name: str, **params: Any) -> Any:
        """A query as the command line gives it."""
        return projections.QUERIES[name](self, **params)
