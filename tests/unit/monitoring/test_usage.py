"""What counts of a usage-log batch (CP-MON-08 to -10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.monitoring.domain import usage as u
from services.monitoring.domain.errors import UnreadableUsage
from services.monitoring.domain.usage import Counting, Usage, read_rows
from shared.kernel.clock import after_day
from shared.kernel.ids import derived_id
from tests.support.monitoring_events import CASE, SHOPS, at

HEAD = {"solution_name": "預約雲"}
ADOPTED = at("2023-06-05", "12:00:00")


def counting(**changed: Any) -> Counting:
    fields: dict[str, Any] = {
        "adopted": {SHOPS[0]: ADOPTED},
        "sides": ("OWNER", "STAFF"),
        "kinds": ("LOGIN",),
        "until": after_day(date(2023, 11, 30)),
        "now": at("2023-12-31"),
    }
    return Counting(**{**fields, **changed})


def row(**changed: Any) -> dict[str, Any]:
    fields = {
        "ubn": SHOPS[0],
        "solution": "預約雲",
        "kind": "LOGIN",
        "actor_side": "OWNER",
        "at": "2023-06-06T09:00:00+08:00",
        "source_id": "log-1",
        "uses": 1,
    }
    return {**fields, **changed}


def ingest(usage: Usage, *rows: dict[str, Any], name: str = "b", **how: Any) -> Any:
    records = read_rows(list(rows))
    return usage.ingest(CASE, derived_id(name), HEAD, records, counting(**how))


def why(**changed: Any) -> dict[str, int]:
    return dict(ingest(Usage(), row(**changed))[0].not_counted)


def test_consumer_views_are_stored_and_not_counted():
    views = [row(actor_side="CONSUMER", source_id=f"v{i}") for i in range(100)]
    logins = [row(source_id=f"l{i}") for i in range(3)]
    summary, stored = ingest(Usage(), *views, *logins)
    assert summary.counted == {SHOPS[0]: {"2023-06-06": 3}}
    assert summary.not_counted == {u.CONSUMER: 100}
    assert len(stored.rows) == 103


def test_the_instant_of_the_adoption_counts_and_the_one_before_does_not():
    assert why(at=ADOPTED.isoformat()) == {}
    assert why(at=(ADOPTED - timedelta(microseconds=1)).isoformat()) == {u.OUTSIDE: 1}


def test_the_last_microsecond_of_the_last_day_counts_and_the_next_does_not():
    assert why(at="2023-11-30T23:59:59.999999+08:00") == {}
    assert why(at="2023-12-01T00:00:00+08:00") == {u.OUTSIDE: 1}


def test_nothing_from_the_future_counts():
    summary, _ = ingest(Usage(), row(), now=at("2023-06-06", "08:59:59"))
    assert summary.not_counted == {u.FUTURE: 1}


def test_kinds_and_enterprises_that_were_not_agreed_do_not_count():
    assert why(kind="INTERACTION") == {u.KIND: 1}
    assert why(ubn=SHOPS[1]) == {u.UNADOPTED: 1}


def test_a_duplicate_inside_a_batch_and_across_batches_counts_once():
    first, _ = ingest(Usage(), row(), row())
    assert first.counted[SHOPS[0]] == {"2023-06-06": 1}
    second, _ = ingest(Usage().apply(first), row(), row(source_id="log-2"), name="c")
    assert second.not_counted == {u.DUPLICATE: 1}
    assert second.counted[SHOPS[0]] == {"2023-06-06": 1}


def test_the_same_batch_again_yields_no_event():
    first, _ = ingest(Usage(), row())
    assert ingest(Usage().apply(first), row(), name="again") == ()


def test_the_same_batch_after_the_adoption_was_recorded_counts_what_counts_now():
    early, _ = ingest(Usage(), row(), adopted={})
    late, _ = ingest(Usage().apply(early), row(), name="again")
    assert late.counted[SHOPS[0]] == {"2023-06-06": 1}


def test_a_row_may_stand_for_several_uses():
    summary, _ = ingest(Usage(), row(uses=7))
    assert Usage().apply(summary).uses[SHOPS[0]] == {date(2023, 6, 6): 7}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"at": "2023-06-06T09:00:00"}, "rows/0/at"),
        ({"at": "yesterday"}, "rows/0/at"),
        ({"uses": 0}, "rows/0/uses"),
        ({"uses": "3"}, "rows/0/uses"),
        ({"source_id": ""}, "rows/0/source_id"),
        ({"ubn": None}, "rows/0/ubn"),
        ({"colour": "red"}, "rows/0/"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_place(changed: Any, field: str):
    with pytest.raises(UnreadableUsage) as refusal:
        read_rows([row(**changed)])
    assert refusal.value.field == field
