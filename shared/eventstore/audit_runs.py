"""Runs of checked rows in sequence order, by this process or by several.

A worker process opens the store by its URL, checks its run and sends back the leaves; the tree and
the heads are the business of the one who asks.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing.pool import Pool
from typing import Any

from shared.eventstore.audit_chunk import ChunkState, after, check_chunk
from shared.eventstore.audit_problem import Problem, missing_record
from shared.eventstore.sealing import AuditRow, SealedStore, SealStorage

RUN = 10_000  # rows; many short runs keep all processes busy to the end
SEVERAL_FROM = 100_000  # rows; below, starting processes costs more than it saves


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedRun:
    """Good rows up to `state`; `problem` is what follows them. leaves[i] is public if public[i]."""

    leaves: Sequence[bytes]
    public: Sequence[bool]
    state: ChunkState
    problem: Problem | None = None


def audited_runs(
    store: SealedStore,
    size: int,
    public_types: Collection[str] | None,
    processes: int | None = None,
) -> Iterator[AuditedRun]:
    """All sealed rows up to `size`, ending with the first problem."""
    url = getattr(store, "url", None)
    if processes is None:
        processes = (os.cpu_count() or 1) if size >= SEVERAL_FROM else 1
    if url is None or processes == 1:
        yield from _pages(store, ChunkState(), size, public_types)
        return
    starts = range(0, size, RUN)
    jobs = [(type(store), url, start, min(start + RUN, size), public_types) for start in starts]
    with _pool(store, processes) as pool:
        for run in pool.imap(_work, jobs):
            yield run
            if run.problem:
                return


def _pool(store: SealedStore, processes: int) -> Pool:
    """Forked where that is safe, which starts in no time: with one thread, and with no open
    connection to inherit. Otherwise every worker imports the program anew."""
    method = "spawn"
    if threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods():
        method = "fork"
        store.close()
    return multiprocessing.get_context(method).Pool(processes)


def _work(job: tuple[Any, str, int, int, Collection[str] | None]) -> AuditedRun:
    """One run in a worker process. What the rows before the run say is read from the rows: if it
    is wrong, the run before names it."""
    store_class, url, start, stop, public_types = job
    store = _opened(store_class, url)
    tail = store.log_tail(start)
    state = ChunkState(sequence=start, position=tail.last_position, feed_sequence=tail.feed_size)
    leaves: list[bytes] = []
    public: list[bool] = []
    problem = None
    for run in _pages(store, state, stop, public_types):
        leaves += run.leaves
        public += run.public
        state, problem = run.state, run.problem
    return AuditedRun(leaves=leaves, public=public, state=state, problem=problem)


@cache
def _opened(store_class: Any, url: str) -> Any:
    """A worker's store, for all its runs; it ends with the process."""
    return store_class(url)


def _pages(
    store: SealStorage, state: ChunkState, up_to: int, public_types: Collection[str] | None
) -> Iterator[AuditedRun]:
    for page in store.audit_pages(state.sequence, up_to):
        run = _checked(page, state, public_types)
        yield run
        if run.problem:
            return
        state = run.state
    if state.sequence < up_to:
        problem = missing_record(state.sequence + 1)
        yield AuditedRun(leaves=(), public=(), state=state, problem=problem)


def _checked(
    rows: Sequence[AuditRow], state: ChunkState, public_types: Collection[str] | None
) -> AuditedRun:
    problem = check_chunk(rows, state, public_types)
    if problem:
        rows = rows[: (problem.sequence or 1) - state.sequence - 1]
    return AuditedRun(
        leaves=[row.leaf for row in rows],
        public=[row.feed_sequence is not None for row in rows],
        state=after(rows, state) if rows else state,
        problem=problem,
    )
