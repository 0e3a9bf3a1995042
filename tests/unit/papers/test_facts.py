"""Facts of a case, read off its events whichever service wrote them."""

from __future__ import annotations

from typing import Any

from grantcase.papers.facts import Case, forms, gathered
from shared.kernel.clock import parse_instant

PACK: dict[str, Any] = {
    "id": "tea-110",
    "version": 1,
    "names": {"zh-Hant": "茶", "en": "tea"},
    "rules": [{"id": "TE-A-01", "title": {"zh-Hant": "規則", "en": "rule"}, "source": "一"}],
}


def event(type_: str, day: str, **data: Any) -> dict[str, Any]:
    """One event as the timeline gives it."""
    return {
        "id": f"{type_}-{day}",
        "service": "finance",
        "type": type_,
        "occurred_at": f"{day}T10:00:00.000000+08:00",
        "actor": {"id": "office.lin"},
        "decision": None,
        "data": data,
    }


def case(*events: dict[str, Any]) -> Case:
    """A case of these events, without a call."""
    row = {"case_id": "x", "case_number": "TE-0001", "applicant_name": "甲", "applicant_ubn": "1"}
    return Case(row, PACK, {}, events)


def facts(*events: dict[str, Any]) -> dict[str, Any]:
    """The facts on 1 May 2023."""
    return gathered(case(*events), parse_instant("2023-05-01T00:00:00+08:00").date())


def test_a_case_of_a_programme_without_call_track_or_plan_has_facts() -> None:
    known = facts(event("CaseRegistered", "2023-03-01", forms={"R01": {"amount_twd": 5}}))
    assert known["call"]["title"] == PACK["names"]
    assert known["forms"] == {"R01": {"amount_twd": 5}}
    assert known["kpis"] == known["progress"] == known["instalments"] == []
    assert known["rules"]["TE-A-01"]["source"] == "一"


def test_the_newest_content_of_a_form_counts_whichever_event_brought_it() -> None:
    events = [
        event("FormSaved", "2023-03-01", form="F01", content={"n": 1}),
        event("TableImported", "2023-03-02", form="F02", content=[{"no": 1}], rows=1),
        event("StepTaken", "2023-03-03", step="plan_final", forms={"F01": {"n": 2}}),
    ]
    assert forms(events) == {"F01": {"n": 2}, "F02": [{"no": 1}]}


def test_every_time_a_step_was_taken_is_there_for_a_voucher_list() -> None:
    rows = [{"item": "機器", "gross_twd": 105}]
    known = facts(
        event("StepTaken", "2023-03-03", step="vouchers", key="a", forms={"V01": rows}),
        event("StepTaken", "2023-03-04", step="vouchers", key="b", forms={"V01": []}),
    )
    assert [taken["forms"]["V01"] for taken in known["steps"]["vouchers"]] == [rows, []]
    assert known["steps"]["vouchers"][0]["on"] == "2023-03-03"


def test_a_case_is_cut_at_the_end_of_a_day_or_at_an_instant() -> None:
    both = case(event("A", "2023-03-01"), event("B", "2023-03-02"))
    first = parse_instant("2023-03-01T10:00:00+08:00")
    assert [e["type"] for e in both.until(first.date()).events] == ["A"]
    assert [e["type"] for e in both.by(first).events] == ["A"]


def test_progress_over_two_years_is_told_month_by_month() -> None:
    plan = [{"month": f"2021-{m:02d}", "work_bp": 100 * m, "budget_bp": 0} for m in (11, 12)]
    known = facts(
        event("MonitoringOpened", "2021-10-01", progress=plan, execution_end="2022-08-31"),
        event("ProgressReported", "2021-12-05", month="2021-11", work_bp=900, budget_bp=0),
    )
    assert [(row["month"], row["work_bp"]) for row in known["progress"]] == [
        ("2021-11", 900),
        ("2021-12", None),
    ]


def test_uses_are_summed_by_cycle_without_gaps() -> None:
    shop = {"ubn": "1", "name": "店", "no": 1}
    days = {"2023-05-01": 2, "2023-05-03": 3, "2023-05-16": 4}
    known = facts(
        event(
            "MonitoringOpened",
            "2023-04-01",
            enterprises=[shop],
            standard={"cycle": "WEEK", "minimum": 4},
        ),
        event("UsageBatchIngested", "2023-06-01", counted={"1": days}),
    )
    assert known["usage"]["periods"] == ["2023-05-01", "2023-05-08", "2023-05-15"]
    assert known["usage"]["enterprises"][0]["values"] == [5, 0, 4]
    assert known["usage"]["total"] == 9
