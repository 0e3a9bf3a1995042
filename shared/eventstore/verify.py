"""`audit verify`: derive everything again from the rows and name the first bad record.

Which tampering is found by what, in the order in which a record is looked at:

- a log row lost, added or out of order: sequence, position and feed_sequence are counted along;
- an event deleted or moved: its log row stands alone; one put in between: it has no log row;
- any byte of what is hashed (hashing.py): the leaf;
- bytes moved between columns, or text that was never canonical: audit_text says why that shows;
- the case's column, and public or private: the metadata and the type, which the leaf covers;
- an event together with its leaf: the stored nodes; these as well: the signed head above them;
- a head changed, lost or signed by another: its signature and number, and what it signs;
- versions of a stream that are not 1, 2, 3, ...: one query over all streams.

What the rows alone cannot tell is a tail cut off together with all heads that cover it, or an
intruder who holds the signing key: pass a head that was kept elsewhere as `known_head`.
(A line or two over a page, for this list.)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from operator import itemgetter

from shared.eventstore import audit_problem, merkle
from shared.eventstore.audit_chunk import ChunkState, content_problem
from shared.eventstore.audit_problem import Problem
from shared.eventstore.audit_runs import AuditedRun, audited_runs
from shared.eventstore.heads import is_genuine
from shared.eventstore.sealing import SealedStore, SignedHead

_NODES_AHEAD = 256


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
    store: SealedStore,
    public_key: str,
    *,
    public_types: Collection[str] | None = None,
    known_head: SignedHead | None = None,
    processes: int | None = None,
) -> Report:
    """Check the whole store against the service's public key (hex).

    public_types: the types that must stand in the feed, and no others. processes: how many check
    contents (default: all cores for a large log in a database). Memory does not grow with the log.
    """
    audit = _Audit(store, public_key, public_types, processes)
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
    def __init__(
        self,
        store: SealedStore,
        public_key: str,
        public_types: Collection[str] | None,
        processes: int | None,
    ):
        self._store = store
        self._public_key = public_key
        self._public_types = frozenset(public_types) if public_types is not None else None
        self._processes = processes
        self._frontier = merkle.Frontier()
        self._heads: Iterator[SignedHead] = iter(())
        self._next: SignedHead | None = None
        self._ahead: dict[int, tuple[int, Sequence[bytes]]] = {}  # level -> first index, hashes
        self.state = ChunkState()
        self.heads_seen = self.signed_size = self.unsealed = 0

    def run(self, known_head: SignedHead | None) -> None:
        self._heads = self._store.heads()
        self._advance_head()
        size = self._store.log_tail().size
        for run in audited_runs(self._store, size, self._public_types, self._processes):
            self._run(run)
        self._tail()
        self._strays()
        if known_head is not None:
            self._kept_elsewhere(known_head)

    def _run(self, run: AuditedRun) -> None:
        """A run's leaves reach up to its problem: an earlier head or node may be bad as well."""
        feed_size = self.state.feed_sequence
        self._grow(run, feed_size)
        if run.problem:
            raise _Found(run.problem)
        self.state = run.state

    def _grow(self, run: AuditedRun, feed_size: int) -> None:
        """Add leaves to the tree, stopping at the size of each head to compare the root."""
        start, count = 0, len(run.leaves)
        self._heads_here(feed_size)
        while self._next and self._next.size <= self._frontier.size + count - start:
            end = start + self._next.size - self._frontier.size
            feed_size += sum(run.public[start:end])
            self._extend(run.leaves[start:end])
            start = end
            self._heads_here(feed_size)
        self._extend(run.leaves[start:])

    def _extend(self, leaves: Sequence[bytes]) -> None:
        grown = sorted(self._frontier.extend(leaves))  # of each level a gapless row
        for level, group in groupby(grown, key=itemgetter(0)):
            indexes, hashes = zip(*((index, hash) for _, index, hash in group), strict=True)
            stored = self._stored_nodes(level, indexes[0], len(indexes))
            for index, wanted, found in zip_longest(indexes, hashes, stored):
                if wanted != found:
                    raise _Found(audit_problem.bad_node(level, index))

    def _stored_nodes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Read ahead: the tree grows from head to head, a few nodes at a time."""
        start, hashes = self._ahead.get(level, (0, ()))
        if first + count > start + len(hashes):
            start, hashes = first, self._store.nodes(level, first, max(count, _NODES_AHEAD))
            self._ahead[level] = start, hashes
        return hashes[first - start : first - start + count]

    def _heads_here(self, feed_size: int) -> None:
        while self._next and self._next.size == self._frontier.size:
            head = self._next
            if head.root != self._frontier.root().hex() or head.feed_size != feed_size:
                where = f"sequence {self.signed_size + 1} - {head.size}"
                zh, en = f"與紀錄不符（{where}）", f"does not match the records of {where}"
                raise _Found(audit_problem.bad_head(head, zh, en))
            self.signed_size = head.size
            self._advance_head()

    def _advance_head(self) -> None:
        previous, self._next = self._next, next(self._heads, None)
        head = self._next
        if head is None:
            return
        self.heads_seen += 1
        if head.number != self.heads_seen:
            zh, en = f"前缺編號 {self.heads_seen}", f"follows a missing head {self.heads_seen}"
            raise _Found(audit_problem.bad_head(head, zh, en))
        self._genuine(head)
        if previous and (head.size < previous.size or head.service != previous.service):
            zh, en = "較前一個倒退", "goes back behind the one before"
            raise _Found(audit_problem.bad_head(head, zh, en))

    def _genuine(self, head: SignedHead) -> None:
        if not is_genuine(head, self._public_key):
            zh, en = "簽章不符", "its signature does not fit"
            raise _Found(audit_problem.bad_head(head, zh, en))

    def _tail(self) -> None:
        self._heads_here(self.state.feed_sequence)
        if self._next is not None:
            raise _Found(audit_problem.truncated(self.state.sequence, self._next))
        if self.state.sequence and not self.heads_seen:
            raise _Found(audit_problem.no_head())

    def _strays(self) -> None:
        for row in self._store.stray_events():
            if row.position <= self.state.position:
                zh = "位於已封存範圍內，卻未封存"
                en = "it stands inside the sealed range, but was never sealed"
                raise _Found(audit_problem.row_problem("unsealed", row, zh, en))
            if problem := content_problem(row):
                raise _Found(problem)
            self.unsealed += 1
        for row in self._store.broken_streams():
            zh, en = "版本不連續或重複", "its stream's versions are not 1, 2, 3, ..."
            raise _Found(audit_problem.row_problem("stream", row, zh, en))

    def _kept_elsewhere(self, head: SignedHead) -> None:
        self._genuine(head)
        if head.size > self.state.sequence:
            raise _Found(audit_problem.truncated(self.state.sequence, head))
        if merkle.root_of(0, head.size, self._store.nodes).hex() != head.root:
            zh, en = "與紀錄不符", "does not match the records"
            raise _Found(audit_problem.bad_head(head, zh, en))
