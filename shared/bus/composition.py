"""What every composition root does the same way: open the store, bind the ports, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from shared.bus.pack_forms import PackForms
from shared.bus.publication import Publication
from shared.bus.service_core import CommandSpec, Reaction, ServiceCore
from shared.bus.settings import ServiceSettings, open_units
from shared.eventstore.unit_of_work import InlineProjection, UnitOfWork
from shared.kernel.streams import Ports
from shared.programmes.compiled import CompiledPack
from shared.programmes.evaluation import PackRules
from shared.projection.packs import PackShelf
from shared.projection.timers import TimerTable

P = TypeVar("P", bound=Ports)


class Projections(Protocol):
    """A service's projections package."""

    @property
    def INLINE(self) -> Sequence[InlineProjection]:
        """In the order they are written."""
        ...

    @property
    def QUERIES(self) -> Mapping[str, Callable[..., Any]]:
        """Name -> function(unit, **params)."""
        ...


@dataclass(frozen=True, slots=True)
class Bound:
    """One open unit of work with the adapters that services share."""

    unit: UnitOfWork
    packs: PackShelf
    timers: TimerTable
    compiled: dict[str, CompiledPack]

    @property
    def connection(self) -> Any:
        """Of the open transaction."""
        return self.unit.connection

    def ports(self, ports: type[P], **own: Any) -> P:
        """The service's ports: those all have, and its own."""
        return ports(
            streams=self.unit.streams,
            rules=PackRules(self.packs, self.compiled),
            packs=self.packs,
            timers=self.timers,
            forms=PackForms(self.packs, self.compiled),
            **own,
        )


def compose(
    name: str,
    settings: ServiceSettings,
    *,
    events: Sequence[type],
    projections: Projections,
    commands: Mapping[str, CommandSpec],
    reactions: Mapping[tuple[str, str], Reaction],
    publish: Publication,
    ports: Callable[[Bound], Ports],
) -> ServiceCore:
    """A service over the databases of `settings`; packs are compiled once per process."""
    compiled: dict[str, CompiledPack] = {}

    def bind(unit: UnitOfWork) -> Ports:
        connection = unit.connection
        return ports(Bound(unit, PackShelf(connection), TimerTable(connection), compiled))

    return ServiceCore(
        name=name,
        commands=commands,
        reactions=reactions,
        units=open_units(settings, events, projections.INLINE, publish),
        bind=bind,
        publish=publish,
        queries=projections.QUERIES,
    )
