"""One service as both runners see it: commands, reactions, timers, feed, queries.

The embedded runner and the nameko entrypoints are thin layers over a ServiceCore; everything
that must commit together commits here (architecture.md 4.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.bus.publication import Publication
from shared.kernel.envelope import Actor, Command, PublicEvent

CLOCK = Actor(id="clock", roles=("clock",))
"""Gives the commands of timers and of reactions to other services' events."""

Answer = Mapping[str, Any]
Handler = Callable[[Any, Any], Answer | None]
"""handler(command, ports): load, decide, append; what it returns is added to the answer."""

Reaction = Callable[[PublicEvent], Sequence[Command]]
"""Another service's event as our own commands, with ids derived from the event's id."""


Target = Callable[[Any], tuple[str, UUID | str]]
"""The stream a command is about (category, id), which is where expected_version is compared and a
CommandRefused is stored."""


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A command: its class, its handler, and its target."""

    command: type[Command]
    handler: Handler
    target: Target


def about(category: str, field: str = "case_id") -> Target:
    """The target of commands that carry their stream's id in a field."""
    return lambda command: (category, getattr(command, field))


def specs(
    targets: Mapping[type[Command], Target], handlers: Mapping[str, Handler]
) -> Mapping[str, CommandSpec]:
    """Name -> spec. Raises KeyError for a command without handler."""
    return {
        command.__name__: CommandSpec(command, handlers[command.__name__], target)
        for command, target in targets.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCore:
    """The composed service; built by services/<name>/wiring.py."""

    name: str
    commands: Mapping[str, CommandSpec]
    reactions: Mapping[tuple[str, str], Reaction]  # (source, short name)
    units: Any  # shared.eventstore.unit_of_work.UnitOfWorkFactory
    bind: Callable[[Any], Any]  # unit of work -> the service's Ports
    publish: Publication
    queries: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # (uow, **params)
    case_of: Callable[[Command], UUID | None] = lambda command: getattr(command, "case_id", None)

    @property
    def listens_to(self) -> tuple[str, ...]:
        """The services whose feeds this one follows."""
        return sources_of(self.name, self.reactions)


def sources_of(name: str, reactions: Mapping[tuple[str, str], Reaction]) -> tuple[str, ...]:
    """Whom a service with these reactions listens to; every one follows intake's packs."""
    sources = {source for source, _ in reactions}
    if name != "intake":
        sources.add("intake")
    return tuple(sorted(sources))


def derived_command(
    command_class: type[Command], event: PublicEvent, command_id: UUID, **payload: Any
) -> Command:
    """A reaction's command: caused by the event, at the event's own instant, by the clock."""
    return command_class(
        command_id=command_id,
        actor=CLOCK,
        received_at=event.occurred_at,
        causation_id=event.id,
        **payload,
    )
