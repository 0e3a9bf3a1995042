"""One handler per command of review: load, decide, append."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.review.application.handlers import (
    announcing,
    cases,
    meetings,
    panels,
    ranking,
    rebinding,
    revoking,
    scores,
    selecting,
    steps,
)

HANDLERS: Mapping[str, Callable[[Any, Any], Mapping[str, Any] | None]] = {
    "OpenReviewFile": cases.open_review_file,
    "CloseReviewFile": cases.close_review_file,
    "OpenReview": cases.open_review,
    "NoteLetter": cases.note_letter,
    "NoteLapse": cases.note_lapse,
    "AppointPanel": panels.appoint_panel,
    "DeclareConflict": panels.declare_conflict,
    "NotifyMeeting": meetings.notify_meeting,
    "RecordAttendance": meetings.record_attendance,
    "DecideAbsence": meetings.decide_absence,
    "RecordScore": scores.record_score,
    "CorrectScore": scores.correct_score,
    "GiveOpinion": scores.give_opinion,
    "ReplyToOpinion": scores.reply_to_opinion,
    "DecideEnterprise": selecting.decide_enterprise,
    "CloseScoring": ranking.close_scoring,
    "DecideSelection": selecting.decide_selection,
    "AnnounceResults": announcing.announce_results,
    "CallUpReserve": selecting.call_up_reserve,
    "GiveRevocationNotice": revoking.give_revocation_notice,
    "AnswerRevocationNotice": revoking.answer_revocation_notice,
    "RevokeSelection": revoking.revoke_selection,
    "NoteReviewRebinding": rebinding.note_review_rebinding,
    "TakeReviewStep": steps.take_review_step,
    "NoteReviewStep": steps.note_review_step,
    "CheckReviewStep": steps.check_review_step,
}
