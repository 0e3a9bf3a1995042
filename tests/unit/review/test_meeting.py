"""The file, the meeting, attendance and absence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.review.domain import errors, meeting
from shared.kernel.clock import instant_text
from shared.kernel.errors import RefusedByRules
from tests.support import review_events as given
from tests.support.review_desk import NOTICE, OFFICER, SLOT, Desk, attendance, ubns

SCHEDULED = (given.file_opened(), given.review_opened(), given.meeting_notified())
NEXT_WEEK = given.AT_MEETING + timedelta(days=7)


def test_a_submission_opens_a_file_once():
    assert meeting.open_file(given.folded(), given.file_opened()) == (given.file_opened(),)
    assert meeting.open_file(given.folded(given.file_opened()), given.file_opened()) == ()


def test_an_acceptance_opens_the_review_once():
    filed = given.folded(given.file_opened())
    assert meeting.open_review(filed, given.review_opened()) == (given.review_opened(),)
    accepted = filed.apply(given.review_opened())
    assert meeting.open_review(accepted, given.review_opened()) == ()


def test_a_rejected_file_is_not_opened():
    rejected = given.folded(given.file_opened())
    for event in meeting.close_file(rejected, ("CP-TRK-15",)):
        rejected = rejected.apply(event)
    assert meeting.close_file(rejected, ("CP-TRK-15",)) == ()
    with pytest.raises(errors.ReviewNotReady):
        meeting.open_review(rejected, given.review_opened())


def test_a_letter_that_comes_later_is_noted_once():
    case = given.folded(given.file_opened(), given.review_opened(letters=("a",)))
    assert meeting.note_letter(case, "a", True, False) == ()
    (noted,) = meeting.note_letter(case, "b", True, False)
    assert case.apply(noted).letters == ("a", "b")
    (taken_back,) = meeting.note_letter(case, "a", False, False)
    assert case.apply(taken_back).letters == ()


def test_a_slot_may_be_moved_and_the_same_slot_changes_nothing():
    case = given.folded(*SCHEDULED)
    assert meeting.notify_meeting(case, given.AT_MEETING, "on-site", "") == ()
    (moved,) = meeting.notify_meeting(case, NEXT_WEEK, "on-site", "")
    assert case.apply(moved).meeting.slot_at == NEXT_WEEK


def test_no_slot_before_the_screening_has_passed():
    with pytest.raises(errors.ReviewNotReady, match="filed"):
        meeting.notify_meeting(given.folded(given.file_opened()), NEXT_WEEK, "on-site", "")


def test_attendance_is_recorded_from_the_slot_on():
    case = given.folded(*SCHEDULED)
    assert meeting.must_have_begun(case, given.AT_MEETING) == given.meeting_notified()
    with pytest.raises(errors.MeetingNotBegun):
        meeting.must_have_begun(case, given.AT_MEETING - timedelta(microseconds=1))


def test_an_absence_is_excused_with_a_new_slot():
    case = given.folded(*SCHEDULED, given.absence_recorded())
    excused, notified = meeting.excuse_absence(case, "住院", "new-slot", None, NEXT_WEEK)
    assert excused.remedy == "new-slot"
    assert notified == replace(given.meeting_notified(), slot_at=NEXT_WEEK)
    with pytest.raises(errors.SlotMissing):
        meeting.excuse_absence(case, "住院", "new-slot", None, None)


def test_an_excused_delegate_may_come_to_the_next_slot():
    case = given.folded(*SCHEDULED, given.absence_recorded())
    _, notified = meeting.excuse_absence(case, "住院", "delegate", "同意書", NEXT_WEEK)
    assert notified.delegate_allowed


def test_only_an_absence_is_forfeited_and_only_once():
    case = given.folded(*SCHEDULED, given.absence_recorded())
    (forfeited,) = meeting.forfeit(case, "未說明")
    assert meeting.forfeit(case.apply(forfeited), "未說明") == ()
    with pytest.raises(errors.ReviewNotReady):
        meeting.forfeit(given.presented(), "未說明")


def absent_desk() -> tuple[Desk, str]:
    desk = Desk()
    case_id = desk.accepted(1, "POP", ubns(50))
    desk.notified(case_id)
    payload = attendance(case_id, manager_present=False, delegate_present=True)
    answer = desk.do("RecordAttendance", OFFICER, SLOT, **payload, stated_reason="生病")
    assert answer["outcome"] == "absent"
    return desk, str(case_id)


def test_a_deputy_without_consent_is_absence_and_opens_a_decision():
    desk, case_id = absent_desk()
    event = desk.history("review", case_id)[-1]
    assert event.type == "AbsenceRecorded"
    found = {(f["rule"], f["severity"]) for f in event.metadata.decision["findings"]}
    assert found == {("CP-REV-05", "block"), ("CP-REV-07", "manual")}


def test_the_stated_reason_of_an_absence_is_kept_as_personal_data_only():
    desk, case_id = absent_desk()
    recorded = desk.history("review", case_id)[-1]
    assert recorded.event.stated_reason.value == "生病"
    stored = desk.units.store.find(recorded.id)
    assert "生病" not in stored.data + stored.metadata


def test_absence_without_good_reason_waives_the_proposal_and_brings_no_bar():
    desk, case_id = absent_desk()
    decision = {"case_id": case_id, "good_reason": False, "reason": "未提出證明"}
    answer = desk.do("DecideAbsence", OFFICER, **decision)
    assert answer["outcome"] == "forfeited"
    event = desk.history("review", case_id)[-1]
    assert (event.type, event.event.reason) == ("ProposalForfeited", "未提出證明")
    rules = {f["rule"] for f in event.metadata.decision["findings"]}
    assert rules == {"CP-REV-06", "CP-SAN-09"}


def test_a_delegate_needs_written_consent():
    desk, case_id = absent_desk()
    decision = {
        "case_id": case_id,
        "good_reason": True,
        "reason": "住院",
        "remedy": "delegate",
        "slot_at": instant_text(SLOT + timedelta(days=2)),
    }
    with pytest.raises(RefusedByRules) as refused:
        desk.do("DecideAbsence", OFFICER, **decision)
    assert refused.value.rule == "CP-REV-07"
    assert desk.history("review", case_id)[-1].type == "CommandRefused"
    desk.do("DecideAbsence", OFFICER, **decision, consent="同意書-001")
    later = SLOT + timedelta(days=2)
    payload = attendance(case_id, manager_present=False, delegate_present=True)
    answer = desk.do("RecordAttendance", OFFICER, later, **payload)
    assert answer["outcome"] == "presented"
    assert desk.history("review", case_id)[-1].event.by_delegate


def test_too_short_a_notice_is_warned_about_not_refused():
    desk = Desk()
    case_id = desk.accepted(1, "POP", ubns(50))
    answer = desk.do(
        "NotifyMeeting",
        OFFICER,
        NOTICE,
        case_id=str(case_id),
        slot_at=instant_text(NOTICE + timedelta(days=1)),
        mode="online",
    )
    assert [finding["rule"] for finding in answer["findings"]] == ["CP-REV-09"]


def test_an_unknown_case_is_named():
    with pytest.raises(errors.UnknownReview):
        Desk().do("RecordAttendance", OFFICER, SLOT, **attendance(given.CASE))
