"""Decisions of the monitored case: written, already done, refused."""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import Any
from uuid import uuid4

import pytest

from services.monitoring.domain import events as e
from services.monitoring.domain.errors import (
    AlreadyMonitored,
    CheckpointNotOpen,
    NotExecuting,
    NotInFollowUp,
    NotMonitored,
    SameId,
    UnknownCheckpoint,
    UnknownEnterprise,
    UnknownItem,
)
from services.monitoring.domain.monitored_case import MonitoredCase
from tests.support.monitoring_events import (
    CASE,
    SHOPS,
    adopted,
    at,
    change,
    failed,
    opened,
    passed,
    reported,
    visit,
)


def given(*events: Any) -> MonitoredCase:
    return reduce(lambda case, event: case.apply(event), events, MonitoredCase())


def stopped(outcome: str = "terminated") -> e.MonitoringStopped:
    return e.MonitoringStopped(
        case_id=CASE, outcome=outcome, reason="違約", stopped_on=date(2023, 7, 1)
    )


def test_a_contract_opens_the_case_once():
    assert MonitoredCase().open(opened()) == (opened(),)
    assert given(opened()).open(opened()) == ()


def test_a_second_contract_of_the_case_is_refused():
    with pytest.raises(AlreadyMonitored):
        given(opened()).open(opened(contract_number="another"))


def test_nothing_can_be_done_before_the_signature():
    with pytest.raises(NotMonitored):
        MonitoredCase().must_be_executing()


def test_a_stopped_case_takes_nothing_more():
    with pytest.raises(NotExecuting):
        given(opened(), stopped()).must_be_executing()
    assert given(opened(), stopped()).stop("rescinded", "x", date(2023, 7, 2)) == ()


def test_a_report_twice_changes_nothing_and_a_better_one_is_taken():
    case = given(opened(), reported())
    assert case.checkpoints.report(reported()) == ()
    assert case.checkpoints.report(reported(progress_bp=3600)) != ()


def test_a_passed_checkpoint_is_neither_reported_nor_decided_again():
    checkpoints = given(opened(), reported(), passed()).checkpoints
    with pytest.raises(CheckpointNotOpen):
        checkpoints.report(reported(progress_bp=9000))
    with pytest.raises(CheckpointNotOpen):
        checkpoints.pass_(passed())


def test_the_second_checkpoint_waits_for_the_first():
    with pytest.raises(CheckpointNotOpen, match="cp1 before it"):
        given(opened()).checkpoints.report(reported("cp2"))
    case = given(opened(), reported(), passed())
    assert case.checkpoints.report(reported("cp2")) == (reported("cp2"),)


def test_after_a_failure_a_new_report_is_needed():
    checkpoints = given(opened(), reported(), failed()).checkpoints
    with pytest.raises(CheckpointNotOpen, match="no new report"):
        checkpoints.pass_(passed())
    cured = checkpoints.apply(reported(progress_bp=3600))
    assert cured.pass_(passed()) == (passed(),)


def test_an_unknown_checkpoint_is_named():
    with pytest.raises(UnknownCheckpoint, match="cp9"):
        given(opened()).checkpoints.report(reported("cp9"))


def test_the_first_activation_decides_and_a_later_one_is_only_kept_on_record():
    first, later = adopted(SHOPS[0]), adopted(SHOPS[0], on=at("2023-06-09"))
    assert given(opened(), first, later).records.adoptions[SHOPS[0]] == first.adoptions[0]


def test_two_visits_on_one_day_are_one_and_phone_calls_are_not_on_site():
    rows = (visit(), visit(mode="ONLINE"), visit(day="2023-06-13", mode="PHONE"))
    case = given(opened(), e.CounsellingRecorded(case_id=CASE, visits=rows))
    assert case.records.visit_counts() == {SHOPS[0]: (2, 1)}


def test_a_change_asked_twice_is_one_and_other_content_is_refused():
    case = given(opened(), change())
    assert case.request_change(change()) == ()
    with pytest.raises(SameId):
        case.request_change(change(reason="另一理由"))


def test_a_change_of_an_unknown_enterprise_is_refused():
    with pytest.raises(UnknownEnterprise, match="84149961"):
        given(opened()).request_change(change(removed_ubns=("84149961",)))


def test_an_approved_change_lowers_the_amount_and_never_raises_it():
    case = given(opened(), change())
    assert case.approve_change(change(amount_effect_twd=-1)).amount_twd == 999_999
    assert case.approve_change(change(amount_effect_twd=1)).amount_twd == 1_000_000


def test_a_change_that_was_decided_is_not_decided_again():
    rejected = e.PlanChangeRejected(case_id=CASE, change_id=change().change_id, reason="否")
    assert given(opened(), change(), rejected).open_change(change().change_id) is None
    with pytest.raises(UnknownItem):
        given(opened()).open_change(change().change_id)


def test_an_enterprise_that_comes_back_is_no_longer_counted_as_removed():
    case = given(e.LetterBaseNoted(case_id=CASE, base=SHOPS), opened())
    gone = case.approve_change(change())
    assert case.enrolment.removed_from_base((SHOPS[0],), ("84149961",)) == 1
    after = case.apply(gone)
    assert after.enrolment.removed_from_base(("84149961",), (SHOPS[0],)) == 0


def test_a_notice_twice_is_one():
    id, day = uuid4(), date(2023, 8, 1)
    notice = given(opened()).issue_notice(id, "使用紀錄", day)
    case = given(opened(), *notice)
    assert case.issue_notice(id, "使用紀錄", day) == ()
    with pytest.raises(SameId):
        case.issue_notice(id, "別的事由", day)


def test_an_alert_is_raised_once_per_cause_and_again_after_it_was_cleared():
    case = given(opened())
    text = {"zh-Hant": "逾期", "en": "late"}
    (raised,) = case.alerts.raise_(CASE, "CP112-0001", "late", text, "CAL-14", "2023-06")
    open_ = case.alerts.apply(raised)
    assert open_.raise_(CASE, "CP112-0001", "late", text, "CAL-14", "2023-06") == ()
    (ended,) = open_.clear(raised.alert_id, "已回報")
    (again,) = open_.apply(ended).raise_(CASE, "CP112-0001", "late", text, "CAL-14", "2023-06")
    assert again.alert_id != raised.alert_id


def test_an_unknown_alert_cannot_be_cleared():
    with pytest.raises(UnknownItem):
        given(opened()).alerts.clear(uuid4(), "x")


def test_no_follow_up_before_the_end():
    with pytest.raises(NotInFollowUp):
        given(opened()).file_follow_up(1, (), date(2024, 1, 1))


def test_events_of_others_change_nothing():
    case = given(opened())
    assert case.apply(object()) == case
