"""Plan changes, closing, follow-up, and what ends a case early."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.monitoring.domain import events as e
from shared.kernel.errors import InvalidInput, RefusedByRules, WrongState
from shared.kernel.ids import derived_id
from tests.support.monitoring_desk import OFFICER, Desk
from tests.support.monitoring_events import CASE, SHOPS, at, public
from tests.support.monitoring_steps import adopt, alerts, closed, passed_first


def test_half_of_the_letter_base_may_be_replaced_and_not_one_more():
    desk = Desk().signed()
    desk.hear(
        public(
            "intake",
            "ProposalAccepted",
            {"case_id": str(CASE), "letters": list(SHOPS[:2])},
            at("2023-03-25"),
        )
    )
    first = ask(desk, "first", removed=[SHOPS[0]], added=["84149961"])
    assert first["outcome"] == "approved"
    assert SHOPS[0] not in desk.case().enrolment.enterprises
    with pytest.raises(RefusedByRules) as refusal:
        ask(desk, "second", removed=[SHOPS[1]], added=["16446274"])
    assert refusal.value.rule == "CP-LOI-09"
    back = ask(desk, "third", removed=["84149961"], added=[SHOPS[0]])
    assert back["outcome"] == "approved"


def ask(
    desk: Desk,
    name: str,
    removed: list[str],
    added: list[str],
    decided: dict[str, Any] | None = None,
    **changed: Any,
) -> Any:
    change_id = str(derived_id(name))
    desk.do(
        "RequestPlanChange",
        at("2023-06-10"),
        change_id=change_id,
        kind="ENTERPRISES",
        reason="歇業",
        before="甲",
        after="乙",
        removed_ubns=removed,
        added=changed.pop("added_rows", None)
        or [{"ubn": ubn, "lookup_clear": True, "lookup_on": "2023-06-08"} for ubn in added],
        **changed,
    )
    decision = {"change_id": change_id, "approve": True, "exclusions_checked_on": "2023-06-11"}
    return desk.do("DecidePlanChange", at("2023-06-12"), OFFICER, **{**decision, **(decided or {})})


@pytest.mark.parametrize("row", [{"ubn": "84149961"}, {"ubn": "84149961", "lookup_clear": False}])
def test_an_enterprise_to_be_added_was_looked_up_by_the_applicant(row: dict[str, Any]):
    desk = Desk().signed()
    with pytest.raises(RefusedByRules) as refusal:
        ask(desk, "new", removed=[], added=["84149961"], **{"added_rows": [row]})
    assert refusal.value.rule == "CP-ELIG-16"


@pytest.mark.parametrize(
    "decided", [{"exclusions_checked_on": None}, {"excluded_ubns": ["84149961"]}]
)
def test_an_enterprise_to_be_added_is_checked_by_the_officer(decided: dict[str, Any]):
    desk = Desk().signed()
    with pytest.raises(RefusedByRules) as refusal:
        ask(desk, "new", removed=[], added=["84149961"], decided=decided)
    assert refusal.value.rule == "CP-ELIG-17"
    assert "84149961" not in desk.case().enrolment.enterprises


def test_a_row_with_a_field_of_another_type_is_named():
    desk = Desk().signed()
    row = {"ubn": "84149961", "lookup_clear": True, "lookup_on": "8 June"}
    with pytest.raises(InvalidInput, match="lookup_on"):
        ask(desk, "new", removed=[], added=[], **{"added_rows": [row]})


def test_a_change_that_raises_the_amount_is_refused():
    desk = Desk().signed()
    with pytest.raises(RefusedByRules) as refusal:
        ask(desk, "more", removed=[], added=[], amount_effect_twd=1)
    assert refusal.value.rule == "CP-CON-12"
    assert desk.case().amount_twd == 1_000_000


def test_a_change_decided_before_changes_nothing():
    desk = Desk().signed()
    ask(desk, "less", removed=[], added=[], amount_effect_twd=-1_000)
    again = desk.do(
        "DecidePlanChange",
        at("2023-06-13"),
        OFFICER,
        change_id=str(derived_id("less")),
        approve=True,
    )
    assert again["outcome"] == "decided-before"
    assert desk.case().amount_twd == 999_000


def test_closing_waits_for_every_item_of_the_checklist():
    desk = passed_first(Desk().signed())
    missing = {"CP-MON-37/a", "CP-MON-37/e", "CP-MON-37/f", "CP-MON-27/a"}
    assert missing <= why_not_closed(desk)


def test_a_closed_case_owes_three_yearly_reports_and_is_archived_after_three_years():
    desk = closed(Desk().signed())
    dues = [d.due_on for d in desk.case().obligations if d.id == "CAL-20"]
    assert dues == [date(2024, 12, 20), date(2025, 12, 20), date(2026, 12, 20)]
    assert desk.of(e.CaseClosed)[0].follow_up_ends_on == date(2026, 12, 20)
    file_year(desk, 1, "2024-12-01")
    desk.advance(at("2026-12-20", "23:59:59"))
    assert desk.case().state == "closed"
    desk.advance(at("2026-12-21", "00:00:00"))
    assert desk.case().state == "archived"
    completed = desk.of(e.FollowUpCompleted)[0]
    assert (completed.ended_on, completed.reports, completed.missing) == (date(2026, 12, 20), 1, 2)


def file_year(desk: Desk, year: int, day: str) -> Any:
    rows = [
        {"ubn": ubn, "alive": True, "still_using": True, "renewed": True, "employees": 4}
        for ubn in SHOPS
    ]
    return desk.do("FileFollowUp", at(day), year=year, rows=rows)


def test_a_missing_follow_up_is_alerted_reminded_and_registered():
    desk = closed(Desk().signed())
    desk.advance(at("2024-12-20", "23:59:59"))
    assert alerts(desk) == []
    desk.advance(at("2024-12-21", "00:00:00"))
    assert alerts(desk) == [("CAL-20", "1")]
    desk.advance(at("2025-01-03", "00:00:00"))
    assert [event.period for event in desk.of(e.FollowUpReminderSent)] == ["1"]
    desk.advance(at("2025-01-18", "23:59:59"))
    assert desk.of(e.EvaluationRegisterEntered) == []
    desk.advance(at("2025-01-19", "00:00:00"))
    assert [event.period for event in desk.of(e.EvaluationRegisterEntered)] == ["1"]
    file_year(desk, 1, "2025-02-01")
    assert alerts(desk) == []


def test_an_open_recovery_stops_the_closing_until_it_is_paid():
    desk = Desk().signed()
    recovery = {"case_id": str(CASE), "recovery_id": str(derived_id("r")), "amount_twd": 5}
    desk.hear(public("finance", "RecoveryDemanded", recovery, at("2023-12-01")))
    assert "CP-MON-37/g" in why_not_closed(desk)
    paid = {**recovery, "outstanding_twd": 0}
    desk.hear(public("finance", "RecoveryReceived", paid, at("2023-12-02")))
    assert "CP-MON-37/g" not in why_not_closed(desk)


def why_not_closed(desk: Desk) -> set[str]:
    with pytest.raises(RefusedByRules) as refusal:
        desk.do("ApproveClosing", at("2023-12-20"), OFFICER)
    return {f"{f.rule}/{f.clause}" for f in refusal.value.evaluation.blocking()}


def test_a_termination_clears_the_alerts_and_keeps_the_follow_up():
    desk = Desk().signed()
    desk.advance(at("2023-07-16"))
    assert alerts(desk)
    ended = {"case_id": str(CASE), "reason": "違約"}
    desk.hear(public("finance", "ContractTerminated", ended, at("2023-07-20")))
    assert alerts(desk) == []
    desk.advance(at("2023-12-31"))
    assert alerts(desk) == [], "what was due of the execution is moot"
    desk.advance(at("2024-07-21", "00:00:00"))
    assert alerts(desk) == [("CAL-20", "1")]


@pytest.mark.parametrize("ending", ["ContractAbandoned", "ContractRescinded"])
def test_an_abandoned_or_rescinded_contract_owes_nothing_more(ending: str):
    desk = Desk().signed()
    ended = {"case_id": str(CASE), "reason": "放棄"}
    desk.hear(public("finance", ending, ended, at("2023-07-20")))
    desk.advance(at("2027-01-01"))
    assert alerts(desk) == []
    with pytest.raises(WrongState):
        adopt(desk, "2023-07-25")
