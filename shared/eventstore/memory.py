"""The in-memory twin: the same promises without SQL, for unit tests. connection is None."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.eventstore.memory_sealing import MemorySealing
from shared.eventstore.once import first_answer, summary_of
from shared.eventstore.sql_store import as_stored, check_append
from shared.eventstore.store import NewEvent, StoredEvent
from shared.kernel.canonical import canonical_json
from shared.kernel.clock import instant_text
from shared.kernel.errors import VersionConflict


class MemoryTransaction:
    """Appends wait in a list until commit; see store.Transaction."""

    connection = None

    def __init__(self, store: MemoryStore):
        self._store = store
        self._pending: list[tuple[StoredEvent, UUID | None]] = []
        self._answers: dict[UUID, tuple[str, Mapping[str, Any]]] = {}

    def append(
        self, stream: str, events: Sequence[NewEvent], expected_version: int
    ) -> Sequence[StoredEvent]:
        """See store.Transaction."""
        check_append(stream, events, expected_version)
        actual = len(self.read_stream(stream))
        if actual != expected_version:
            raise VersionConflict(f"{stream} is at {actual}, {expected_version} was expected")
        rows = as_stored(stream, events, expected_version, instant_text(datetime.now(UTC)))
        self._pending.extend(
            (row, new.correlation_id) for row, new in zip(rows, events, strict=True)
        )
        return rows

    def read_stream(self, stream: str, after_version: int = 0) -> Sequence[StoredEvent]:
        """See store.Transaction."""
        own = [row for row, _ in self._pending if row.stream == stream]
        return [
            row for row in (*self._store.read_stream(stream), *own) if row.version > after_version
        ]

    def answer_of(self, command_id: UUID) -> tuple[str, Mapping[str, Any]] | None:
        """See store.Transaction."""
        return self._answers.get(command_id) or self._store.answers.get(command_id)

    def remember(self, command_id: UUID, digest: str, answer: Mapping[str, Any]) -> None:
        """See store.Transaction."""
        canonical_json(answer)
        self._answers[command_id] = (digest, dict(answer))

    def commit(self) -> None:
        """See store.Transaction."""
        self._store.accept(self._pending, self._answers)
        self._pending, self._answers = [], {}


class MemoryStore(MemorySealing):
    """A store that lives as long as its object; safe across threads."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[StoredEvent, UUID | None]] = []  # position - 1 is the index
        self.answers: dict[UUID, tuple[str, Mapping[str, Any]]] = {}
        self._streams: dict[str, list[int]] = {}
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        """See store.EventStore."""
        yield MemoryTransaction(self)

    def accept(
        self,
        pending: Sequence[tuple[StoredEvent, UUID | None]],
        answers: Mapping[UUID, tuple[str, Mapping[str, Any]]],
    ) -> None:
        """Take a transaction's work, all or nothing. Raises VersionConflict."""
        with self._lock:
            for command_id in answers:
                if command_id in self.answers:
                    raise VersionConflict(f"command {command_id} was answered meanwhile")
            seen: dict[str, int] = {}
            for row, _ in pending:
                last = seen.get(row.stream, len(self._streams.get(row.stream, ())))
                if row.version != last + 1:
                    raise VersionConflict(f"{row.stream} is at {last}")
                seen[row.stream] = row.version
            for row, correlation_id in pending:
                self._streams.setdefault(row.stream, []).append(len(self.rows))
                self.rows.append((row, correlation_id))
            self.answers.update(answers)

    def append_once(
        self,
        stream: str,
        events: Sequence[NewEvent],
        expected_version: int,
        command_id: UUID,
        command_digest: str,
    ) -> Sequence[StoredEvent]:
        """See store.EventStore."""
        with self._lock, self.transaction() as transaction:
            earlier = first_answer(transaction, stream, command_id, command_digest)
            if earlier is not None:
                return earlier
            rows = transaction.append(stream, events, expected_version)
            transaction.remember(command_id, command_digest, summary_of(rows))
            transaction.commit()
            return rows

    def read_stream(self, stream: str, after_version: int = 0) -> Sequence[StoredEvent]:
        """See store.EventStore."""
        with self._lock:
            indexes = self._streams.get(stream, [])[after_version:]
            return [self._numbered(index) for index in indexes]

    def read_log(self, after_sequence: int, limit: int) -> Sequence[StoredEvent]:
        """See store.EventStore."""
        with self._lock:
            entries = self.log[after_sequence : after_sequence + limit]
            return [self._numbered(entry.position - 1) for entry in entries]

    def read_feed(self, after_feed_sequence: int, limit: int) -> Sequence[StoredEvent]:
        """See store.EventStore."""
        with self._lock:
            public = self.public[after_feed_sequence : after_feed_sequence + limit]
            return [self._numbered(self.log[index].position - 1) for index in public]

    def read_streams(self, correlation_id: UUID) -> Iterator[StoredEvent]:
        """See store.EventStore."""
        with self._lock:
            indexes = [i for i, (_, case) in enumerate(self.rows) if case == correlation_id]
            return iter([self._numbered(index) for index in indexes])

    def find(self, event_id: UUID) -> StoredEvent | None:
        """See store.EventStore."""
        with self._lock:
            for index, (row, _) in enumerate(self.rows):
                if row.id == event_id:
                    return self._numbered(index)
        return None

    def close(self) -> None:
        """Nothing to give back."""

    def _numbered(self, index: int) -> StoredEvent:
        row, _ = self.rows[index]
        entry = self.sealed_at(index + 1)
        if entry is None:
            return row
        return replace(row, sequence=entry.sequence, feed_sequence=entry.feed_sequence)
