"""One handler per command of finance: load, decide, append."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.finance.application.handlers import (
    claims,
    ending,
    payments,
    recoveries,
    registering,
    selection,
    signing,
    steps,
)

HANDLERS: Mapping[str, Callable[[Any, Any], Mapping[str, Any] | None]] = {
    "AbandonContract": ending.abandon_contract,
    "CloseSigningWindow": signing.close_signing_window,
    "DecideForceMajeure": ending.decide_force_majeure,
    "ExtendSigning": signing.extend_signing,
    "LapseSelection": signing.lapse_selection,
    "NoteContractLetter": selection.note_contract_letter,
    "OpenBudget": selection.open_budget,
    "OpenContractFile": selection.open_contract_file,
    "RegisterContract": registering.register_contract,
    "ApplyPlanChange": claims.apply_plan_change,
    "RemindSigning": signing.remind_signing,
    "SettleContract": ending.settle_contract,
    "SignContract": signing.sign_contract,
    "StopContractFile": selection.stop_contract_file,
    "SubmitContractPlan": signing.submit_contract_plan,
    "ApproveDisbursement": payments.approve_disbursement,
    "ApproveReversal": payments.approve_reversal,
    "ConfirmPayment": payments.confirm_payment,
    "EditDisbursement": payments.edit_disbursement,
    "HoldInstalment": claims.hold_instalment,
    "MakeInstalmentPayable": claims.make_instalment_payable,
    "PrepareDisbursement": payments.prepare_disbursement,
    "ReceiveReversal": payments.receive_reversal,
    "RecordBankReturn": payments.record_bank_return,
    "ReturnClaim": claims.return_claim,
    "ReversePayment": payments.reverse_payment,
    "SubmitClaim": claims.submit_claim,
    "AnswerSanctionNotice": ending.answer_sanction_notice,
    "ApproveRecovery": recoveries.approve_recovery,
    "ApproveWriteOff": recoveries.approve_write_off,
    "DecideSanction": ending.decide_sanction,
    "DemandRecovery": recoveries.demand_recovery,
    "GiveSanctionNotice": ending.give_sanction_notice,
    "LiftBar": ending.lift_bar,
    "OpenFinding": ending.open_finding,
    "ReceiveRecovery": recoveries.receive_recovery,
    "RemindRecovery": recoveries.remind_recovery,
    "WriteOffRecovery": recoveries.write_off_recovery,
    "TakeContractStep": steps.take_contract_step,
    "NoteContractStep": steps.note_contract_step,
    "CheckContractStep": steps.check_contract_step,
}
"""Command name -> handler."""
