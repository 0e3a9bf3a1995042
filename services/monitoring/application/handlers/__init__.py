"""One handler per command of monitoring: load, decide, append."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.monitoring.application.handlers import (
    changes,
    checkpoints,
    closing,
    obligations,
    opening,
    rebinding,
    records,
    steps,
    usage,
    visits,
)

HANDLERS: Mapping[str, Callable[[Any, Any], Mapping[str, Any] | None]] = {
    "OpenMonitoring": opening.open_monitoring,
    "NoteLetterBase": opening.note_letter_base,
    "NoteLetter": opening.note_letter,
    "StopMonitoring": opening.stop_monitoring,
    "NoteRecovery": opening.note_recovery,
    "RecordAdoption": records.record_adoption,
    "AdmitLateAdoption": records.admit_late_adoption,
    "RecordCounselling": records.record_counselling,
    "RecordActivity": records.record_activity,
    "RecordAssessment": records.record_assessment,
    "ReportProgress": records.report_progress,
    "RecordBriefing": records.record_briefing,
    "RecordSpotCheck": visits.record_spot_check,
    "IngestUsageLog": usage.ingest_usage_log,
    "ReportCheckpoint": checkpoints.report_checkpoint,
    "DecideCheckpoint": checkpoints.decide_checkpoint,
    "RequestPlanChange": changes.request_plan_change,
    "DecidePlanChange": changes.decide_plan_change,
    "IssueCureNotice": changes.issue_cure_notice,
    "CheckObligation": obligations.check_obligation,
    "ClearAlert": obligations.clear_alert,
    "ApproveClosing": closing.approve_closing,
    "FileFollowUp": closing.file_follow_up,
    "ArchiveCase": closing.archive_case,
    "NoteExecutionRebinding": rebinding.note_execution_rebinding,
    "TakeExecutionStep": steps.take_execution_step,
    "NoteExecutionStep": steps.note_execution_step,
    "CheckExecutionStep": steps.check_execution_step,
}
