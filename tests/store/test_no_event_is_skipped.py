"""The permanent property: no reader of the log ever skips or reorders an event of a stream.

Writers commit late, roll back, draw positions long before they insert, and have their sessions
killed; sequencers are killed too and race each other; readers follow with a plain integer cursor
all the while. GRANTCASE_SOAK=1 makes it larger.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa

from shared.eventstore import postgres_sealing
from shared.eventstore.store import StoredEvent
from shared.kernel.errors import VersionConflict
from tests.support.stores import StoreKit, new_events

SOAK = bool(os.environ.get("GRANTCASE_SOAK"))
APPENDS = 1500 if SOAK else 25  # by each writer
SEEDS = range(10) if SOAK else range(1)
LONGEST_PAUSE_MS = 30
LOST = (sa.exc.DBAPIError, psycopg.Error)
FENCE = "SELECT pg_advisory_xact_lock_shared(1735554147, 1)"
INSERT = sa.text(
    """INSERT INTO events (position, id, stream, version, type, schema_version, data, metadata,
    recorded_at) VALUES (:position, :id, :stream, :version, 'AmountSet', 2, :data, :metadata,
    '2023-03-16T12:00:00.000000+08:00')"""
)


class Storm:
    """Everything that happens at once, and what was committed meanwhile."""

    def __init__(self, kit: StoreKit, seed: int):
        self.kit = kit
        self.random = random.Random(seed)
        self.committed: set[UUID] = set()
        self.writing = True
        self.lock = threading.Lock()
        self.failures: list[BaseException] = []

    def pause(self) -> None:
        """Up to 30 ms, mostly far less: adversity, not synchronisation."""
        time.sleep(self.random.random() ** 4 * LONGEST_PAUSE_MS / 1000)

    def write(self, streams: int) -> None:
        """Transactions of one to three events that end early, late or not at all."""
        for _ in range(APPENDS):
            stream = f"case-{self.random.randrange(streams)}"
            kind = self.random.choice(["CaseOpened", "AmountSet"])
            events = new_events(self.random.randint(1, 3), None, kind)
            try:
                version = len(self.kit.store.read_stream(stream))
                self.pause()
                with self.kit.store.transaction() as transaction:
                    transaction.append(stream, events, version)
                    self.pause()
                    if self.random.random() < 0.1:
                        continue  # rolled back
                    transaction.commit()
            except (VersionConflict, *LOST):
                continue  # an answer that was lost may hide a commit: then it is just one more
            with self.lock:
                self.committed.update(event.id for event in events)

    def write_by_hand(self) -> None:
        """As store_append does, but dawdling between fence, position, insert and commit."""
        assert self.kit.intruder is not None
        for _ in range(APPENDS // 2):
            (event,) = new_events(1)
            try:
                with self.kit.intruder.begin() as connection:
                    connection.exec_driver_sql(FENCE)
                    self.pause()
                    position = connection.scalar(sa.text("SELECT nextval('events_position_seq')"))
                    self.pause()
                    values = {
                        "position": position,
                        "id": str(event.id),
                        "stream": f"lone-{event.id}",
                        "version": 1,
                        "data": event.data,
                        "metadata": event.metadata,
                    }
                    connection.execute(INSERT, values)
                    self.pause()
            except LOST:
                continue
            with self.lock:
                self.committed.add(event.id)

    def kill(self) -> None:
        """End a random session of this database every now and then."""
        victims = """SELECT pid FROM pg_stat_activity WHERE datname = current_database()
            AND pid <> pg_backend_pid() AND application_name <> 'killer'"""
        assert self.kit.intruder is not None
        url = self.kit.intruder.url.set(
            drivername="postgresql", query={"application_name": "killer"}
        )
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as own:
            while self.writing:
                self.pause()
                self.pause()
                pids = [row[0] for row in own.execute(victims)]
                if pids:
                    own.execute("SELECT pg_terminate_backend(%s)", (self.random.choice(pids),))

    def seal(self) -> None:
        """A sequencer that is started again whenever it dies."""
        sequencer = self.kit.sequencer()
        while self.writing:
            try:
                if not sequencer.seal(self.random.randint(1, 50)):
                    time.sleep(0.001)
            except LOST:
                sequencer = self.kit.sequencer()

    def read(self, page: Callable[[int, int], Any], number: str, seen: list[StoredEvent]) -> None:
        """Follow with an integer cursor until the writers are done."""
        cursor = 0
        while self.writing:
            try:
                rows = page(cursor, self.random.randint(1, 50))
            except LOST:
                continue
            seen.extend(rows)
            cursor = getattr(rows[-1], number) if rows else cursor
            if not rows:
                time.sleep(0.001)

    @contextmanager
    def running(self, *tasks: Callable[[], None]) -> Iterator[None]:
        """The tasks in threads of their own; their failures are ours."""
        threads = [threading.Thread(target=self._guarded, args=(task,)) for task in tasks]
        for thread in threads:
            thread.start()
        yield
        for thread in threads:
            thread.join()
        if self.failures:
            raise self.failures[0]

    def _guarded(self, task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:  # reported by running()
            self.failures.append(error)


def check_log(storm: Storm, seen: list[StoredEvent], feed: list[StoredEvent]) -> None:
    """What readers saw, completed by what was sealed last, against what was committed."""
    store = storm.kit.store
    seen += store.read_log(seen[-1].sequence if seen else 0, 10**6)
    feed += store.read_feed(feed[-1].feed_sequence if feed else 0, 10**6)
    assert [row.sequence for row in seen] == list(range(1, len(seen) + 1))
    assert [row.feed_sequence for row in feed] == list(range(1, len(feed) + 1))
    assert storm.committed <= {row.id for row in seen}
    assert [row.id for row in feed] == [row.id for row in seen if row.type == "CaseOpened"]
    by_stream = groupby(sorted(seen, key=lambda row: row.stream), key=lambda row: row.stream)
    for stream, rows in by_stream:  # sorting is stable: the order of the log within a stream
        versions = [row.version for row in rows]
        assert versions == list(range(1, len(versions) + 1)), stream


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("streams", [2, 50])
def test_readers_see_every_event_once_and_in_the_order_of_its_stream(
    sql_kit: StoreKit, streams: int, seed: int
):
    storm = Storm(sql_kit, seed)
    seen: list[StoredEvent] = []
    feed: list[StoredEvent] = []
    writers = [lambda: storm.write(streams)] * 6
    disturbers = [storm.seal, storm.seal]
    if sql_kit.name == "postgres":
        writers += [storm.write_by_hand] * 2
        disturbers.append(storm.kill)
    readers = (
        lambda: storm.read(sql_kit.store.read_log, "sequence", seen),
        lambda: storm.read(sql_kit.store.read_feed, "feed_sequence", feed),
    )
    with storm.running(*disturbers, *readers):
        with storm.running(*writers):
            pass
        storm.writing = False
    sql_kit.store.close()  # idle connections may have been killed: what follows opens new ones
    sql_kit.sequencer().seal_all()
    assert len(storm.committed) > APPENDS
    check_log(storm, seen, feed)
    report = sql_kit.verify()
    assert (report.problem, report.unsealed, report.unsigned) == (None, 0, 0)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fence gives up at once instead of after a second."""
    monkeypatch.setattr(postgres_sealing, "_FENCE_PATIENCE_SECONDS", 0)


