"""Who may give monitoring's commands."""

from __future__ import annotations

from shared.kernel.permissions.relations import ANY, OWN, STEPS, Grants

_APPLICANT = (("applicant", OWN),)
_PROGRAMME = (("programme_officer", ANY),)
_CLOCK = (("clock", ANY),)

GRANTS: Grants = {
    "RecordAdoption": _APPLICANT,
    "RecordCounselling": _APPLICANT,
    "RecordActivity": _APPLICANT,
    "RecordAssessment": _APPLICANT,
    "IngestUsageLog": _APPLICANT,
    "ReportProgress": _APPLICANT,
    "ReportCheckpoint": _APPLICANT,
    "RequestPlanChange": _APPLICANT,
    "FileFollowUp": _APPLICANT,
    "AdmitLateAdoption": _PROGRAMME,
    "RecordBriefing": _PROGRAMME,
    "DecideCheckpoint": _PROGRAMME,
    "IssueCureNotice": _PROGRAMME,
    "DecidePlanChange": _PROGRAMME,
    "RecordSpotCheck": (("programme_officer", ANY), ("auditor", ANY)),
    "ClearAlert": _PROGRAMME,
    "ApproveClosing": _PROGRAMME,
    "OpenMonitoring": _CLOCK,
    "NoteLetterBase": _CLOCK,
    "NoteLetter": _CLOCK,
    "StopMonitoring": _CLOCK,
    "NoteRecovery": _CLOCK,
    "CheckObligation": _CLOCK,
    "ArchiveCase": _CLOCK,
    "NoteExecutionRebinding": _CLOCK,
    "TakeExecutionStep": STEPS,
    "NoteExecutionStep": _CLOCK,
    "CheckExecutionStep": _CLOCK,
}
