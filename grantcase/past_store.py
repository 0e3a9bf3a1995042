"""What a command that is tried out on the past finds in the place of its service's store."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from shared.bus.service_core import ServiceCore
from shared.eventstore.hashing import stream_name
from shared.kernel.envelope import RecordedEvent
from shared.projection.packs import PackShelf


class PastStreams:
    """shared.kernel.streams.Streams over what was folded so far; what a handler appends is let
    go, because it is tried out only."""

    def __init__(self) -> None:
        self._rows: dict[str, list[RecordedEvent]] = {}
        self._states: dict[tuple[type, str], tuple[int, Any]] = {}

    def fold(self, recorded: RecordedEvent) -> None:
        """The next event of the log."""
        self._rows.setdefault(recorded.stream, []).append(recorded)

    def load(self, aggregate: type, category: str, id: Any) -> tuple[Any, int]:
        """The state as it is now."""
        stream = stream_name(category, id)
        rows = self._rows.get(stream, [])
        done, state = self._states.get((aggregate, stream), (0, None))
        state = aggregate() if state is None else state
        for recorded in rows[done:]:
            state = state.apply(recorded.event)
        if rows:
            self._states[aggregate, stream] = len(rows), state
        return state, len(rows)

    def history(self, category: str, id: Any) -> Sequence[RecordedEvent]:
        """The stream so far."""
        return self._rows.get(stream_name(category, id), [])

    def append(self, *given: Any, **options: Any) -> None:
        """Tried out only."""


class PastShelf:
    """The Packs port, asked once for each pack and call: they never change."""

    def __init__(self, shelf: PackShelf):
        self.document = cache(shelf.document)
        self.call = cache(shelf.call)


class PastUnit:
    """The part of a unit of work that adapters ask for."""

    def __init__(self, connection: sa.Connection, streams: PastStreams, core: ServiceCore):
        self.connection = connection
        self.streams = streams
        self.keys = core.units.keys
        self.reader = core.units.reader
        self.recorded: list[RecordedEvent] = []
        self.after_commit: list[Any] = []
