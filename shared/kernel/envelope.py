"""What surrounds a message: who, when, caused by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: an opaque id, system roles, and the 統一編號 of the actor's organisation."""

    id: str
    roles: tuple[str, ...]
    organisation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """The part every command has; each command adds its own fields.

    received_at was stamped by the edge (a reaction: occurred_at of its cause; a timer: its due
    instant) and becomes occurred_at of the events. expected_version, when given, is the version
    of the target stream that the caller decided on. message_id is the event or timer that caused
    the command when it is a reaction, else None.
    """

    command_id: UUID
    actor: Actor
    received_at: datetime
    expected_version: int | None = None
    causation_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandEnvelope:
    """A command on the wire: name and payload, before its schema has read it."""

    command_id: UUID
    name: str
    actor: Actor
    received_at: datetime
    payload: Mapping[str, Any]
    expected_version: int | None = None
    causation_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Stored beside every event. correlation_id is the case; decision is Decision.as_dict();
    command is the name of the command that the actor gave."""

    actor: Actor
    occurred_at: datetime
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    command_id: UUID | None = None
    command: str | None = None
    decision: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """One stored event, upcast to its present shape; `event` is the service's own dataclass.

    sequence and feed_sequence are None until sealed (feed_sequence: public events only).
    """

    id: UUID
    stream: str
    version: int
    type: str
    schema_version: int
    event: Any
    metadata: Metadata
    recorded_at: datetime
    sequence: int | None = None
    feed_sequence: int | None = None
    event_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEvent:
    """One event of a service's feed, as contracts promise it; `data` has passed its schema.

    type is the short name (ProposalSubmitted); subject is the case id, None for calls and packs.
    """

    id: UUID
    source: str
    type: str
    schema_version: int
    feed_sequence: int
    occurred_at: datetime
    data: Mapping[str, Any]
    subject: UUID | None = None
    causation_id: UUID | None = None
    actor_id: str = ""
    pack_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Personal:
    """A personal value inside event data; the store encrypts it with the subject's key.

    subject is an opaque id (a UUID as text), never a name or number of the person.
    """

    subject: str
    value: Any


@dataclass(frozen=True, slots=True)
class Erased:
    """What a personal field reads as once its subject's key was destroyed."""

    subject: str
    at: Any = field(default=None, compare=False)

    def __str__(self) -> str:
        return "[已刪除 erased]"
