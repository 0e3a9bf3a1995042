"""Where a process of a fleet kills itself: once, with SIGKILL, at the nth passing of a step.

The only place where a crash can be switched on, by the environment of the process:

    GRANTCASE_TEST_CRASH_AT   the step at which this process kills itself
    GRANTCASE_TEST_CRASH_NTH  at how manieth passing of that step (1 when it is not set)
    GRANTCASE_TEST_MARKER     a file: written at the crash, so that the restarted process lives on

Steps beside those that relay and entrypoints name themselves: `after-commit` (a unit of work is
durable, nothing else has happened) and `before-seal` (a batch is read, not yet sealed).
"""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

At = Callable[[str], None]

_passed = itertools.count(1)


def at(step: str) -> None:
    """Die here, once, when this is the step that was asked for."""
    if step != os.environ.get("GRANTCASE_TEST_CRASH_AT"):
        return
    marker = Path(os.environ["GRANTCASE_TEST_MARKER"])
    if next(_passed) >= int(os.environ.get("GRANTCASE_TEST_CRASH_NTH", 1)) and not marker.exists():
        marker.write_text(step)
        os.kill(os.getpid(), signal.SIGKILL)


def tell_commits() -> None:
    """Call at("after-commit") after every commit that appended something."""
    from shared.eventstore.unit_of_work import UnitOfWork

    commit = UnitOfWork.commit

    def committed(unit: Any) -> None:
        commit(unit)
        if unit.recorded:
            at("after-commit")

    UnitOfWork.commit = committed  # type: ignore[method-assign]


def tell_seals() -> None:
    """Call at("before-seal") before a batch with events is written to PostgreSQL."""
    from shared.eventstore.postgres import PostgresStore

    seal = PostgresStore.seal

    def sealing(store: Any, batch: Any) -> None:
        if batch.positions:
            at("before-seal")
        seal(store, batch)

    PostgresStore.seal = sealing  # type: ignore[method-assign]
