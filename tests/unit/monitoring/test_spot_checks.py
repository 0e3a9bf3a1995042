"""Spot checks of the usage logs, and uses before a change was approved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.monitoring.domain import events as e
from shared.kernel.errors import InvalidInput, NotPermitted, RefusedByRules
from shared.kernel.ids import derived_id
from tests.support.monitoring_desk import GRANTEE, OFFICER, Desk
from tests.support.monitoring_events import SHOPS, at, weekly_logins
from tests.support.monitoring_steps import adopt, alerts, log

CHECK = str(derived_id("check"))


@pytest.fixture
def desk() -> Desk:
    """Three shops, 20 log-ins each in the five weeks from 2023-06-05."""
    desk = Desk().signed()
    adopt(desk)
    log(desk, weekly_logins(SHOPS, "2023-06-05", 5), "2023-07-10")
    return desk


def check(desk: Desk, found: int, **changed: Any) -> Any:
    sample = {"ubn": SHOPS[0], "first_on": "2023-06-05", "last_on": "2023-07-09", "found": found}
    payload = {"check_id": CHECK, "cooperated": True, "note": "調閱後台", "samples": [sample]}
    return desk.do("RecordSpotCheck", at("2023-07-12"), OFFICER, **{**payload, **changed})


def test_five_percent_of_difference_is_tolerated_and_more_opens_an_alert(desk: Desk):
    assert check(desk, 19)["findings"] == []
    (recorded,) = desk.of(e.SpotCheckRecorded)
    assert (recorded.samples[0]["uploaded"], recorded.samples[0]["found"]) == (20, 19)
    other = str(derived_id("other"))
    assert [f["rule"] for f in check(desk, 18, check_id=other)["findings"]] == ["CP-MON-16"]
    assert ("spot-check", other) in alerts(desk)


def test_more_in_the_live_system_is_a_difference_too(desk: Desk):
    assert [f["rule"] for f in check(desk, 22)["findings"]] == ["CP-MON-16"]


def test_whoever_refuses_a_check_has_breached(desk: Desk):
    found = check(desk, 0, cooperated=False, samples=[])["findings"]
    assert [(f["rule"], f["severity"]) for f in found] == [
        ("CP-LOI-20", "warn"),
        ("CP-MON-15", "manual"),
    ]
    assert ("spot-check", CHECK) in alerts(desk)


def test_a_check_needs_its_record_and_a_known_enterprise(desk: Desk):
    with pytest.raises(RefusedByRules) as refusal:
        check(desk, 20, note="")
    assert refusal.value.rule == "CP-MON-15"
    with pytest.raises(InvalidInput, match="found"):
        check(desk, -1)


def test_the_same_check_again_changes_nothing(desk: Desk):
    check(desk, 19)
    assert check(desk, 19)["events"] == []


def test_the_applicant_does_not_check_itself(desk: Desk):
    with pytest.raises(NotPermitted):
        desk.do("RecordSpotCheck", at("2023-07-12"), GRANTEE, check_id=CHECK, cooperated=True)


def change(desk: Desk, **changed: Any) -> None:
    change_id = str(derived_id("change"))
    asked = {"kind": "SOLUTION", "reason": "漲價", "before": "500", "after": "550"}
    asked |= {"change_id": change_id, "used_from": "2023-06-12", **changed}
    desk.do("RequestPlanChange", at("2023-06-20"), **asked)
    decision = {"change_id": change_id, "approve": True}
    desk.do("DecidePlanChange", at("2023-06-26"), OFFICER, **decision)


def counted(desk: Desk) -> dict[str, int]:
    usage = weekly_logins(SHOPS, "2023-06-05", 5)
    days = {ubn: {} for ubn in SHOPS}  # type: dict[str, dict[date, int]]
    for row in usage:
        day = date.fromisoformat(row["at"][:10])
        days[row["ubn"]][day] = days[row["ubn"]].get(day, 0) + row.get("uses", 1)
    recognised = desk.case().records.recognised(days)
    return {ubn: sum(held.values()) for ubn, held in recognised.items()}


def test_uses_between_the_change_and_its_approval_do_not_count(desk: Desk):
    assert set(counted(desk).values()) == {20}
    change(desk, solution="預約雲")
    (gap,) = desk.of(e.UsesNotRecognised)
    assert (gap.first_on, gap.last_on) == (date(2023, 6, 12), date(2023, 6, 25))
    assert set(counted(desk).values()) == {12}  # two of five weeks


def test_enterprises_of_another_solution_keep_their_uses(desk: Desk):
    change(desk, solution="集點雲")
    assert set(counted(desk).values()) == {20}


def test_a_change_that_waited_for_its_approval_costs_no_use(desk: Desk):
    change(desk, used_from=None)
    assert desk.of(e.UsesNotRecognised) == []
