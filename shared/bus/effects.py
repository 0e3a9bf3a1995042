"""What another service's event does here, inside the open unit of work of whoever handles it."""

from __future__ import annotations

from typing import Any

from shared.bus.door import append_refusal
from shared.bus.erasing import erase
from shared.bus.service_core import ServiceCore
from shared.kernel.envelope import PublicEvent
from shared.kernel.errors import DomainError
from shared.projection.packs import PackShelf


def perform(core: ServiceCore, unit: Any, event: PublicEvent) -> None:
    """The effects of one event, inside the open unit of work."""
    shelve(unit, event)
    erase(core, unit, event)
    reaction = core.reactions.get((event.source, event.type))
    for command in reaction(event) if reaction else ():
        core.commands[type(command).__name__].handler(command, core.bind(unit))


def shelve(unit: Any, event: PublicEvent) -> None:
    """Keep published packs and calls; every service needs them to decide."""
    data = event.data
    if event.type == "PackPublished":
        PackShelf(unit.connection).store(
            data["programme_id"], data["version"], data["digest"], data["pack"]
        )
    elif event.type == "CallPublished":
        PackShelf(unit.connection).store_call(data["call_id"], data)


def record_refusals(core: ServiceCore, unit: Any, event: PublicEvent, refusal: DomainError) -> None:
    """One CommandRefused for each command that the event would have given."""
    for command in core.reactions[event.source, event.type](event):
        append_refusal(core, unit, core.commands[type(command).__name__], command, refusal)
