"""Every store: sequence, feed numbers, heads, and sequencers that take over from each other."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import psycopg
import pytest

from shared.eventstore import merkle, sequencer
from shared.eventstore.heads import HeadSigner, is_genuine
from shared.eventstore.sealing import SealConflict, SealedBatch
from tests.support.stores import StoreKit, new_events


def append(kit: StoreKit, stream: str, kind: str = "AmountSet", count: int = 1) -> None:
    version = len(kit.store.read_stream(stream))
    kit.store.append_once(stream, new_events(count, None, kind), version, uuid4(), "d")


def test_sequence_counts_every_event_and_feed_sequence_only_public_ones(kit: StoreKit):
    for kind in ("CaseOpened", "AmountSet", "AmountSet", "CaseOpened"):
        append(kit, "case-1", kind)
    assert kit.sequencer().seal() == 4
    log = kit.store.read_log(0, 10)
    assert [(row.sequence, row.feed_sequence) for row in log] == [
        (1, 1),
        (2, None),
        (3, None),
        (4, 2),
    ]
    assert [row.feed_sequence for row in kit.store.read_feed(0, 10)] == [1, 2]
    assert [row.sequence for row in kit.store.read_feed(1, 10)] == [4]


def test_nothing_is_read_from_the_log_before_it_is_sealed(kit: StoreKit):
    append(kit, "case-1")
    assert list(kit.store.read_log(0, 10)) == []
    assert kit.store.read_stream("case-1")[0].sequence is None


def test_sealing_goes_on_where_it_stopped_in_steps_of_the_limit(kit: StoreKit):
    append(kit, "case-1", count=25)
    sequencer = kit.sequencer()
    assert [sequencer.seal(10), sequencer.seal(10)] == [10, 10]
    later = kit.sequencer()
    assert [later.seal(10), later.seal(10)] == [5, 0]
    assert [row.sequence for row in kit.store.read_log(0, 100)] == list(range(1, 26))
    assert [row.sequence for row in kit.store.read_log(20, 3)] == [21, 22, 23]


def test_a_rolled_back_append_leaves_no_gap_in_the_sequence(kit: StoreKit):
    append(kit, "case-1")
    with kit.store.transaction() as transaction:
        transaction.append("case-2", new_events(3), 0)
    append(kit, "case-3")
    kit.sequencer().seal_all()
    assert [(row.sequence, row.stream) for row in kit.store.read_log(0, 9)] == [
        (1, "case-1"),
        (2, "case-3"),
    ]


def test_two_sequencers_at_once_never_number_an_event_twice(kit: StoreKit):
    append(kit, "case-1", count=10)
    first, second = kit.sequencer(), kit.sequencer()
    assert (first.size, second.size) == (0, 0)
    assert first.seal(5) == 5
    assert second.seal(5) == 0  # it believed the log empty, was told, and reads again
    assert second.seal(10) == 5
    assert first.seal(10) == 0
    assert kit.verify().ok
    assert kit.verify().events == 10


def test_a_batch_that_does_not_continue_the_log_is_refused(kit: StoreKit):
    append(kit, "case-1")
    batch = SealedBatch(size=1, positions=[1], feed_sequences=[None], leaves=[b"\0" * 32], nodes=[])
    with pytest.raises(SealConflict):
        kit.store.seal(batch)


def test_sequencers_that_race_in_threads_agree_on_one_log(kit: StoreKit):
    append(kit, "case-1", count=400)
    racing = [kit.sequencer() for _ in range(4)]

    def run(own: sequencer.Sequencer) -> None:
        while own.size < 400:
            own.seal(7)

    threads = [threading.Thread(target=run, args=(own,)) for own in racing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kit.sequencer().seal_all()
    report = kit.verify()
    assert (report.ok, report.events, report.unsealed) == (True, 400, 0)


def test_the_first_seal_signs_a_head_that_says_which_clock_runs(kit: StoreKit):
    assert kit.sequencer().seal() == 0
    head = kit.store.newest_head()
    assert (head.number, head.size, head.clock, head.service) == (1, 0, "simulated", "intake")
    assert head.root == merkle.EMPTY_ROOT.hex()
    assert is_genuine(head, kit.signer.public_key)


def test_a_head_is_signed_every_thousand_events(kit: StoreKit):
    own = kit.sequencer()
    own.seal()
    append(kit, "case-1", count=2500)
    while own.seal(500):
        pass
    sizes = [head.size for head in kit.store.heads()]
    assert sizes == [0, 1000, 2000]
    own.sign()
    assert kit.store.newest_head().size == 2500
    assert own.sign() is None


def test_a_head_is_signed_after_a_second(kit: StoreKit):
    now = 100
    own = kit.sequencer(monotonic=lambda: now)
    own.seal()
    append(kit, "case-1")
    own.seal()
    assert kit.store.newest_head().size == 0
    now = 101
    own.seal()
    assert kit.store.newest_head().size == 1
    now = 105
    own.seal()
    assert kit.store.newest_head().number == 2  # nothing new, nothing to sign


def test_the_loop_seals_what_comes_and_signs_when_it_stops(kit: StoreKit):
    own, sealed = kit.sequencer(), []
    waiting = iter(range(100))

    def pause(_: float) -> None:
        if next(waiting) < 3:
            append(kit, "case-1")

    own.run(lambda: len(sealed) == 3, pause, sealed.append)
    assert sealed == [1, 1, 1]
    assert kit.store.newest_head().size == 3


def test_only_one_replica_leads_and_the_next_takes_over(postgres_only: StoreKit):
    with postgres_only.store.leadership() as first:
        assert first.held()
        with postgres_only.store.leadership() as second:
            assert not second.held()
            first.resign()
            assert second.held()
            assert not first.held()


def test_a_replica_that_does_not_lead_seals_nothing(postgres_only: StoreKit):
    append(postgres_only, "case-1")
    pauses: list[float] = []
    with postgres_only.store.leadership() as leader:
        assert leader.held()
        postgres_only.sequencer().run(lambda: len(pauses) == 2, pauses.append)
    assert postgres_only.store.log_tail().size == 0


def test_a_leader_whose_session_was_killed_leads_no_more(postgres_only: StoreKit):
    with postgres_only.store.leadership() as leader:
        assert leader.held()
        postgres_only.tamper(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        )
        leader._checked_at = 0
        with pytest.raises(psycopg.OperationalError):
            leader.held()
        assert leader.held()  # a new session, the lock is free again


def test_sealing_tells_listeners_once_a_batch(postgres_only: StoreKit):
    append(postgres_only, "case-1", count=5)
    with postgres_only.store.hot.open() as listener:
        listener.execute("LISTEN grantcase_sealed")
        postgres_only.sequencer().seal()
        notes = list(listener.notifies(timeout=5, stop_after=1))
    assert [note.payload for note in notes] == ["5"]


def test_a_signing_key_file_must_hold_32_bytes(tmp_path):
    path = tmp_path / "signing.key"
    path.write_text("ab" * 31)
    with pytest.raises(ValueError, match=r"signing\.key"):
        HeadSigner.from_file("intake", path)
    path.write_text("ab" * 32 + "\n")
    assert len(HeadSigner.from_file("intake", path).public_key) == 64


def test_a_case_knows_its_numbers_after_sealing(kit: StoreKit):
    case = UUID(int=5)
    kit.store.append_once("case-5", new_events(2, case, "CaseOpened"), 0, uuid4(), "d")
    kit.sequencer().seal_all()
    rows = list(kit.store.read_streams(case))
    assert [(row.sequence, row.feed_sequence) for row in rows] == [(1, 1), (2, 2)]
