"""Firing due timers: one command of the clock actor per timer, in one unit of work each.

A timer whose handler fails for an unknown cause is tried again, at most TRIES times, and then
parked in its lane, as an event is (shared.bus.inbox). Meanwhile, and while it is parked, the
later timers of its case wait; all others go on.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from shared.bus import lanes
from shared.bus.command_schema import load_command
from shared.bus.door import append_refusal, repeat_on_conflict
from shared.bus.inbox import INFRASTRUCTURE, TRIES, Outcome
from shared.bus.service_core import CLOCK, ServiceCore
from shared.kernel.envelope import Command, CommandEnvelope
from shared.kernel.errors import DomainError, InvalidInput
from shared.kernel.streams import UnknownPack
from shared.projection.timers import DueTimer, TimerTable

_log = logging.getLogger(__name__)


class UnreadableTimer(Exception):
    """The stored command is unknown to this program or does not pass its schema."""


def next_due(core: ServiceCore) -> datetime | None:
    """The earliest due instant of this service's timers; parked ones are not due."""
    with core.units.begin() as unit:
        return TimerTable(unit.connection).next_due()


def fire_due(core: ServiceCore, until: datetime, limit: int = 100) -> int:
    """Fire timers due at or before `until`, earliest first; how many were fired.

    Raises an infrastructure fault (INFRASTRUCTURE) at once when the database is away; one that
    only a single timer meets is raised after the others have been fired. That timer stays due.
    """
    with core.units.begin() as unit:
        due = TimerTable(unit.connection).due(until, limit)
    fired, held, postponed = 0, set[str](), None
    for timer in due:
        if timer.lane in held:
            continue
        try:
            outcome = _fire(core, timer)
        except INFRASTRUCTURE as fault:
            _must_answer(core)
            outcome, postponed = Outcome.RETRY, postponed or fault
        if outcome is Outcome.RETRY:
            held.add(timer.lane)
        fired += outcome is Outcome.APPLIED
    if postponed is not None:
        raise postponed
    return fired


def fire_again(core: ServiceCore, timer: DueTimer) -> Outcome:
    """A parked timer once more, at its own instant. Raises what its handler raises, except a
    refusal, which is recorded: the timer then stays parked."""
    return repeat_on_conflict(partial(_attempt, core, timer, "parked"))


def _must_answer(core: ServiceCore) -> None:
    """Raises the driver's error when not the timer but the database is the trouble."""
    with core.units.begin() as unit:
        unit.connection.execute(sa.select(1))


def _fire(core: ServiceCore, timer: DueTimer) -> Outcome:
    try:
        return repeat_on_conflict(partial(_attempt, core, timer, "due"))
    except INFRASTRUCTURE:
        raise
    except Exception as error:  # whatever it is, the timers after this one must not wait for it
        return _count(core, timer, error)


def _attempt(core: ServiceCore, timer: DueTimer, was: str) -> Outcome:
    command = _command(core, timer)
    try:
        return _perform(core, timer, command, was)
    except DomainError as refusal:
        return _refuse(core, timer, command, was, refusal)


def _command(core: ServiceCore, timer: DueTimer) -> Command:
    if timer.command not in core.commands:
        raise UnreadableTimer(f"{core.name} has no command {timer.command}")
    envelope = CommandEnvelope(
        command_id=timer.id,
        name=timer.command,
        actor=CLOCK,
        received_at=timer.due_at,
        payload=timer.payload,
    )
    try:
        return load_command(core.commands[timer.command].command, envelope)
    except InvalidInput as error:  # not a refusal: nobody could correct it and send it again
        raise UnreadableTimer(f"{timer.command}: {error}") from error


def _perform(core: ServiceCore, timer: DueTimer, command: Command, was: str) -> Outcome:
    with core.units.begin() as unit:
        table = TimerTable(unit.connection)
        if was == "due" and lanes.is_blocked(unit.connection, timer.lane):
            parked = table.park(timer, lanes.WAITS)
            unit.commit()
            return Outcome.PARKED if parked else Outcome.OLD
        if not table.fired(timer.id, was=was):
            return Outcome.OLD
        core.commands[timer.command].handler(command, core.bind(unit))
        unit.commit()
        return Outcome.APPLIED


def _refuse(
    core: ServiceCore, timer: DueTimer, command: Command, was: str, refusal: DomainError
) -> Outcome:
    """Nobody waits for the answer: the refusal becomes our own fact."""
    with core.units.begin() as unit:
        if not TimerTable(unit.connection).fired(timer.id, was=was):
            return Outcome.OLD
        append_refusal(core, unit, core.commands[timer.command], command, refusal)
        unit.commit()
        return Outcome.APPLIED


def _count(core: ServiceCore, timer: DueTimer, error: Exception) -> Outcome:
    """One more failure; the last one parks, in the same transaction. An unknown pack parks at
    once: no second try brings it."""
    text = lanes.fault_text(error)
    with core.units.begin() as unit:
        table = TimerTable(unit.connection)
        tries = table.failed(timer, text)
        parked = tries >= TRIES or isinstance(error, UnknownPack)
        if parked and not table.park(timer, text):
            return Outcome.OLD
        unit.commit()
    what = f"timer {timer.id} ({timer.command}) of lane {timer.lane}"
    _log.error("%s: %s failed, try %s: %s", core.name, what, tries, text, exc_info=error)
    return Outcome.PARKED if parked else Outcome.RETRY
