"""One handler per command of intake: load, decide, append."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.intake.application.handlers import (
    calls,
    drafts,
    letters,
    rebinding,
    registering,
    registers,
    screening,
    steps,
)
from services.intake.application.handlers import submission as submitting

HANDLERS: Mapping[str, Callable[[Any, Any], Mapping[str, Any] | None]] = {
    "PublishPack": calls.publish_pack,
    "PublishCall": calls.publish_call,
    "IssueInterpretation": calls.issue_interpretation,
    "RegisterApplicant": registers.register_applicant,
    "RegisterBar": registers.register_bar,
    "LiftRegisteredBar": registers.lift_registered_bar,
    "EraseSubject": registers.erase_subject,
    "DestroyKey": registers.destroy_key,
    "NoteCaseEnded": registers.note_case_ended,
    "NoteCaseResumed": registers.note_case_resumed,
    "OpenDraft": drafts.open_draft,
    "RegisterCase": registering.register_case,
    "RebindCase": rebinding.rebind_case,
    "SaveForm": drafts.save_form,
    "ImportTable": drafts.import_table,
    "UploadDocument": drafts.upload_document,
    "CheckDraft": submitting.check_draft,
    "SubmitProposal": submitting.submit_proposal,
    "LapseDraft": submitting.lapse_draft,
    "AttachLetter": letters.attach_letter,
    "VerifyLetter": letters.verify_letter,
    "CloseLetters": letters.close_letters,
    "RecordLookup": screening.record_lookup,
    "RecordScreeningCheck": screening.record_screening_check,
    "CloseScreening": screening.close_screening,
    "TakeApplicationStep": steps.take_application_step,
    "NoteApplicationStep": steps.note_application_step,
    "CheckApplicationStep": steps.check_application_step,
}
