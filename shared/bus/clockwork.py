"""Firing due timers: one command of the clock actor per timer, in one unit of work each."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from shared.bus.command_schema import load_command
from shared.bus.door import append_refusal, repeat_on_conflict
from shared.bus.service_core import CLOCK, ServiceCore
from shared.kernel.envelope import Command, CommandEnvelope
from shared.kernel.errors import DomainError
from shared.projection.timers import DueTimer, TimerTable


def next_due(core: ServiceCore) -> datetime | None:
    """The earliest due instant of this service's timers."""
    with core.units.begin() as unit:
        return TimerTable(unit.connection).next_due()


def fire_due(core: ServiceCore, until: datetime, limit: int = 100) -> int:
    """Fire timers due at or before `until`, earliest first; how many were fired."""
    with core.units.begin() as unit:
        due = TimerTable(unit.connection).due(until, limit)
    return sum(repeat_on_conflict(partial(_fire, core, timer)) for timer in due)


def _fire(core: ServiceCore, timer: DueTimer) -> int:
    spec = core.commands[timer.command]
    command = load_command(
        spec.command,
        CommandEnvelope(
            command_id=timer.id,
            name=timer.command,
            actor=CLOCK,
            received_at=timer.due_at,
            payload=timer.payload,
        ),
    )
    try:
        return _perform(core, timer, command)
    except DomainError as refusal:
        return _refuse(core, timer, command, refusal)


def _perform(core: ServiceCore, timer: DueTimer, command: Command) -> int:
    with core.units.begin() as unit:
        if not TimerTable(unit.connection).fired(timer.id):
            return 0
        core.commands[timer.command].handler(command, core.bind(unit))
        unit.commit()
        return 1


def _refuse(core: ServiceCore, timer: DueTimer, command: Command, refusal: DomainError) -> int:
    """Nobody waits for the answer: the refusal becomes our own fact."""
    with core.units.begin() as unit:
        if not TimerTable(unit.connection).fired(timer.id):
            return 0
        append_refusal(core, unit, core.commands[timer.command], command, refusal)
        unit.commit()
        return 1
