"""Read models of monitoring, filled by replaying a case: what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from services.monitoring.projections import INLINE, METADATA, QUERIES
from shared.kernel.errors import UnknownThing
from tests.support.monitoring_desk import OFFICER, Desk
from tests.support.monitoring_events import CASE, at, public


@contextmanager
def projected(desk: Desk) -> Iterator[Any]:
    """A unit whose tables were filled by replaying the case from its log."""
    engine = sa.create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.connect() as connection, desk.core.units.begin() as unit:
        for recorded in unit.history("monitoring", CASE):
            for projection in INLINE:
                projection.project(connection, recorded)
        yield SimpleNamespace(connection=connection, streams=unit.streams)
    engine.dispose()


def ask(desk: Desk, name: str, **params: Any) -> Any:
    with projected(desk) as unit:
        return QUERIES[name](unit, **params)


def late() -> Desk:
    desk = Desk().signed()
    desk.advance(at("2023-05-11", "00:00:00"))
    return desk


def test_an_open_alert_is_listed_and_a_cleared_one_keeps_its_reason():
    desk = late()
    (alert,) = ask(desk, "alerts", open=True)
    assert (alert["kind"], alert["obligation"], alert["about"]) == ("late", "CAL-14", "2023-04")
    assert alert["raised_at"].startswith("2023-05-11T00:00:00")
    desk.do(
        "ClearAlert", at("2023-05-12"), OFFICER, alert_id=alert["alert_id"], reason="已電話確認"
    )
    assert ask(desk, "alerts", open=True) == []
    (cleared,) = ask(desk, "alerts", case="CP112-0001")
    assert cleared["cleared_why"] == "已電話確認"


def test_the_calendar_lists_every_obligation_by_day_and_tells_what_is_fulfilled():
    desk = late()
    rows = ask(desk, "obligations", case="CP112-0001")
    assert [row["due_on"] for row in rows] == sorted(row["due_on"] for row in rows)
    standing = {(row["obligation"], row["period"]): row for row in rows}
    assert standing["CAL-14", "2023-04"]["alert"] is True
    assert standing["CAL-11", None]["fulfilled"] is True, "all letters are on file"
    assert standing["CAL-13", None]["fulfilled"] is False


def test_the_list_of_cases_follows_the_contract():
    desk = late()
    ended = {"case_id": str(CASE), "reason": "違約"}
    desk.hear(public("finance", "ContractTerminated", ended, at("2023-07-20")))
    (row,) = ask(desk, "cases")
    assert (row["state"], row["enterprises"]) == ("terminated", 3)
    assert row["follow_up_ends_on"] == "2026-07-20"


def test_checkpoints_and_usage_are_told_for_a_case_by_number_or_id():
    desk = late()
    assert [row["state"] for row in ask(desk, "checkpoints", case=str(CASE))] == ["due", "due"]
    usage = ask(desk, "usage", case="CP112-0001")
    assert (usage["total"], usage["promised"]) == (0, 100)
    assert {row["standing"] for row in usage["enterprises"]} == {"NOT_ASSESSABLE"}


def test_an_unknown_case_is_named():
    with pytest.raises(UnknownThing, match="CP112-9999"):
        ask(late(), "obligations", case="CP112-9999")
