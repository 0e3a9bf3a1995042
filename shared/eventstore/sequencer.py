"""The sequencer: one per service; gives committed events their sequence and signs the log.

seal() is one step, for embedded runners and tests; run() is the loop of a process of its own.
The leader lock keeps replicas waiting; should two ever seal at once, the database lets one win.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence

from shared.eventstore import merkle
from shared.eventstore.hashing import event_hash
from shared.eventstore.heads import HeadSigner
from shared.eventstore.sealing import (
    Node,
    SealConflict,
    SealedBatch,
    SealStorage,
    SignedHead,
    Unsealed,
)

HEAD_EVERY_EVENTS = 1000
HEAD_EVERY_SECONDS = 1
_BUSY_SECONDS, _IDLE_SECONDS, _WAITING_SECONDS = 0.001, 0.05, 0.2


class Sequencer:
    """Seals what is final. `public_types` are numbered in the feed."""

    def __init__(
        self,
        store: SealStorage,
        public_types: Collection[str],
        signer: HeadSigner,
        monotonic: Callable[[], float] = time.monotonic,
    ):
        self._monotonic = monotonic
        self._store = store
        self._public = frozenset(public_types)
        self._signer = signer
        self._frontier: merkle.Frontier | None = None  # None: read the tail from the store first

    @property
    def size(self) -> int:
        """Leaves of the log as this sequencer knows it."""
        self._follow()
        return self._size

    def seal(self, limit: int = HEAD_EVERY_EVENTS) -> int:
        """Seal up to `limit` events; the number sealed. Signs a head when one is due."""
        self._follow()
        waiting = self._store.unsealed(self._last_position, limit)
        if waiting or self._head_due():
            try:
                self._write(waiting)
            except SealConflict:
                self._frontier = None
                return 0
        return len(waiting)

    def seal_all(self) -> int:
        """Seal everything that is committed and sign a head over it; the number sealed."""
        total = 0
        while count := self.seal():
            total += count
        self.sign()
        return total

    def sign(self) -> SignedHead | None:
        """Sign a head now, unless the newest one covers the whole log already."""
        self._follow()
        if self._signed_size == self._size:
            return None
        self._write((), sign_now=True)
        return self._store.newest_head()

    def run(
        self,
        stop: Callable[[], bool],
        sleep: Callable[[float], object] = time.sleep,
        on_sealed: Callable[[int], None] = lambda count: None,
    ) -> None:
        """Seal until stop() is true. Polls after 1 ms while busy, backing off to 50 ms; a replica
        that does not lead looks every 200 ms. The driver's errors pass through: the process that
        runs this starts it again."""
        with self._store.leadership() as leadership:
            pause, led = _BUSY_SECONDS, False
            while not stop():
                if not leadership.held():
                    led = False
                    sleep(_WAITING_SECONDS)
                    continue
                if not led:  # another one may have sealed meanwhile
                    self._frontier, led = None, True
                if count := self.seal():
                    on_sealed(count)
                    pause = _BUSY_SECONDS
                else:
                    sleep(pause)
                    pause = min(2 * pause, _IDLE_SECONDS)
            if led:
                self.sign()

    def _follow(self) -> None:
        if self._frontier is not None:
            return
        tail = self._store.log_tail()
        head = self._store.newest_head()
        self._size, self._feed_size = tail.size, tail.feed_size
        self._last_position = tail.last_position
        self._number = head.number if head else 0
        self._signed_size = head.size if head else -1  # -1: the empty log is not signed yet
        self._signed_at = self._monotonic()
        self._frontier = merkle.Frontier.of(tail.size, self._store.nodes)

    def _head_due(self) -> bool:
        if self._signed_size < 0:
            return True
        unsigned = self._size - self._signed_size
        late = self._monotonic() - self._signed_at >= HEAD_EVERY_SECONDS
        return unsigned >= HEAD_EVERY_EVENTS or (unsigned > 0 and late)

    def _write(self, waiting: Sequence[Unsealed], sign_now: bool = False) -> None:
        assert self._frontier is not None
        frontier, size = self._frontier.copy(), self._size
        leaves = [merkle.leaf_hash(event_hash(event.hashed)) for event in waiting]
        nodes = [Node(*node) for node in frontier.extend(leaves)]
        feed_sequences, feed_size = self._number_feed(waiting)
        self._size = frontier.size
        head = None
        if sign_now or self._head_due():
            head = self._signer.sign(self._number + 1, frontier.size, feed_size, frontier.root())
        batch = SealedBatch(
            size=size,
            positions=[event.position for event in waiting],
            feed_sequences=feed_sequences,
            leaves=leaves,
            nodes=nodes,
            head=head,
        )
        try:
            self._store.seal(batch)
        except BaseException:
            self._frontier = None  # whatever happened, the store knows better
            raise
        self._frontier, self._feed_size = frontier, feed_size
        if waiting:
            self._last_position = waiting[-1].position
        if head:
            self._number, self._signed_size = head.number, head.size
            self._signed_at = self._monotonic()

    def _number_feed(self, waiting: Sequence[Unsealed]) -> tuple[list[int | None], int]:
        numbers: list[int | None] = []
        feed_size = self._feed_size
        for event in waiting:
            if event.type in self._public:
                feed_size += 1
                numbers.append(feed_size)
            else:
                numbers.append(None)
        return numbers, feed_size
