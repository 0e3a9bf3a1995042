"""`audit verify`: derive everything again from the rows and name the first bad record.

Checked: every event against its leaf, the order and gap-freeness of sequence and feed_sequence,
canonical text, every stored node and every signed head, versions of every stream, strays. What
the rows alone cannot tell is a tail cut off together with all heads that cover it: pass a head
that was kept elsewhere as `known_head`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from shared.eventstore import audit_chunk, merkle
from shared.eventstore.audit_chunk import ChunkState, Problem
from shared.eventstore.heads import is_genuine
from shared.eventstore.sealing import SealStorage, SignedHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What verify found. unsealed: committed events without a sequence yet; unsigned: sealed
    events that no head covers yet. Both are normal for about a second after a command."""

    events: int
    feed_events: int
    heads: int
    unsealed: int
    unsigned: int
    problem: Problem | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return self.problem is None


class _Found(Exception):
    def __init__(self, problem: Problem):
        super().__init__(problem.en)
        self.problem = problem


def verify(
    store: SealStorage,
    public_key: str,
    *,
    public_types: Collection[str] | None = None,
    known_head: SignedHead | None = None,
) -> Report:
    """Check the whole store against the service's public key (hex).

    public_types: the types that must stand in the feed, and no others. Streams: memory does not
    grow with the log.
    """
    audit = _Audit(store, public_key, public_types)
    problem = None
    try:
        audit.run(known_head)
    except _Found as found:
        problem = found.problem
    return Report(
        events=audit.state.sequence,
        feed_events=audit.state.feed_sequence,
        heads=audit.heads_seen,
        unsealed=audit.unsealed,
        unsigned=audit.state.sequence - audit.signed_size,
        problem=problem,
    )


class _Audit:
    def __init__(self, store: SealStorage, public_key: str, public_types: Collection[str] | None):
        self._store = store
        self._public_key = public_key
        self._public_types = frozenset(public_types) if public_types is not None else None
        self._frontier = merkle.Frontier()
        self._heads: Iterator[SignedHead] = iter(())
        self._next: SignedHead | None = None
        self.state = ChunkState()
        self.heads_seen = self.signed_size = self.unsealed = 0

    def run(self, known_head: SignedHead | None) -> None:
        self._heads = self._store.heads()
        self._advance_head()
        tail = self._store.log_tail()
        for page in self._store.audit_pages(0, tail.size):
            self._chunk(page)
        self._tail()
        self._strays()
        if known_head is not None:
            self._kept_elsewhere(known_head)

    def _chunk(self, rows: list[Any]) -> None:
        problem = audit_chunk.check_chunk(rows, self.state, self._public_types)
        if problem:
            sound = (problem.sequence or 1) - self.state.sequence - 1
            self._grow(rows[: max(sound, 0)])  # an earlier head or node may be bad as well
            raise _Found(problem)
        self._grow(rows)
        self.state = audit_chunk.after(rows, self.state) if rows else self.state

    def _grow(self, rows: list[Any]) -> None:
        """Add leaves to the tree, stopping at the size of each head to compare the root."""
        feed, start = self.state.feed_sequence, 0
        self._heads_here(feed)
        while self._next and self._next.size <= self._frontier.size + len(rows) - start:
            end = start + self._next.size - self._frontier.size
            feed += sum(row.feed_sequence is not None for row in rows[start:end])
            self._extend(rows[start:end])
            start = end
            self._heads_here(feed)
        self._extend(rows[start:])

    def _extend(self, rows: list[Any]) -> None:
        for level, index, hash in self._frontier.extend([row.leaf for row in rows]):
            if list(self._store.nodes(level, index, 1)) != [hash]:
                last = (index + 1) << level
                raise _Found(
                    Problem(
                        kind="node",
                        zh=f"雜湊樹節點 {level}/{index}（至 sequence {last}）遭變更或缺失",
                        en=f"tree node {level}/{index} (up to sequence {last}) was changed or lost",
                        sequence=last,
                    )
                )

    def _heads_here(self, feed_size: int) -> None:
        while self._next and self._next.size == self._frontier.size:
            head = self._next
            if head.root != self._frontier.root().hex() or head.feed_size != feed_size:
                raise _Found(
                    _head_problem(
                        head,
                        f"與紀錄不符（sequence {self.signed_size + 1} 至 {head.size}）",
                        "does not match the records of sequence "
                        f"{self.signed_size + 1} to {head.size}",
                    )
                )
            self.signed_size = head.size
            self._advance_head()

    def _advance_head(self) -> None:
        previous, self._next = self._next, next(self._heads, None)
        head = self._next
        if head is None:
            return
        self.heads_seen += 1
        if head.number != self.heads_seen:
            missing = self.heads_seen
            raise _Found(
                _head_problem(head, f"前缺編號 {missing}", f"follows a missing head {missing}")
            )
        if not is_genuine(head, self._public_key):
            raise _Found(_head_problem(head, "簽章不符", "its signature does not fit"))
        if previous and (head.size < previous.size or head.service != previous.service):
            raise _Found(_head_problem(head, "較前一個倒退", "goes back behind the one before"))

    def _tail(self) -> None:
        self._heads_here(self.state.feed_sequence)
        size = self.state.sequence
        if self._next is not None:
            raise _Found(_truncated(size, self._next))
        if size and not self.heads_seen:
            en = "head 1: the log has records, but no signed head at all"
            raise _Found(Problem(kind="head", zh="head 1：紀錄無任何簽章", en=en, head=1))

    def _strays(self) -> None:
        for row in self._store.stray_events():
            if row.position <= self.state.position:
                raise _Found(
                    audit_chunk.problem(
                        "unsealed",
                        row,
                        "位於已封存範圍內，卻未封存",
                        "it stands inside the sealed range, but was never sealed",
                    )
                )
            problem = audit_chunk.content_problem(row)
            if problem:
                raise _Found(problem)
            self.unsealed += 1
        for row in self._store.broken_streams():
            raise _Found(
                audit_chunk.problem(
                    "stream", row, "版本不連續或重複", "its stream's versions are not 1, 2, 3, ..."
                )
            )

    def _kept_elsewhere(self, head: SignedHead) -> None:
        if not is_genuine(head, self._public_key):
            raise _Found(_head_problem(head, "簽章不符", "its signature does not fit"))
        if head.size > self.state.sequence:
            raise _Found(_truncated(self.state.sequence, head))
        if merkle.root_of(0, head.size, self._store.nodes).hex() != head.root:
            raise _Found(_head_problem(head, "與紀錄不符", "does not match the records"))


def _head_problem(head: SignedHead, zh: str, en: str) -> Problem:
    return Problem(
        kind="head",
        zh=f"head {head.number}：{zh}",
        en=f"head {head.number}: {en}",
        head=head.number,
    )


def _truncated(size: int, head: SignedHead) -> Problem:
    return Problem(
        kind="truncated",
        zh=f"sequence {size + 1}：尾端遭截斷，head {head.number} 簽署了 {head.size} 筆",
        en=f"sequence {size + 1}: the tail was cut off, head {head.number} signs {head.size}",
        sequence=size + 1,
        head=head.number,
    )
