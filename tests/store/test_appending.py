"""Every store: expected version, command ids, transactions, reading, concurrent writers."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import psycopg
import pytest

from shared.kernel.errors import CommandIdReused, VersionConflict
from tests.support.stores import StoreKit, new_events

CASE = UUID(int=7)
STREAM = f"case-{CASE}"


def test_events_get_the_versions_after_the_expected_one(kit: StoreKit):
    kit.store.append_once(STREAM, new_events(2), 0, uuid4(), "d")
    rows = kit.store.append_once(STREAM, new_events(3), 2, uuid4(), "d")
    assert [row.version for row in rows] == [3, 4, 5]
    assert list(kit.store.read_stream(STREAM, 2)) == list(rows)


def test_what_was_appended_is_read_back_as_it_was(kit: StoreKit):
    events = new_events(2, CASE)
    kit.store.append_once(STREAM, events, 0, uuid4(), "d")
    read = kit.store.read_stream(STREAM)
    assert [(row.id, row.type, row.schema_version, row.data, row.metadata) for row in read] == [
        (new.id, new.type, new.schema_version, new.data, new.metadata) for new in events
    ]
    assert kit.store.find(events[1].id) == read[1]


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_another_version_than_the_expected_one_is_a_conflict(kit: StoreKit, expected: int):
    kit.store.append_once(STREAM, new_events(2), 0, uuid4(), "d")
    with pytest.raises(VersionConflict):
        kit.store.append_once(STREAM, new_events(1), expected, uuid4(), "d")
    with pytest.raises(VersionConflict), kit.store.transaction() as transaction:
        transaction.append(STREAM, new_events(1), expected)
    assert len(kit.store.read_stream(STREAM)) == 2


def test_a_command_given_twice_gets_its_first_answer_and_stores_nothing_more(kit: StoreKit):
    command = uuid4()
    first = kit.store.append_once(STREAM, new_events(2), 0, command, "digest")
    kit.store.append_once(STREAM, new_events(1), 2, uuid4(), "d")
    again = kit.store.append_once(STREAM, new_events(2), 0, command, "digest")
    assert list(again) == list(first)
    assert len(kit.store.read_stream(STREAM)) == 3


def test_a_command_id_with_other_content_is_refused(kit: StoreKit):
    command = uuid4()
    kit.store.append_once(STREAM, new_events(1), 0, command, "digest")
    with pytest.raises(CommandIdReused) as refusal:
        kit.store.append_once(STREAM, new_events(1), 1, command, "another digest")
    assert refusal.value.field == "command_id"
    assert len(kit.store.read_stream(STREAM)) == 1


def test_a_conflict_forgets_the_command_id_so_that_it_can_be_repeated(kit: StoreKit):
    command = uuid4()
    kit.store.append_once(STREAM, new_events(1), 0, uuid4(), "d")
    with pytest.raises(VersionConflict):
        kit.store.append_once(STREAM, new_events(1), 0, command, "digest")
    rows = kit.store.append_once(STREAM, new_events(1), 1, command, "digest")
    assert [row.version for row in rows] == [2]


def test_a_transaction_sees_its_own_events_and_nobody_else_does_before_commit(kit: StoreKit):
    with kit.store.transaction() as transaction:
        transaction.append(STREAM, new_events(2), 0)
        transaction.append(STREAM, new_events(1), 2)
        assert [row.version for row in transaction.read_stream(STREAM)] == [1, 2, 3]
        assert list(kit.store.read_stream(STREAM)) == []
        transaction.commit()
    assert len(kit.store.read_stream(STREAM)) == 3


def test_leaving_without_commit_rolls_everything_back(kit: StoreKit):
    command = uuid4()
    with kit.store.transaction() as transaction:
        transaction.append(STREAM, new_events(2), 0)
        transaction.remember(command, "digest", {"ok": True})
    with kit.store.transaction() as transaction:
        assert transaction.answer_of(command) is None
        assert list(transaction.read_stream(STREAM)) == []


def test_an_answer_is_remembered_with_the_events(kit: StoreKit):
    command = uuid4()
    with kit.store.transaction() as transaction:
        transaction.append(STREAM, new_events(1), 0)
        transaction.remember(command, "digest", {"案號": "CP112-0007", "version": 1})
        transaction.commit()
    with kit.store.transaction() as transaction:
        assert transaction.answer_of(command) == ("digest", {"案號": "CP112-0007", "version": 1})


def test_remembering_a_command_id_twice_is_a_conflict(kit: StoreKit):
    command = uuid4()
    for expected in (True, False):
        with kit.store.transaction() as transaction:
            try:
                transaction.remember(command, "digest", {})
                transaction.commit()
                accepted = True
            except VersionConflict:
                accepted = False
        assert accepted is expected


def test_a_case_is_read_over_its_streams_in_the_order_of_writing(kit: StoreKit):
    other = UUID(int=8)
    for stream, case in (("a-1", CASE), ("b-1", CASE), ("a-2", other), ("c-1", None)):
        kit.store.append_once(stream, new_events(1, case), 0, uuid4(), "d")
    kit.store.append_once("a-1", new_events(1, CASE), 1, uuid4(), "d")
    assert [row.stream for row in kit.store.read_streams(CASE)] == ["a-1", "b-1", "a-1"]


@pytest.mark.parametrize("stream", ["case", "Case-1", 'case-"1', "case-", "case-1\n", "-1"])
def test_a_malformed_stream_name_is_not_stored(kit: StoreKit, stream: str):
    with pytest.raises(ValueError, match="stream name"):
        kit.store.append_once(stream, new_events(1), 0, uuid4(), "d")


def test_appending_nothing_is_a_mistake_of_the_caller(kit: StoreKit):
    with pytest.raises(ValueError, match="nothing"):
        kit.store.append_once(STREAM, [], 0, uuid4(), "d")


def test_of_concurrent_writers_of_one_stream_each_version_has_one(kit: StoreKit):
    written: list[int] = []

    def write_ten() -> None:
        done = 0
        while done < 10:
            version = len(kit.store.read_stream(STREAM))
            try:
                kit.store.append_once(STREAM, new_events(1), version, uuid4(), "d")
            except VersionConflict:
                continue
            written.append(version + 1)
            done += 1

    threads = [threading.Thread(target=write_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(written) == list(range(1, 41))
    assert [row.version for row in kit.store.read_stream(STREAM)] == list(range(1, 41))


def test_of_concurrent_twins_of_one_command_one_writes_and_all_get_its_answer(kit: StoreKit):
    command, answers = uuid4(), []
    start = threading.Barrier(6)

    def give() -> None:
        start.wait()
        rows = kit.store.append_once(STREAM, new_events(2), 0, command, "digest")
        answers.append([row.id for row in rows])

    threads = [threading.Thread(target=give) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [[row.id for row in kit.store.read_stream(STREAM)]] * 6


def test_after_the_server_ended_the_sessions_one_append_fails_and_the_next_ones_do_not(
    postgres_only: StoreKit,
):
    kit = postgres_only
    with kit.store.hot.connection(), kit.store.hot.connection(), kit.store.hot.connection():
        pass  # three idle connections
    kit.tamper(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    )
    with pytest.raises(psycopg.OperationalError):
        kit.store.append_once(STREAM, new_events(1), 0, uuid4(), "d")
    for version in range(3):
        kit.store.append_once(STREAM, new_events(1), version, uuid4(), "d")
