"""Who may give review's commands."""

from __future__ import annotations

from shared.kernel.permissions.relations import ANY, OWN, STEPS, UNCONFLICTED, Grants

_CLOCK = (("clock", ANY),)
_PROGRAMME = (("programme_officer", ANY),)
_MEMBERS = (("reviewer", UNCONFLICTED), ("chair", UNCONFLICTED))
_CHAIR = (("chair", UNCONFLICTED),)

GRANTS: Grants = {
    "OpenReviewFile": _CLOCK,
    "CloseReviewFile": _CLOCK,
    "OpenReview": _CLOCK,
    "NoteLetter": _CLOCK,
    "NoteLapse": _CLOCK,
    "AppointPanel": _PROGRAMME,
    "DeclareConflict": (("reviewer", ANY), ("chair", ANY), ("programme_officer", ANY)),
    "NotifyMeeting": _PROGRAMME,
    "RecordAttendance": _PROGRAMME,
    "DecideAbsence": _PROGRAMME,
    "RecordScore": _MEMBERS,
    "CorrectScore": _MEMBERS,
    "GiveOpinion": _MEMBERS,
    "ReplyToOpinion": (("applicant", OWN),),
    "DecideEnterprise": _CHAIR,
    "CloseScoring": (("chair", ANY),),
    "DecideSelection": _CHAIR,
    "AnnounceResults": _PROGRAMME,
    "CallUpReserve": _PROGRAMME,
    "GiveRevocationNotice": _PROGRAMME,
    "AnswerRevocationNotice": (("applicant", OWN),),
    "RevokeSelection": _PROGRAMME,
    "NoteReviewRebinding": _CLOCK,
    "TakeReviewStep": STEPS,
    "NoteReviewStep": _CLOCK,
    "CheckReviewStep": _CLOCK,
}