@pytest.mark.usefixtures("impatient")
def test_a_late_commit_holds_back_what_was_drawn_after_it(postgres_only: StoreKit):
    kit, sequencer = postgres_only, postgres_only.sequencer()
    with kit.store.transaction() as late:
        late.append("case-late", new_events(1), 0)  # draws position 1
        kit.store.append_once("case-early", new_events(1), 0, uuid4(), "d")  # position 2
        assert sequencer.seal() == 0
        late.commit()
    assert sequencer.seal() == 2
    assert [row.stream for row in kit.store.read_log(0, 9)] == ["case-late", "case-early"]


@pytest.mark.usefixtures("impatient")
def test_a_late_rollback_leaves_a_dead_position_and_nothing_waits_for_it(postgres_only: StoreKit):
    kit, sequencer = postgres_only, postgres_only.sequencer()
    with kit.store.transaction() as late:
        late.append("case-late", new_events(1), 0)
        kit.store.append_once("case-early", new_events(1), 0, uuid4(), "d")
        assert sequencer.seal() == 0
    assert sequencer.seal() == 1
    assert [row.stream for row in kit.store.read_log(0, 9)] == ["case-early"]


@pytest.mark.usefixtures("impatient")
def test_a_writer_that_comes_later_holds_nothing_back(postgres_only: StoreKit):
    kit = postgres_only
    kit.store.append_once("case-1", new_events(1), 0, uuid4(), "d")
    ids = kit.sequencer()
    with kit.store.transaction() as later:
        assert ids.seal() == 1
        later.append("case-2", new_events(1), 0)


def test_without_the_fence_the_same_readers_would_skip_an_event(
    postgres_only: StoreKit, monkeypatch: pytest.MonkeyPatch
):
    """Shows that the tests above can fail: the fence, and nothing else, keeps the order."""
    monkeypatch.setattr(postgres_sealing, "_ended", lambda raw, holders: True)
    kit, sequencer = postgres_only, postgres_only.sequencer()
    with kit.store.transaction() as late:
        late.append("case-late", new_events(1), 0)
        kit.store.append_once("case-early", new_events(1), 0, uuid4(), "d")
        assert sequencer.seal() == 1
        late.commit()
    assert sequencer.seal() == 0
    problem = kit.verify().problem
    assert problem is not None
    assert problem.kind == "unsealed"
    assert problem.position == 1
