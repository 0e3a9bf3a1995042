"""An intruder with every right changes rows; verify names the first bad record each time."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.eventstore import merkle
from shared.eventstore.hashing import event_hash, hashed_text
from shared.eventstore.heads import HeadSigner
from tests.support.stores import StoreKit, new_events, sqlite_kit
from tests.support.tampered import SIZE, first_bad

EVENT_COLUMNS = {
    "id": "'00000000-0000-0000-0000-000000000000'",
    "stream": "stream || 'x'",
    "version": "version + 1000",
    "type": "type || 'x'",
    "schema_version": "schema_version + 1",
    "data": "replace(data, '補助款', '補助金')",
    "metadata": "replace(metadata, 'officer-1', 'officer-2')",
    "recorded_at": "replace(recorded_at, '+08:00', '+09:00')",
}


@pytest.mark.parametrize(
    ("column", "victim"), [("data", 1), ("data", SIZE), *((name, 300) for name in EVENT_COLUMNS)]
)
def test_a_changed_column_of_an_event_is_named(filled: StoreKit, column: str, victim: int):
    change = f"UPDATE events SET {column} = {EVENT_COLUMNS[column]} WHERE position = :victim"
    filled.tamper(change, victim=victim)
    assert first_bad(filled) == ("leaf", victim)


MOVED = {
    "a byte of data to metadata": (
        "data = substr(data, 1, length(data) - 1), "
        "metadata = substr(data, length(data)) || metadata"
    ),
    "a byte of metadata to data": (
        "data = data || substr(metadata, 1, 1), metadata = substr(metadata, 2)"
    ),
    "data and metadata exchanged": "data = metadata, metadata = data",
    "a letter of the stream to the type": (
        "type = substr(stream, length(stream)) || type, "
        "stream = substr(stream, 1, length(stream) - 1)"
    ),
}


@pytest.mark.parametrize("change", MOVED.values(), ids=MOVED)
def test_bytes_moved_between_columns_are_named(filled: StoreKit, change: str):
    filled.tamper(f"UPDATE events SET {change} WHERE position = 300")
    assert first_bad(filled) == ("leaf", 300)


RESPELLED = {
    "space": "data || ' '",
    "space inside": "replace(data, ':', ': ')",
    "escape": "replace(data, '補', '\\u88dc')",
    "order": """'{"text":"補助款","amount_twd":1}'""",
}


@pytest.mark.parametrize("spelling", RESPELLED.values(), ids=RESPELLED)
def test_data_that_says_the_same_in_other_bytes_is_named(filled: StoreKit, spelling: str):
    (row,) = next(filled.store.audit_pages(299, 300))
    filled.tamper(f"UPDATE events SET data = {spelling} WHERE position = 300".replace(":", r"\:"))
    assert json.loads(next(filled.store.audit_pages(299, 300))[0].data) == json.loads(row.data)
    assert first_bad(filled) == ("leaf", 300)


@pytest.mark.parametrize("column", ["stream", "data", "metadata", "recorded_at"])
def test_text_that_is_no_utf_8_any_more_is_named(tmp_path: Path, column: str):
    filled = sqlite_kit(tmp_path)  # PostgreSQL does not take such bytes
    filled.fill(SIZE)
    broken = f"CAST(substr(CAST({column} AS BLOB), 1, 5) || x'ff' AS TEXT)"
    filled.tamper(f"UPDATE events SET {column} = {broken} WHERE position = 300")
    assert first_bad(filled) == ("leaf", 300)
    filled.close()


@pytest.mark.parametrize("value", ["'x'", "NULL"])
def test_a_changed_case_of_an_event_is_named(filled: StoreKit, value: str):
    filled.tamper(f"UPDATE events SET correlation_id = {value} WHERE position = 300")
    assert first_bad(filled) == ("column", 300)


def test_a_moved_event_is_named(filled: StoreKit):
    filled.tamper("UPDATE events SET position = 9000 WHERE position = 300")
    assert first_bad(filled) == ("event", 300)


@pytest.mark.parametrize("victim", [1, 300, SIZE])
def test_a_deleted_event_is_named(filled: StoreKit, victim: int):
    filled.tamper("DELETE FROM events WHERE position = :victim", victim=victim)
    assert first_bad(filled) == ("event", victim)


def test_two_swapped_contents_are_named_at_the_first(filled: StoreKit):
    with_data = "UPDATE events SET data = (SELECT e.data FROM events e WHERE e.position = :b)"
    filled.tamper(
        "UPDATE events SET data = replace(data, '補助款', 'x') WHERE position = 301",
        with_data + " WHERE position = :a",
        a=300,
        b=301,
    )
    assert first_bad(filled) == ("leaf", 300)


def test_two_swapped_positions_are_named_at_the_first(filled: StoreKit):
    filled.tamper(
        "UPDATE events SET position = -1 WHERE position = 300",
        "UPDATE events SET position = 300 WHERE position = 301",
        "UPDATE events SET position = 301 WHERE position = -1",
    )
    assert first_bad(filled) == ("leaf", 300)


def test_two_swapped_log_rows_are_named_at_the_first(filled: StoreKit):
    filled.tamper(
        "UPDATE log SET sequence = -1 WHERE sequence = 300",
        "UPDATE log SET sequence = 300 WHERE sequence = 301",
        "UPDATE log SET sequence = 301 WHERE sequence = -1",
    )
    assert first_bad(filled) in {("leaf", 300), ("feed", 300), ("position", 301)}


COPY = "id, stream, version, type, schema_version, data, metadata, recorded_at, correlation_id"


def test_a_doubled_event_is_named(filled: StoreKit):
    filled.drop_uniqueness()
    filled.tamper(
        f"""INSERT INTO events (position, {COPY})
        SELECT 9000, {COPY} FROM events WHERE position = 300"""
    )
    problem = filled.verify().problem
    assert problem is not None
    assert (problem.kind, problem.position) == ("stream", 9000)


def test_a_forged_event_inside_the_sealed_range_is_named(filled: StoreKit):
    filled.tamper(
        f"""INSERT INTO events (position, {COPY})
        SELECT 0, '{uuid4()}', 'case-forged', 1, type, schema_version, data, metadata, recorded_at,
        correlation_id FROM events WHERE position = 300"""
    )
    problem = filled.verify().problem
    assert problem is not None
    assert (problem.kind, problem.position) == ("unsealed", 0)


def test_a_skipped_version_is_named(filled: StoreKit):
    # forged before sealing, so that its leaf is right
    filled.tamper(
        f"""INSERT INTO events ({COPY})
        SELECT '{uuid4()}', stream, 9000, type, schema_version, data, metadata, recorded_at,
        correlation_id FROM events WHERE position = 300"""
    )
    filled.sequencer().seal_all()
    assert first_bad(filled) == ("stream", SIZE + 1)


def test_a_deleted_log_row_is_named(filled: StoreKit):
    filled.tamper("DELETE FROM log WHERE sequence = 300")
    assert first_bad(filled) == ("sequence", 300)


@pytest.mark.parametrize("statement", ["DELETE FROM log WHERE sequence > 590", "DELETE FROM log"])
def test_a_cut_tail_is_named_by_the_newest_head(filled: StoreKit, statement: str):
    filled.tamper(statement, "DELETE FROM events WHERE position > 590")
    left = filled.verify().events
    assert first_bad(filled) == ("truncated", left + 1)


def test_a_tail_cut_together_with_its_heads_needs_a_head_kept_elsewhere(filled: StoreKit):
    kept = filled.store.newest_head()
    filled.tamper(
        "DELETE FROM log WHERE sequence > 590",
        "DELETE FROM events WHERE position > 590",
        "DELETE FROM heads WHERE size > 590",
    )
    if filled.store.newest_head() is None:  # a log with records and no head at all
        assert first_bad(filled) == ("head", 1)
    filled.sequencer().sign()
    assert filled.verify().ok
    assert first_bad(filled, known_head=kept) == ("truncated", 591)


def test_a_rewritten_history_does_not_match_a_head_kept_elsewhere(filled: StoreKit, tmp_path: Path):
    kept = filled.store.newest_head()
    folder = tmp_path / "other"
    folder.mkdir()
    other = sqlite_kit(folder)
    other.signer = filled.signer
    other.fill(SIZE)
    assert other.verify().ok
    assert first_bad(other, known_head=kept) == ("head", kept.number)
    other.close()


@pytest.mark.parametrize("victim", [1, 256, 300, SIZE])
def test_a_changed_leaf_is_named(filled: StoreKit, victim: int):
    filled.tamper("UPDATE log SET leaf = :leaf WHERE sequence = :v", leaf=b"\1" * 32, v=victim)
    assert first_bad(filled) == ("leaf", victim)


def test_an_event_changed_together_with_its_leaf_is_caught_by_the_tree(filled: StoreKit):
    forged = "replace(data, '補助款', '補助金')"
    filled.tamper(f"UPDATE events SET data = {forged} WHERE position = 300")
    (row,) = next(filled.store.audit_pages(299, 300))
    leaf = merkle.leaf_hash(event_hash(hashed_text(*row[5:13])))
    filled.tamper("UPDATE log SET leaf = :leaf WHERE sequence = 300", leaf=leaf)
    assert first_bad(filled) == ("node", 512)


def test_a_changed_or_lost_node_is_named(filled: StoreKit):
    filled.tamper('UPDATE log_nodes SET hash = :h WHERE "index" = 1', h=b"\1" * 32)
    assert first_bad(filled) == ("node", 512)
    filled.tamper('DELETE FROM log_nodes WHERE "index" = 0')
    assert first_bad(filled) == ("node", 256)


@pytest.mark.parametrize(
    ("value", "victim", "named"),
    [("NULL", 297, 301), ("feed_sequence + 500", 297, 297), ("9000", 298, 298)],
)
def test_a_changed_feed_sequence_is_named(filled: StoreKit, value: str, victim: int, named: int):
    filled.tamper(f"UPDATE log SET feed_sequence = {value} WHERE sequence = {victim}")
    if value == "NULL":  # the type says at once that this one is public
        assert first_bad(filled) == ("feed", victim)
        assert first_bad(filled, public_types=None) == ("feed", named)
    else:
        assert first_bad(filled, public_types=None) == ("feed", named)


def test_a_feed_cut_at_its_end_is_named_by_the_head(filled: StoreKit):
    filled.tamper("UPDATE log SET feed_sequence = NULL WHERE feed_sequence = 150")
    assert first_bad(filled, public_types=None) == ("head", filled.store.newest_head().number)


def test_a_private_event_put_into_the_feed_is_named(filled: StoreKit):
    filled.tamper(
        "UPDATE log SET feed_sequence = NULL WHERE sequence = 297",
        "UPDATE log SET feed_sequence = 75 WHERE sequence = 298",
    )
    assert first_bad(filled) == ("feed", 297)


HEAD_COLUMNS = {
    "service": "'review'",
    "size": "size - 1",
    "feed_size": "feed_size - 1",
    "root": "'00' || substr(root, 3)",
    "at": "replace(at, '+08:00', '+09:00')",
    "clock": "'system'",
    "signature": "'00' || substr(signature, 3)",
}


@pytest.mark.parametrize("column", HEAD_COLUMNS)
def test_a_changed_column_of_a_head_is_named(filled: StoreKit, column: str):
    filled.tamper(f"UPDATE heads SET {column} = {HEAD_COLUMNS[column]} WHERE number = 1")
    assert first_bad(filled) == ("head", 1)


def test_a_lost_head_is_named(filled: StoreKit):
    filled.store.append_once("case-new", new_events(1), 0, uuid4(), "d")
    filled.sequencer().seal_all()
    filled.tamper("DELETE FROM heads WHERE number = 1")
    assert first_bad(filled) == ("head", 2)


def test_a_head_signed_with_another_key_is_named(filled: StoreKit):
    filled.signer = HeadSigner("intake", Ed25519PrivateKey.generate())
    assert first_bad(filled) == ("head", 1)
