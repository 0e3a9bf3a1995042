"""SealStorage of the in-memory twin."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from shared.eventstore.sealing import (
    AUDIT_PAGE,
    LAST,
    AlwaysLeading,
    AuditRow,
    Leadership,
    LogTail,
    SealConflict,
    SealedBatch,
    SignedHead,
    Unsealed,
)
from shared.eventstore.store import StoredEvent
from shared.kernel.clock import instant_text


class LogEntry(NamedTuple):
    """One sealed row."""

    sequence: int
    position: int
    feed_sequence: int | None
    leaf: bytes


class MemorySealing:
    """Mixed into MemoryStore; see sealing.SealStorage for what each method promises."""

    rows: list[tuple[StoredEvent, UUID | None]]
    _lock: threading.RLock

    def __init__(self) -> None:
        self.log: list[LogEntry] = []
        self.public: list[int] = []  # indexes into log
        self._by_position: dict[int, LogEntry] = {}
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._heads: list[SignedHead] = []

    def sealed_at(self, position: int) -> LogEntry | None:
        """The log row of a position."""
        return self._by_position.get(position)

    def log_tail(self, up_to_sequence: int = LAST) -> LogTail:
        """See SealStorage."""
        with self._lock:
            log = self.log[:up_to_sequence]
            public = [entry.feed_sequence for entry in log if entry.feed_sequence]
            return LogTail(
                size=len(log),
                feed_size=public[-1] if public else 0,
                last_position=log[-1].position if log else 0,
            )

    def unsealed(self, after_position: int, limit: int) -> Sequence[Unsealed]:
        """See SealStorage."""
        with self._lock:
            rows = self.rows[after_position : after_position + limit]
            return [
                Unsealed(position, row.type, row.hashed())
                for position, (row, _) in enumerate(rows, start=after_position + 1)
            ]

    def seal(self, batch: SealedBatch) -> None:
        """See SealStorage."""
        with self._lock:
            if len(self.log) != batch.size:
                raise SealConflict(f"the log is no longer at {batch.size}")
            rows = zip(batch.positions, batch.feed_sequences, batch.leaves, strict=True)
            for position, feed_sequence, leaf in rows:
                entry = LogEntry(len(self.log) + 1, position, feed_sequence, leaf)
                if feed_sequence is not None:
                    self.public.append(len(self.log))
                self.log.append(entry)
                self._by_position[position] = entry
            self._nodes.update({(node.level, node.index): node.hash for node in batch.nodes})
            if batch.head:
                self._heads.append(batch.head)

    def nodes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """See SealStorage."""
        with self._lock:
            if level == 0:
                return [entry.leaf for entry in self.log[first : first + count]]
            wanted = ((level, index) for index in range(first, first + count))
            return [self._nodes[key] for key in wanted if key in self._nodes]

    def newest_head(self) -> SignedHead | None:
        """See SealStorage."""
        return self._heads[-1] if self._heads else None

    def head_covering(self, size: int) -> SignedHead | None:
        """See SealStorage."""
        return next((head for head in self._heads if head.size >= size), None)

    def heads(self) -> Iterator[SignedHead]:
        """See SealStorage."""
        return iter(list(self._heads))

    @contextmanager
    def leadership(self) -> Iterator[Leadership]:
        """See SealStorage."""
        yield AlwaysLeading()

    def audit_pages(self, after_sequence: int, up_to_sequence: int) -> Iterator[list[AuditRow]]:
        """See SealStorage."""
        for start in range(after_sequence, up_to_sequence, AUDIT_PAGE):
            yield [self._audit_row(entry) for entry in self.log[start : start + AUDIT_PAGE]]

    def stray_events(self) -> Iterator[AuditRow]:
        """See SealStorage."""
        for position in range(1, len(self.rows) + 1):
            if position not in self._by_position:
                yield self._audit_row(LogEntry(0, position, None, b""))

    def broken_streams(self) -> Iterator[AuditRow]:
        """Impossible here: accept() counts the versions."""
        return iter(())

    def _audit_row(self, entry: LogEntry) -> AuditRow:
        row, correlation_id = self.rows[entry.position - 1]
        return AuditRow(
            *entry,
            entry.position,
            str(row.id),
            row.stream,
            row.version,
            row.type,
            row.schema_version,
            row.data,
            row.metadata,
            instant_text(row.recorded_at),
            str(correlation_id) if correlation_id else None,
        )
