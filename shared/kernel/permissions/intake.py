"""Who may give intake's commands."""

from __future__ import annotations

from shared.kernel.permissions.relations import ANY, OWN, STEPS, Grants

_APPLICANT = (("applicant", OWN),)
_PROGRAMME = (("programme_officer", ANY),)
_SCREENING = (("screening_officer", ANY),)
_CLOCK = (("clock", ANY),)

GRANTS: Grants = {
    "PublishPack": _PROGRAMME,
    "PublishCall": _PROGRAMME,
    "RegisterApplicant": _APPLICANT,
    "OpenDraft": _APPLICANT,
    "RegisterCase": _PROGRAMME,
    "RebindCase": _PROGRAMME,
    "SaveForm": (*_APPLICANT, *_PROGRAMME),  # an officer: of a registered case only
    "ImportTable": (*_APPLICANT, *_PROGRAMME),
    "UploadDocument": (*_APPLICANT, *_PROGRAMME),
    "CheckDraft": (("applicant", OWN), ("screening_officer", ANY)),
    "SubmitProposal": _APPLICANT,
    "AttachLetter": _APPLICANT,
    "VerifyLetter": _SCREENING,
    "RecordLookup": _SCREENING,
    "RecordScreeningCheck": _SCREENING,
    "CloseScreening": _SCREENING,
    "IssueInterpretation": _PROGRAMME,
    "EraseSubject": (("dpo", ANY),),
    "LapseDraft": _CLOCK,
    "CloseLetters": _CLOCK,
    "RegisterBar": _CLOCK,
    "LiftRegisteredBar": _CLOCK,
    "DestroyKey": _CLOCK,
    "NoteCaseEnded": _CLOCK,
    "NoteCaseResumed": _CLOCK,
    "TakeApplicationStep": STEPS,
    "NoteApplicationStep": _CLOCK,
    "CheckApplicationStep": _CLOCK,
}
