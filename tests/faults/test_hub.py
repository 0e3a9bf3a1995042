"""A service whose database driver blocks all green threads does not start; a busy one does."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.servers import Database

CHECK = """
from types import SimpleNamespace as Some
import sqlalchemy as sa
engine = sa.create_engine({url!r})
serve.check_hub(Some(units=Some(store=Some(engine=engine))))
"""
SERVE = "from shared.bus import serve\n"
DRIVER_FIRST = "import psycopg\n"  # chooses how it waits before serve can tell it to
BUSY = """
import eventlet
hold_up = eventlet.patcher.original("time").sleep
eventlet.spawn_after(0.1, lambda: hold_up(0.4))
"""


def start(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        env={"PATH": os.environ["PATH"]},
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("busy", ["", BUSY], ids=["alone", "held up once"])
def test_a_driver_that_waits_for_its_socket_is_taken(database: Database, busy: str):
    done = start(SERVE + busy + CHECK.format(url=database.app_url))

    assert done.returncode == 0, done.stderr


def test_a_driver_that_blocks_is_refused(database: Database):
    done = start(DRIVER_FIRST + SERVE + CHECK.format(url=database.app_url))

    assert done.returncode == 1
    assert "HubBlocks" in done.stderr
