"""Concurrent clients: threads over a few processes, started together, counted for a time."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from typing import Any

PROCESSES = 4
Operation = Callable[[], int]
"""One call of a client; returns the number of events it stored."""


def rate(prepare: Callable[..., Operation], arguments: Any, clients: int, seconds: float) -> float:
    """Events per second of `clients` clients; prepare(*arguments) connects one of them."""
    context = multiprocessing.get_context("spawn")
    processes = min(clients, PROCESSES)
    barrier, counts = context.Barrier(clients), context.Queue()
    shares = [len(range(number, clients, processes)) for number in range(processes)]
    children = [
        context.Process(target=_child, args=(prepare, arguments, share, seconds, barrier, counts))
        for share in shares
    ]
    for child in children:
        child.start()
    total = sum(counts.get(timeout=120) for _ in range(clients))
    for child in children:
        child.join()
    return total / seconds


def _child(
    prepare: Callable[..., Operation],
    arguments: Any,
    threads: int,
    seconds: float,
    barrier: Any,
    counts: Any,
) -> None:
    operations = [prepare(*arguments) for _ in range(threads)]
    workers = [
        threading.Thread(target=_count, args=(operation, seconds, barrier, counts))
        for operation in operations
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _count(operation: Operation, seconds: float, barrier: Any, counts: Any) -> None:
    done = 0
    try:
        operation()  # connections are opened and statements prepared outside the measured time
        barrier.wait(60)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            done += operation()
    finally:
        counts.put(done)
