"""Units of work: folding, metadata, inline projections, and everything commits together."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from shared.kernel.decisions import Decision
from shared.kernel.envelope import RecordedEvent
from shared.kernel.errors import VersionConflict
from shared.kernel.ids import seeded_ids
from tests.support.stores import (
    NOON,
    OFFICER,
    AmountSet,
    CaseOpened,
    CaseState,
    StoreKit,
    a_command,
)

CASE = UUID(int=3)
EVENTS = (CaseOpened(case_id=CASE), AmountSet(amount_twd=1_500_000))


class Recorder:
    """An inline projection that remembers what it was told."""

    NAME = "tests.recorder"

    def __init__(self) -> None:
        self.seen: list[tuple[sa.Connection | None, RecordedEvent]] = []

    def project(self, connection: sa.Connection | None, recorded: RecordedEvent) -> None:
        self.seen.append((connection, recorded))


def append(kit: StoreKit, *events: object, expected_version: int = 0) -> None:
    with kit.factory().begin() as uow:
        uow.streams.append(
            "case", CASE, events, expected_version=expected_version, caused_by=a_command()
        )
        uow.commit()


def test_a_stream_that_does_not_exist_is_at_version_zero(kit: StoreKit):
    with kit.factory().begin() as uow:
        assert uow.streams.load(CaseState, "case", CASE) == (CaseState(), 0)


def test_loading_folds_every_event_in_order(kit: StoreKit):
    append(kit, *EVENTS)
    append(kit, AmountSet(amount_twd=2), expected_version=2)
    with kit.factory().begin() as uow:
        state, version = uow.streams.load(CaseState, "case", CASE)
    assert (state.amounts, version) == ((1_500_000, 2), 3)


def test_a_unit_loads_what_it_has_just_appended(kit: StoreKit):
    with kit.factory().begin() as uow:
        uow.streams.append("case", CASE, EVENTS, expected_version=0, caused_by=a_command())
        assert uow.streams.load(CaseState, "case", CASE)[1] == 2
        assert [recorded.version for recorded in uow.history("case", CASE)] == [1, 2]


def test_appending_no_event_does_nothing(kit: StoreKit):
    with kit.factory().begin() as uow:
        uow.streams.append("case", CASE, (), expected_version=9, caused_by=a_command())
        assert uow.recorded == []


def test_a_stale_version_is_a_conflict(kit: StoreKit):
    append(kit, *EVENTS)
    with pytest.raises(VersionConflict):
        append(kit, *EVENTS, expected_version=1)


def test_metadata_says_who_when_why_and_by_which_rule(kit: StoreKit):
    command = a_command(causation_id=uuid4())
    decision = Decision(programme="p", digest="d", moment="submit", rules=("CP-TRK-02",))
    with kit.factory().begin() as uow:
        uow.streams.append(
            "case",
            CASE,
            EVENTS,
            expected_version=0,
            caused_by=command,
            case=CASE,
            decision=decision,
        )
        uow.commit()
    for recorded in kit.factory().reader.case_events(CASE):
        metadata = recorded.metadata
        assert (metadata.actor, metadata.occurred_at) == (OFFICER, NOON)
        assert metadata.correlation_id == CASE
        assert metadata.causation_id == command.causation_id
        assert metadata.command_id == command.command_id
        assert metadata.decision == decision.as_dict()


def test_what_a_unit_records_is_what_is_read_afterwards(kit: StoreKit):
    with kit.factory().begin() as uow:
        uow.streams.append(
            "case", CASE, EVENTS, expected_version=0, caused_by=a_command(), case=CASE
        )
        uow.commit()
        recorded = list(uow.recorded)
    assert kit.factory().reader.history("case", CASE) == recorded
    assert kit.factory().reader.find(recorded[1].id) == recorded[1]
    assert all(len(event.event_hash or "") == 64 for event in recorded)


def test_inline_projections_are_told_in_order_on_the_units_own_connection(kit: StoreKit):
    recorder = Recorder()
    with kit.factory([recorder]).begin() as uow:
        uow.streams.append("case", CASE, EVENTS, expected_version=0, caused_by=a_command())
        assert [recorded for _, recorded in recorder.seen] == uow.recorded
        assert all(connection is uow.connection for connection, _ in recorder.seen)


def test_projection_and_events_commit_together_or_not_at_all(sql_kit: StoreKit):
    def count(table: str) -> int:
        with sql_kit.store.reader.connect() as connection:
            return connection.scalar(sa.text(f"SELECT count(*) FROM {table}"))

    class Answers:
        NAME = "tests.answers"

        def project(self, connection: sa.Connection, recorded: RecordedEvent) -> None:
            connection.execute(
                sa.text("INSERT INTO commands VALUES (:id, 'd', '{}')"), {"id": str(recorded.id)}
            )

    for commit, expected in ((False, 0), (True, 2)):
        with sql_kit.factory([Answers()]).begin() as uow:
            uow.streams.append("case", CASE, EVENTS, expected_version=0, caused_by=a_command())
            if commit:
                uow.commit()
        assert (count("events"), count("commands")) == (expected, expected)


def test_an_exception_rolls_back_and_passes_through(kit: StoreKit):
    def fail(kit: StoreKit) -> None:
        with kit.factory().begin() as uow:
            uow.streams.append("case", CASE, EVENTS, expected_version=0, caused_by=a_command())
            raise KeyError("handler failed")

    with pytest.raises(KeyError):
        fail(kit)
    assert kit.factory().reader.history("case", CASE) == []


def test_ids_come_from_the_port(kit: StoreKit):
    with kit.factory(new_id=seeded_ids("demo")).begin() as uow:
        uow.streams.append("case", CASE, EVENTS, expected_version=0, caused_by=a_command())
        ids = seeded_ids("demo")
        assert [recorded.id for recorded in uow.recorded] == [ids(), ids()]


def test_the_reader_follows_log_and_feed(kit: StoreKit):
    append(kit, *EVENTS)
    kit.sequencer().seal_all()
    reader = kit.factory().reader
    assert [recorded.event for recorded in reader.log(0, 10)] == list(EVENTS)
    assert [(recorded.event, recorded.feed_sequence) for recorded in reader.feed(0, 10)] == [
        (EVENTS[0], 1)
    ]
