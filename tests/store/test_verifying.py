"""Verify looks at text that was never canonical, at what is unsealed, and in several processes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from shared.eventstore import audit_runs
from shared.eventstore.audit_text import canonical_object
from shared.eventstore.hashing import hashed_text
from shared.eventstore.store import StoredEvent
from shared.kernel.canonical import NotCanonical, canonical_json
from shared.kernel.clock import instant_text
from tests.support.stores import StoreKit, new_events
from tests.support.tampered import SIZE, first_bad


def test_an_untouched_store_is_found_good(filled: StoreKit):
    report = filled.verify()
    assert (report.ok, report.events, report.feed_events) == (True, SIZE, SIZE // 4)
    assert (report.unsealed, report.unsigned) == (0, 0)


@pytest.mark.parametrize(
    "data",
    [
        '{"b":1,"a":2}',
        '{"a": 1}',
        '{"a":1.5}',
        '{"a":"\\u88dc"}',
        '{"a":NaN}',
        "[1",
        '{"a":1,"a":1}',
        ' {"a":1}',
        '{"a":1} ',
        '{"a":1}{}',
        '{"a":1.0}',
        '{"a":1e2}',
        '{"a":-0}',
        '{"a":"\\/"}',
        "[]",
        "1",
        "",
    ],
)
def test_text_that_was_never_canonical_is_named(sql_kit: StoreKit, data: str):
    sql_kit.fill(5)
    bad = [replace(new, data=data) for new in new_events(1)]
    sql_kit.store.append_once("case-bad", bad, 0, uuid4(), "d")
    assert first_bad(sql_kit) == ("canonical", None)  # found while it waits for its sequence
    sql_kit.sequencer().seal_all()
    assert first_bad(sql_kit) == ("canonical", 6)


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(2**80), 2**80) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
LOOSE = st.text('{}[]":,.0123456789eE+- \\/unrtfalse\n\t補', max_size=12)


@given(st.dictionaries(st.text(), TREES, max_size=4))
def test_every_canonical_object_is_read_as_what_it_says(tree: dict[str, Any]):
    assert canonical_object(canonical_json(tree)) == tree


@given(st.dictionaries(st.text(), TREES | st.floats(), max_size=3), st.booleans(), st.booleans())
def test_other_spellings_of_an_object_are_refused(tree: Any, ascii: bool, spaces: bool):
    separators = None if spaces else (",", ":")
    _agrees_with_the_definition(json.dumps(tree, ensure_ascii=ascii, separators=separators))


@given(LOOSE)
def test_text_that_is_nearly_an_object_is_refused(inner: str):
    for text in (inner, f'{{"a":{inner}}}', f'{{"a":"{inner}"}}', f'{{"{inner}":1}}'):
        _agrees_with_the_definition(text)


def _agrees_with_the_definition(text: str) -> None:
    """The fast reader takes what json and kernel.canonical take, and nothing else."""
    try:
        tree = json.loads(text)
        expected = isinstance(tree, dict) and canonical_json(tree) == text
    except (ValueError, NotCanonical):
        expected = False
    assert (canonical_object(text) is not None) == expected


def test_columns_that_smuggle_json_into_the_hashed_text_are_named(sql_kit: StoreKit):
    """The same hashed text from other columns: hash and leaf fit, the columns do not."""
    data = '{"inner":{"a":1,"id":"x","metadata":{}}}'
    (new,) = (replace(event, data=data) for event in new_events(1))
    sql_kit.store.append_once("case-1", [new], 0, uuid4(), "d")
    sql_kit.sequencer().seal_all()
    (row,) = sql_kit.store.read_log(0, 1)
    columns = {
        "data": '{"inner":{"a":1',
        "id": "x",
        "metadata": f'{{}}}}}},"id":"{row.id}","metadata":{row.metadata}',
    }
    assert hashed_text(columns["id"], *_rest(row, columns)) == row.hashed()
    sql_kit.tamper("UPDATE events SET data = :data, id = :id, metadata = :metadata", **columns)
    assert first_bad(sql_kit) == ("canonical", 1)


def _rest(row: StoredEvent, columns: dict[str, str]) -> tuple[Any, ...]:
    return (
        row.stream,
        row.version,
        row.type,
        row.schema_version,
        columns["data"],
        columns["metadata"],
        instant_text(row.recorded_at),
    )


def test_the_unsealed_window_is_reported(filled: StoreKit):
    filled.store.append_once("case-new", new_events(3), 0, uuid4(), "d")
    report = filled.verify()
    assert (report.ok, report.events, report.unsealed) == (True, SIZE, 3)
    filled.sequencer().seal(2)
    report = filled.verify()
    assert (report.unsealed, report.unsigned) == (1, 2)


def test_verify_reads_while_others_write(sql_kit: StoreKit):
    sql_kit.fill(50)
    with sql_kit.store.transaction() as transaction:
        transaction.append("case-open", new_events(1), 0)
        assert sql_kit.verify().ok
        assert isinstance(transaction.connection, sa.Connection)


def test_texts_that_only_make_sense_together_are_named(sql_kit: StoreKit):
    (new,) = new_events(1)
    forged = replace(new, data='{"a":1', metadata='{}},"id":"x","metadata":{}')
    sql_kit.store.append_once("case-1", [forged], 0, uuid4(), "d")
    sql_kit.sequencer().seal_all()
    assert first_bad(sql_kit) == ("canonical", 1)


@pytest.mark.parametrize("threads", [1, 2], ids=["forked", "spawned"])
def test_several_processes_find_what_one_finds(
    filled: StoreKit, monkeypatch: pytest.MonkeyPatch, threads: int
):
    monkeypatch.setattr(audit_runs, "RUN", 150)
    monkeypatch.setattr(audit_runs.threading, "active_count", lambda: threads)
    report = filled.verify(processes=2)
    assert report == filled.verify(processes=1)
    assert report.ok
    filled.tamper("UPDATE events SET data = '{}' WHERE position IN (150, 151, 500)")
    assert first_bad(filled, processes=2) == ("leaf", 150)
    filled.tamper("DELETE FROM log WHERE sequence = 150")
    assert first_bad(filled, processes=2) == ("sequence", 150)
