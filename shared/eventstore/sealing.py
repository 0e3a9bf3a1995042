"""The sequencer's side of a store: what is final and not yet sealed, and how a batch is sealed.

Only sequencer, proofs and verify use this port. Appenders never do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from shared.eventstore.store import EventStore

AUDIT_PAGE = 500  # rows read at once: few enough to stay in the processor's cache (measured)
LAST = 2**62  # above every sequence


class SealConflict(Exception):
    """Another sequencer sealed in between: read the tail again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTail:
    """Where the sealed log ends: number of leaves, of public events, and the last position."""

    size: int
    feed_size: int
    last_position: int


class Unsealed(NamedTuple):
    """A final event that waits for its sequence; `hashed` is the text its hash covers."""

    position: int
    type: str
    hashed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """One signed statement about the log: `number` 1, 2, ... without gaps; `size` leaves under
    `root`; `feed_size` public events among them; `at` real time; `clock` system or simulated."""

    number: int
    service: str
    size: int
    feed_size: int
    root: str
    at: str
    clock: str
    signature: str


class Node(NamedTuple):
    """A stored inner node of the Merkle tree: the root of leaves [index * 2^level, ...)."""

    level: int
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody asks a node for
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedBatch:
    """Rows of the log to be written together, sequences size + 1, size + 2, ..."""

    size: int  # of the log before this batch; anything else in the store is a SealConflict
    positions: Sequence[int]
    feed_sequences: Sequence[int | None]
    leaves: Sequence[bytes]
    nodes: Sequence[Node]
    head: SignedHead | None = None


class AuditRow(NamedTuple):
    """A log row beside the event at its position, columns as stored (None where it is missing)."""

    sequence: int
    position: int
    feed_sequence: int | None
    leaf: bytes
    event_position: int | None
    id: str
    stream: str
    version: int
    type: str
    schema_version: int
    data: str
    metadata: str
    recorded_at: str
    correlation_id: str | None


class Leadership(Protocol):
    """Of several sequencers of one log one leads, the others wait."""

    def held(self) -> bool:
        """Take the lock if it is free; True while it is ours. Raises the driver's error when the
        database is gone."""
        ...


class AlwaysLeading:
    """Where the store itself lets only one writer in."""

    def held(self) -> bool:
        """True."""
        return True


class SealStorage(Protocol):
    """The log, its tree and its heads."""

    def log_tail(self, up_to_sequence: int = LAST) -> LogTail:
        """The end of the sealed log, or of its part up to a sequence."""
        ...

    def unsealed(self, after_position: int, limit: int) -> Sequence[Unsealed]:
        """Events above the position, in position order, below which no other can still appear
        (the fence). Blocks for at most one append that is in flight."""
        ...

    def seal(self, batch: SealedBatch) -> None:
        """Write log rows, nodes and head together, durably. Raises SealConflict."""
        ...

    def nodes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Stored hashes of one level in order; level 0 is the log's leaves."""
        ...

    def newest_head(self) -> SignedHead | None:
        """The head with the highest number."""
        ...

    def head_covering(self, size: int) -> SignedHead | None:
        """The first head that covers at least `size` leaves."""
        ...

    def heads(self) -> Iterator[SignedHead]:
        """All heads by number."""
        ...

    def leadership(self) -> AbstractContextManager[Leadership]:
        """The leader lock of this log; given back when the block ends."""
        ...

    def audit_pages(self, after_sequence: int, up_to_sequence: int) -> Iterator[list[AuditRow]]:
        """Log rows with their events, in sequence order, a page at a time: no long transaction."""
        ...

    def stray_events(self) -> Iterator[AuditRow]:
        """Events that no log row points at, in position order (sequence 0)."""
        ...

    def broken_streams(self) -> Iterator[AuditRow]:
        """Where a stream's versions are not 1, 2, 3, ... in position order: the first such event,
        or nothing."""
        ...


class SealedStore(EventStore, SealStorage, Protocol):
    """All of it: events, log, tree and heads. Every store here is one."""
