"""Several stories in one simulated time: each waits for its next instant, the earliest goes on.

The stories are written one after the other, day by day, and know nothing of each other. Each runs
in a greenlet of its own (one thread, so that a store opened here stays usable), and gives way
whenever it moves the clock. The order is the same in every run: by instant, then as given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from greenlet import getcurrent, greenlet

from grantcase.backend import Backend

Wait = Callable[[datetime], None]
Strand = Callable[[Wait], Any]
"""A story: called with what it waits by, returns its outcome."""


def interleave(backend: Backend, strands: Sequence[tuple[datetime, Strand]]) -> list[Any]:
    """Run every strand from its first instant to its end; their outcomes, in the order given.
    What a strand raises ends all of them."""
    loom = getcurrent()
    running = [_Running(loom, begins, strand) for begins, strand in strands]
    while left := [one for one in running if not one.thread.dead]:
        earliest = min(left, key=lambda one: one.next)
        if earliest.next > backend.now():
            backend.advance(earliest.next)
        earliest.resume()
    return [one.outcome for one in running]


class _Running:
    def __init__(self, loom: greenlet, begins: datetime, strand: Strand):
        self.next = begins
        self.outcome: Any = None
        self._loom = loom
        self._strand = strand
        self.thread = greenlet(self._run, parent=loom)

    def resume(self) -> None:
        self.thread.switch()

    def _run(self) -> None:
        self.outcome = self._strand(self._wait)

    def _wait(self, instant: datetime) -> None:
        self.next = instant
        self._loom.switch()
