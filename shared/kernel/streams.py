"""Ports of the write side: streams, rules, packs, timers. Adapters live in shared/eventstore,
shared/programmes and shared/projection; tests use the in-memory twins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

from shared.kernel.decisions import Decision, Evaluation
from shared.kernel.envelope import Command, RecordedEvent


class Aggregate(Protocol):
    """State folded from one stream; frozen; built without arguments."""

    def apply(self, event: Any) -> Self:
        """Fold one fact in. Never refuses, never reads a clock."""
        ...


A = TypeVar("A", bound=Aggregate)


class Streams(Protocol):
    """Load and append inside the open unit of work; handlers never commit."""

    def load(self, aggregate: type[A], category: str, id: UUID | str) -> tuple[A, int]:
        """The folded state and its version (0 = no stream yet)."""
        ...

    def history(self, category: str, id: UUID | str) -> Sequence[RecordedEvent]:
        """Everything in one stream, with who did it: for separations of duty."""
        ...

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
        """Append facts; an empty sequence is allowed and does nothing. `case` becomes the
        correlation id. Raises VersionConflict when another writer came first."""
        ...


class Rules(Protocol):
    """Evaluate the clauses of a moment against facts (architecture.md 5)."""

    def evaluate(self, digest: str, moment: str, facts: Mapping[str, Any]) -> Evaluation:
        """All clauses of the moment. Raises RuleError when a clause fails to evaluate,
        NotOfProgramme when the pack has no such moment, and UnknownPack when no pack of that
        digest is stored."""
        ...

    def enforce(self, digest: str, moment: str, facts: Mapping[str, Any]) -> Evaluation:
        """As evaluate, but raises RefusedByRules when a finding blocks the command."""
        ...

    def compute(self, digest: str, expression: str, variables: Mapping[str, Any]) -> Any:
        """One expression of the pack outside a moment, over the given names and `param`. Raises
        RuleError and UnknownPack."""
        ...


class Packs(Protocol):
    """The packs this service has stored, by digest, and the calls published so far."""

    def document(self, digest: str) -> Mapping[str, Any]:
        """The parsed pack (see docs/reference/pack-format.md). Raises UnknownPack."""
        ...

    def call(self, call_id: UUID) -> Mapping[str, Any]:
        """The data of CallPublished. Raises UnknownPack."""
        ...


class Timers(Protocol):
    """Due instants, stored in the same transaction as the facts that set them."""

    def schedule(
        self, id: UUID, due_at: datetime, command: str, payload: Mapping[str, Any]
    ) -> None:
        """At due_at the command is given by the clock actor with received_at = due_at.
        The same id again moves the timer; a fired timer stays fired."""
        ...

    def cancel(self, id: UUID) -> None:
        """Forget a timer that is not yet fired; unknown ids are ignored."""
        ...


class Forms(Protocol):
    """The forms of a pack."""

    def checked(self, digest: str, form: str, content: Any) -> Any:
        """The complete form (null, [] where empty). Raises InvalidInput naming field and row."""
        ...

    def sealed(self, digest: str, form: str, content: Any, case_id: UUID) -> Any:
        """The form with personal fields as Personal values of the case's data subjects."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What every handler may see of the outside, bound to one unit of work; each service adds
    its own in application/ports.py."""

    streams: Streams
    rules: Rules
    packs: Packs
    timers: Timers
    forms: Forms


class UnknownPack(Exception):
    """No pack of that digest is stored here: the lane is parked until it arrives."""
