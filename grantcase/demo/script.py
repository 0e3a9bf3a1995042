"""Giving the demo's commands: simulated time, ids equal in every run, a log of steps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from grantcase import commands
from grantcase.backend import Backend, Refused
from shared.kernel.clock import parse_instant, taipei_date
from shared.kernel.envelope import Actor
from shared.kernel.ids import derived_id

Tell = Callable[[str], None]


class UnexpectedAnswer(Exception):
    """A step of the demo was answered otherwise than the story says."""


class Script:
    """A Backend with a story's voice."""

    def __init__(
        self,
        backend: Backend,
        tell: Tell,
        *,
        name: str = "demo",
        wait: Callable[[datetime], None] | None = None,
    ):
        """`name` keeps the ids of several scripts apart; `wait` is how time passes when another
        story has its turn in between."""
        self.backend = backend
        self._tell = tell
        self._name = name
        self._wait = wait or backend.advance
        self.given = Counter[str]()
        self.refused: list[Mapping[str, Any]] = []
        self._steps = 0

    def tell(self, *lines: str) -> None:
        """One step of the story under the day it happens; further lines stand below."""
        first, *others = lines
        self._tell(f"{taipei_date(self.backend.now())}  {first}")
        for line in others:
            self._tell(f"            {line}")

    def heading(self, line: str) -> None:
        """A new part of the story."""
        self._tell(line)

    def at(self, instant: str) -> None:
        """Move the clock; every timer on the way fires."""
        self._wait(parse_instant(instant))

    def do(self, actor: Actor, command: str, /, **payload: Any) -> Mapping[str, Any]:
        """Give a command that must be accepted."""
        try:
            return self._give(actor, command, payload)
        except Refused as refused:
            raise UnexpectedAnswer(
                f"{command} as {actor.id}: {json.dumps(refused.answer, ensure_ascii=False)}"
            ) from None

    def refuse(self, actor: Actor, command: str, /, **payload: Any) -> Mapping[str, Any]:
        """Give a command that must be refused; the error document."""
        try:
            self._give(actor, command, payload)
        except Refused as refused:
            self.refused.append(refused.answer)
            return refused.answer
        raise UnexpectedAnswer(f"{command} as {actor.id} was accepted, the story says refused")

    def _give(self, actor: Actor, command: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        service, _ = commands.find(command)
        self._steps += 1
        envelope = commands.envelope(
            command,
            as_json(payload),
            actor,
            self.backend.now(),
            derived_id(self._name, self._steps, command),
        )
        self.given[service] += 1
        return self.backend.do(service, envelope)


def as_json(value: Any) -> Any:
    """A payload as it would stand in a JSON file."""
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
