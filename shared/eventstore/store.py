"""The store's port: one append-only log per service, in its own database (architecture.md 4).

Numbers: `version` in a stream; `position` drawn at insert, private to this package; `sequence`
sealed, gap-free; `feed_sequence` sealed, gap-free over public events only.

Writers use transaction() or append_once(); the sequencer uses sealing.SealStorage; everyone else
reads sealed rows with a plain integer cursor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shared.eventstore.hashing import event_hash, hashed_text
from shared.kernel.clock import instant_text


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event ready to be stored: data and metadata are canonical JSON text (ciphertext inside).

    correlation_id repeats the one in metadata (the case), so that a case can be read by index.
    """

    id: UUID
    type: str
    schema_version: int
    data: str
    metadata: str
    correlation_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """A row as it is stored; sequence and feed_sequence are None until sealed."""

    id: UUID
    stream: str
    version: int
    type: str
    schema_version: int
    data: str
    metadata: str
    recorded_at: datetime
    sequence: int | None = None
    feed_sequence: int | None = None

    def hashed(self) -> str:
        """Canonical JSON of {id, stream, version, type, schema_version, data, metadata,
        recorded_at}: what the event hash covers. data and metadata as JSON values."""
        return hashed_text(
            str(self.id),
            self.stream,
            self.version,
            self.type,
            self.schema_version,
            self.data,
            self.metadata,
            instant_text(self.recorded_at),
        )

    def event_hash(self) -> str:
        """SHA-256 of hashed() as 64 hex digits."""
        return event_hash(self.hashed()).hex()


class Transaction(Protocol):
    """One database transaction of the service's own store. Leaving the block without commit()
    rolls back."""

    connection: Any  # sqlalchemy.Connection: inline projections, timers, inbox; None in memory

    def append(
        self, stream: str, events: Sequence[NewEvent], expected_version: int
    ) -> Sequence[StoredEvent]:
        """Insert at versions expected_version + 1, ... Raises VersionConflict."""
        ...

    def read_stream(self, stream: str, after_version: int = 0) -> Sequence[StoredEvent]:
        """Events of one stream in order, those appended in this transaction included."""
        ...

    def answer_of(self, command_id: UUID) -> tuple[str, Mapping[str, Any]] | None:
        """(digest of the command's content, stored answer), or None when it is new."""
        ...

    def remember(self, command_id: UUID, digest: str, answer: Mapping[str, Any]) -> None:
        """Store the answer; a concurrent twin raises VersionConflict, so that it is repeated."""
        ...

    def commit(self) -> None:
        """Make everything durable, together."""
        ...


class EventStore(Protocol):
    """What PostgreSQL, SQLite and the in-memory twin all offer."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open one transaction."""
        ...

    def append_once(
        self,
        stream: str,
        events: Sequence[NewEvent],
        expected_version: int,
        command_id: UUID,
        command_digest: str,
    ) -> Sequence[StoredEvent]:
        """The hot door: append and remember the command id in one round trip and commit.
        A repeated id with the same digest returns the first answer; other content raises
        CommandIdReused."""
        ...

    def read_stream(self, stream: str, after_version: int = 0) -> Sequence[StoredEvent]:
        """Committed events of one stream in order, sealed or not."""
        ...

    def read_log(self, after_sequence: int, limit: int) -> Sequence[StoredEvent]:
        """Sealed events in sequence order."""
        ...

    def read_feed(self, after_feed_sequence: int, limit: int) -> Sequence[StoredEvent]:
        """Sealed public events in feed_sequence order."""
        ...

    def read_streams(self, correlation_id: UUID) -> Iterator[StoredEvent]:
        """All events of one case, over its streams, in position order."""
        ...

    def find(self, event_id: UUID) -> StoredEvent | None:
        """One committed event by its id."""
        ...

    def close(self) -> None:
        """Give back every connection."""
        ...
