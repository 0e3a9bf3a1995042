"""The money ledger: double entry, integer NT$, a pure function of the events.

Two groups of accounts, each balancing in itself: the budget (appropriation, available,
commitment, consumed) and the cash view (bank, payable, in transit, suspense, expense,
receivables). Every event gives complete journals, so that the trial balance is zero after each.

| event | debit | credit |
|---|---|---|
| BudgetOpened | budget_available | appropriation |
| ContractSigned | commitment | budget_available |
| ContractAmountReduced | budget_available | commitment |
| InstalmentBecamePayable | budget_consumed; subsidy_expense | commitment; subsidy_payable |
| InstalmentCancelled, committed | budget_available | commitment |
| InstalmentCancelled, payable; InstalmentBalanceReleased | budget_available; subsidy_payable | budget_consumed; subsidy_expense |
| InstalmentApproved | subsidy_payable | payment_in_transit |
| ApprovalVoided | payment_in_transit | subsidy_payable |
| FundsDisbursed | payment_in_transit | bank |
| PaymentReturned, bank-return | bank | returned_suspense |
| PaymentReturned, reversal | wrong_payment_receivable | returned_suspense |
| ReversalMoneyReceived | bank | wrong_payment_receivable |
| ReturnedPaymentReleased | returned_suspense | subsidy_payable |
| RecoveryDemanded | recovery_receivable | subsidy_expense |
| RecoveryReceived | bank | recovery_receivable |
| RecoveryWrittenOff | write_off_expense | recovery_receivable |
"""  # noqa: E501 - a table

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.finance.domain import events as e

APPROPRIATION = "appropriation"
AVAILABLE = "budget_available"
COMMITMENT = "commitment"
CONSUMED = "budget_consumed"
BANK = "bank"
PAYABLE = "subsidy_payable"
IN_TRANSIT = "payment_in_transit"
SUSPENSE = "returned_suspense"
EXPENSE = "subsidy_expense"
WRONG_PAYMENT = "wrong_payment_receivable"
RECEIVABLE = "recovery_receivable"
WRITE_OFF = "write_off_expense"

ACCOUNTS = {
    APPROPRIATION: {"zh-Hant": "預算核定", "en": "Appropriation control"},
    AVAILABLE: {"zh-Hant": "可支用預算", "en": "Budget available"},
    COMMITMENT: {"zh-Hant": "契約承諾", "en": "Commitment"},
    CONSUMED: {"zh-Hant": "預算已執行", "en": "Budget consumed"},
    BANK: {"zh-Hant": "銀行存款", "en": "Bank"},
    PAYABLE: {"zh-Hant": "應付補助款", "en": "Subsidy payable"},
    IN_TRANSIT: {"zh-Hant": "在途付款", "en": "Payment in transit"},
    SUSPENSE: {"zh-Hant": "退匯暫收款", "en": "Returned payments suspense"},
    EXPENSE: {"zh-Hant": "補助支出", "en": "Subsidy expense"},
    WRONG_PAYMENT: {"zh-Hant": "誤付應收款", "en": "Wrong payments receivable"},
    RECEIVABLE: {"zh-Hant": "應收追回款", "en": "Recovery receivable"},
    WRITE_OFF: {"zh-Hant": "呆帳損失", "en": "Write-off expense"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a journal; exactly one of debit and credit is positive."""

    account: str
    debit_twd: int
    credit_twd: int


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """Lines whose debits equal their credits. `on` is the day it counts for; None means the day
    the event occurred (Taipei)."""

    lines: tuple[Line, ...]
    on: date | None = None


def entries_of(event: object) -> tuple[JournalEntry, ...]:
    """The journals of one event; events that move no money have none."""
    match event:
        case e.BudgetOpened():
            return _move(AVAILABLE, APPROPRIATION, event.amount_twd, event.opened_on)
        case e.ContractSigned():
            return _move(COMMITMENT, AVAILABLE, event.amount_twd, event.signed_on)
        case e.ContractAmountReduced():
            return _move(AVAILABLE, COMMITMENT, event.reduced_by_twd)
        case e.InstalmentBecamePayable():
            return _move(CONSUMED, COMMITMENT, event.amount_twd) + _move(
                EXPENSE, PAYABLE, event.amount_twd
            )
        case e.InstalmentCancelled(was_payable=False):
            return _move(AVAILABLE, COMMITMENT, event.amount_twd)
        case e.InstalmentCancelled() | e.InstalmentBalanceReleased():
            return _move(AVAILABLE, CONSUMED, event.amount_twd) + _move(
                PAYABLE, EXPENSE, event.amount_twd
            )
    return _cash(event) + _recovery(event)


def _cash(event: object) -> tuple[JournalEntry, ...]:
    match event:
        case e.InstalmentApproved():
            return _move(PAYABLE, IN_TRANSIT, event.amount_twd, event.approved_on)
        case e.ApprovalVoided():
            return _move(IN_TRANSIT, PAYABLE, event.amount_twd)
        case e.FundsDisbursed():
            return _move(IN_TRANSIT, BANK, event.amount_twd, event.paid_on)
        case e.PaymentReturned(kind="bank-return"):
            return _move(BANK, SUSPENSE, event.amount_twd, event.returned_on)
        case e.PaymentReturned():
            return _move(WRONG_PAYMENT, SUSPENSE, event.amount_twd, event.returned_on)
        case e.ReversalMoneyReceived():
            return _move(BANK, WRONG_PAYMENT, event.amount_twd, event.received_on)
        case e.ReturnedPaymentReleased():
            return _move(SUSPENSE, PAYABLE, event.amount_twd)
    return ()


def _recovery(event: object) -> tuple[JournalEntry, ...]:
    match event:
        case e.RecoveryDemanded():
            return _move(RECEIVABLE, EXPENSE, event.amount_twd, event.demanded_on)
        case e.RecoveryReceived():
            return _move(BANK, RECEIVABLE, event.amount_twd, event.received_on)
        case e.RecoveryWrittenOff():
            return _move(WRITE_OFF, RECEIVABLE, event.amount_twd, event.written_off_on)
    return ()


def _move(
    debit: str, credit: str, amount_twd: int, on: date | None = None
) -> tuple[JournalEntry, ...]:
    if amount_twd == 0:
        return ()
    lines = (Line(debit, amount_twd, 0), Line(credit, 0, amount_twd))
    return (JournalEntry(lines, on),)
