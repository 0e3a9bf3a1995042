"""From another service's public event to commands of our own (the bodies of schemas.REACTIONS)."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from marshmallow import EXCLUDE

from shared.bus.service_core import Reaction, derived_command
from shared.contracts.catalogue import SOURCES
from shared.kernel.envelope import Command, PublicEvent
from shared.kernel.ids import derived_id


def told(event: PublicEvent) -> dict[str, Any]:
    """What the event says, typed by its contract: ids and dates as such, lists as tuples. Fields
    that a newer publisher adds are left aside; what is missing is missed by the command that wants
    it. Raises ValidationError for a value of another type."""
    schema = SOURCES[event.source][event.type](partial=True, unknown=EXCLUDE)
    data = schema.load(dict(event.data))
    return {name: tuple(v) if isinstance(v, list) else v for name, v in data.items()}


def caused(command_class: type[Command], event: PublicEvent, **other: Any) -> tuple[Command, ...]:
    """The one command an event causes. Fields that the event has by the same name are taken over,
    unless `other` says them. The id follows from the event's: a replay asks for the same thing."""
    wanted = {field.name for field in fields(command_class)}
    taken = {name: value for name, value in told(event).items() if name in wanted}
    command_id = derived_id(event.id, command_class.__name__)
    return (derived_command(command_class, event, command_id, **{**taken, **other}),)


def causes(command_class: type[Command], **other: Any) -> Reaction:
    """The reaction that takes over what the event says and adds what is the same every time."""
    return lambda event: caused(command_class, event, **other)


def told_of_step(service: str, command_class: type[Command]) -> Reaction:
    """The reaction to StepTaken: for the services it is shared with."""
    return lambda event: (
        caused(command_class, event) if service in event.data["shared_with"] else ()
    )
