"""Who may give finance's commands. Money always takes a maker and a checker, two people."""

from __future__ import annotations

from shared.kernel.permissions.relations import ANY, NOT_MAKER, OWN, STEPS, Grants

_APPLICANT = (("applicant", OWN),)
_PROGRAMME = (("programme_officer", ANY),)
_MAKER = (("finance_maker", ANY),)
_CHECKER = (("finance_checker", NOT_MAKER),)
_CLOCK = (("clock", ANY),)

GRANTS: Grants = {
    "OpenBudget": _CLOCK,
    "OpenContractFile": _CLOCK,
    "RegisterContract": _CLOCK,
    "StopContractFile": _CLOCK,
    "NoteContractLetter": _CLOCK,
    "SubmitContractPlan": _APPLICANT,
    "ExtendSigning": _PROGRAMME,
    "RemindSigning": _CLOCK,
    "CloseSigningWindow": _CLOCK,
    "SignContract": _PROGRAMME,
    "LapseSelection": _PROGRAMME,
    "MakeInstalmentPayable": _CLOCK,
    "HoldInstalment": _CLOCK,
    "ApplyPlanChange": _CLOCK,
    "SubmitClaim": _APPLICANT,
    "ReturnClaim": _MAKER,
    "PrepareDisbursement": _MAKER,
    "EditDisbursement": _MAKER,
    "ApproveDisbursement": _CHECKER,
    "ConfirmPayment": _MAKER,
    "RecordBankReturn": _MAKER,
    "ReversePayment": _MAKER,
    "ApproveReversal": _CHECKER,
    "ReceiveReversal": _MAKER,
    "AbandonContract": _APPLICANT,
    "DecideForceMajeure": _PROGRAMME,
    "OpenFinding": _PROGRAMME,
    "GiveSanctionNotice": _PROGRAMME,
    "AnswerSanctionNotice": _APPLICANT,
    "DecideSanction": _PROGRAMME,
    "LiftBar": _PROGRAMME,
    "DemandRecovery": _MAKER,
    "ApproveRecovery": _CHECKER,
    "ReceiveRecovery": _MAKER,
    "RemindRecovery": _CLOCK,
    "WriteOffRecovery": _MAKER,
    "ApproveWriteOff": _CHECKER,
    "SettleContract": _CLOCK,
    "SubmitVouchers": _APPLICANT,
    "AuditVouchers": _MAKER,
    "RecordAccountMovements": (("applicant", OWN), ("finance_maker", ANY)),
    "AssessOverdraw": _MAKER,
    "RecordInterestRemittance": _MAKER,
    "CloseFinanceReview": _MAKER,
    "OpenJointClaim": _PROGRAMME,
    "ReleaseJointDebtor": _PROGRAMME,
    "NoteContractRebinding": _CLOCK,
    "TakeContractStep": STEPS,
    "NoteContractStep": _CLOCK,
    "CheckContractStep": _CLOCK,
}
