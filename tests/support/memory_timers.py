"""Timers in memory, fired by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID


class MemoryTimers:
    """The Timers port."""

    def __init__(self) -> None:
        self.due: dict[UUID, tuple[datetime, str, Mapping[str, Any]]] = {}
        self.fired: set[UUID] = set()

    def schedule(
        self, id: UUID, due_at: datetime, command: str, payload: Mapping[str, Any]
    ) -> None:
        if id not in self.fired:
            self.due[id] = (due_at, command, dict(payload))

    def cancel(self, id: UUID) -> None:
        self.due.pop(id, None)
