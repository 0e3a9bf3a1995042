"""One transaction for one command: streams, inline projections and the command's answer.

with factory.begin() as uow:
    handler(command, streams=uow.streams, ...)
    uow.commit()            # the entry commits, a handler never does

(A little over a page: factory, unit and its streams are one thing.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Table

from shared.eventstore import personal
from shared.eventstore.codec import encode
from shared.eventstore.folded import FoldedStates
from shared.eventstore.hashing import stream_name
from shared.eventstore.reader import EventReader, metadata_tree
from shared.eventstore.registry import TypeRegistry
from shared.eventstore.sealing import SealedStore
from shared.eventstore.store import NewEvent, StoredEvent, Transaction
from shared.eventstore.subject_keys import DataKey, KeyStore
from shared.kernel.canonical import canonical_json
from shared.kernel.decisions import Decision
from shared.kernel.envelope import Command, Metadata, RecordedEvent
from shared.kernel.ids import NewId, random_id
from shared.kernel.streams import Aggregate

A = TypeVar("A", bound=Aggregate)


class InlineProjection(Protocol):
    """A read model written in the command's own transaction."""

    NAME: str

    @property
    def TABLES(self) -> Sequence[Table]:
        """What it fills; nothing else may be read or written by it."""
        ...

    def project(self, connection: Any, recorded: RecordedEvent) -> None:
        """Once per event, in append order; connection is None on the in-memory store."""
        ...


class UnitOfWorkFactory:
    """Built once in a service's wiring. `promise` raises for an event that must not be committed,
    as it could not be published; it sees each one when it is appended."""

    def __init__(
        self,
        store: SealedStore,
        registry: TypeRegistry,
        keys: KeyStore,
        inline: Sequence[InlineProjection] = (),
        new_id: NewId = random_id,
        promise: Callable[[RecordedEvent], object] = lambda recorded: None,
    ):
        self.store = store
        self.registry = registry
        self.keys = keys
        self.inline = tuple(inline)
        self.new_id = new_id
        self.promise = promise
        self.reader = EventReader(store, registry, keys)
        self.folded = FoldedStates()

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """Open one transaction; leaving without commit() rolls back."""
        with self.store.transaction() as transaction:
            yield UnitOfWork(self, transaction)


class UnitOfWork:
    """The open transaction. `recorded` lists what was appended so far, hashes included."""

    def __init__(self, factory: UnitOfWorkFactory, transaction: Transaction):
        self.connection = transaction.connection
        self.recorded: list[RecordedEvent] = []
        self.streams = UnitStreams(factory, transaction, self.recorded)
        self.reader = factory.reader
        self.keys = factory.keys
        self.after_commit: list[Callable[[], object]] = []  # repeatable, and never the only way
        self._transaction = transaction

    def history(self, category: str, id: UUID | str) -> list[RecordedEvent]:
        """All events of one stream, those of this unit included."""
        return list(self.streams.history(category, id))

    def version_of(self, category: str, id: UUID | str) -> int:
        """The stream's version, what this unit appended included; 0 = no stream yet."""
        rows = self._transaction.read_stream(stream_name(category, id))
        return rows[-1].version if rows else 0

    def answer_of(self, command_id: UUID) -> tuple[str, Mapping[str, Any]] | None:
        """(digest of the command's content, its answer), or None when it is new."""
        return self._transaction.answer_of(command_id)

    def remember(self, command_id: UUID, digest: str, answer: Mapping[str, Any]) -> None:
        """Store the answer with the facts. Raises VersionConflict for a concurrent twin."""
        self._transaction.remember(command_id, digest, answer)

    def commit(self) -> None:
        """Make everything durable, together; then do what waited for that."""
        self._transaction.commit()
        for effect in self.after_commit:
            effect()


class UnitStreams:
    """shared.kernel.streams.Streams over an open transaction."""

    def __init__(
        self, factory: UnitOfWorkFactory, transaction: Transaction, recorded: list[RecordedEvent]
    ):
        self._factory = factory
        self._transaction = transaction
        self._recorded = recorded
        self._keys: dict[str, DataKey] = {}
        self._written: set[str] = set()

    def load(self, aggregate: type[A], category: str, id: UUID | str) -> tuple[A, int]:
        """The folded state and its version (0 = no stream yet)."""
        stream = stream_name(category, id)
        version, state = self._factory.folded.get(aggregate, stream)
        rows = self._transaction.read_stream(stream, version)
        for recorded in self._factory.reader.decode(rows):
            state = state.apply(recorded.event)
        version = rows[-1].version if rows else version
        if rows and stream not in self._written:
            self._factory.folded.keep(aggregate, stream, version, state)
        return state, version

    def history(self, category: str, id: UUID | str) -> Sequence[RecordedEvent]:
        """All events of one stream, those of this unit included."""
        rows = self._transaction.read_stream(stream_name(category, id))
        return self._factory.reader.decode(rows)

    def append(
        self,
        category: str,
        id: UUID | str,
        events: Sequence[object],
        *,
        expected_version: int,
        caused_by: Command,
        case: UUID | None = None,
        decision: Decision | None = None,
    ) -> None:
        """Encode, encrypt, store and project. Raises VersionConflict, SubjectErased and what
        the factory's promise raises."""
        if not events:
            return
        metadata = Metadata(
            actor=caused_by.actor,
            occurred_at=caused_by.received_at,
            correlation_id=case,
            causation_id=caused_by.causation_id,
            command_id=caused_by.command_id,
            command=type(caused_by).__name__,
            decision=decision.as_dict() if decision else None,
        )
        stream = stream_name(category, id)
        self._written.add(stream)
        new_events = [self._new_event(stream, event, metadata) for event in events]
        rows = self._transaction.append(stream, new_events, expected_version)
        for row, event in zip(rows, events, strict=True):
            self._project(_recorded(row, event, metadata))

    def _new_event(self, stream: str, event: object, metadata: Metadata) -> NewEvent:
        event_id = self._factory.new_id()
        type, schema_version, data = self._factory.registry.encode(event)
        around = {"metadata": encode(metadata_tree(metadata))}
        return NewEvent(
            id=event_id,
            type=type,
            schema_version=schema_version,
            data=canonical_json(personal.seal(data, stream, event_id, self._key_for)),
            metadata=canonical_json(
                personal.seal(around, stream, event_id, self._key_for)["metadata"]
            ),
            correlation_id=metadata.correlation_id,
        )

    def _key_for(self, subject: str) -> DataKey:
        if subject not in self._keys:
            self._keys[subject] = self._factory.keys.key_for(subject)
        return self._keys[subject]

    def _project(self, recorded: RecordedEvent) -> None:
        self._factory.promise(recorded)
        self._recorded.append(recorded)
        for projection in self._factory.inline:
            projection.project(self._transaction.connection, recorded)


def _recorded(row: StoredEvent, event: object, metadata: Metadata) -> RecordedEvent:
    return RecordedEvent(
        id=row.id,
        stream=row.stream,
        version=row.version,
        type=row.type,
        schema_version=row.schema_version,
        event=event,
        metadata=metadata,
        recorded_at=row.recorded_at,
        event_hash=row.event_hash(),
    )
