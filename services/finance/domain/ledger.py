"""The money ledger: double entry, integer NT$, a pure function of the events.

Three groups of accounts, each balancing in itself: the budget (appropriation, available,
commitment, consumed), the cash view (bank, payable, in transit, suspense, expense, receivables,
what is due to the treasury) and memoranda (retained: kept back until a finance review, or carried
over by one; refundable: decided to come back and not yet demanded). Every event gives complete
journals, so that the trial balance is zero after each; a line names its party where the contract
has parties of its own. Over 200 lines: one table of all accounts, one match of all events.

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
| InstalmentAwaitsReview | retained | retained_memo |
| FinanceReviewClosed, released; InstalmentCancelled, retained | retained_memo | retained |
| FinanceReviewClosed, carried over | retained | retained_memo |
| InstalmentPortionForfeited | budget_available | commitment |
| RecoveryOpened | refundable | refundable_memo |
| RecoveryDemanded, of any kind | recovery_receivable; refundable_memo | by kind; refundable |
| by kind: subsidy, interest, penalty, costs | | subsidy_expense, interest_due_treasury, penalty_income, cost_recovery |
| RecoveryReceived | bank | recovery_receivable |
| InterestRemitted, direct, demanded before | interest_due_treasury | recovery_receivable |
| InterestRemitted, direct, not demanded | as RecoveryDemanded, then as above | |
| InterestRemitted, office | interest_due_treasury | bank |
| RecoveryWrittenOff | write_off_expense (interest: interest_due_treasury) | recovery_receivable |
"""  # noqa: E501 - a table

from __future__ import annotations

from dataclasses import dataclass, replace
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
INTEREST_DUE = "interest_due_treasury"
PENALTY = "penalty_income"
COSTS = "cost_recovery"
RETAINED = "retained"
RETAINED_MEMO = "retained_memo"
REFUNDABLE = "refundable"
REFUNDABLE_MEMO = "refundable_memo"

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
    INTEREST_DUE: {"zh-Hant": "應繳國庫利息", "en": "Interest due to the treasury"},
    PENALTY: {"zh-Hant": "罰款收入", "en": "Penalty income"},
    COSTS: {"zh-Hant": "費用求償收入", "en": "Recovery of costs"},
    RETAINED: {"zh-Hant": "保留款（備忘）", "en": "Retained (memorandum)"},
    RETAINED_MEMO: {"zh-Hant": "保留款對方科目（備忘）", "en": "Retained, contra (memorandum)"},
    REFUNDABLE: {"zh-Hant": "應繳還款（備忘）", "en": "Refundable (memorandum)"},
    REFUNDABLE_MEMO: {
        "zh-Hant": "應繳還款對方科目（備忘）",
        "en": "Refundable contra (memo)",
    },
}

_CREDITED = {
    e.SUBSIDY: EXPENSE,
    e.INTEREST: INTEREST_DUE,
    e.PENALTY: PENALTY,
    e.COSTS: COSTS,
}
"""Kind of recovery -> what a demand of it credits."""


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a journal; exactly one of debit and credit is positive."""

    account: str
    debit_twd: int
    credit_twd: int
    party_ubn: str | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """Lines whose debits equal their credits. `on` is the day it counts for; None means the day
    the event occurred (Taipei)."""

    lines: tuple[Line, ...]
    on: date | None = None


Entries = tuple[JournalEntry, ...]


def entries_of(event: object) -> Entries:
    """The journals of one event; events that move no money have none."""
    match event:
        case e.BudgetOpened():
            return _move(AVAILABLE, APPROPRIATION, event.amount_twd, event.opened_on)
        case e.ContractSigned():
            return _signed(event)
        case e.ContractAmountReduced():
            return _reduced(event)
    found = _instalment(event) or _cash(event) or _review(event) or _recovery(event)
    party_ubn = getattr(event, "party_ubn", None)
    return tuple(_of_party(entry, party_ubn) for entry in found) if party_ubn else found


def _signed(event: e.ContractSigned) -> Entries:
    shares: dict[str, int] = {}
    for row in event.instalments:
        party_ubn = row.get("party_ubn") or ""
        shares[party_ubn] = shares.get(party_ubn, 0) + row["amount_twd"]
    if "" in shares or sum(shares.values()) != event.amount_twd:
        return _move(COMMITMENT, AVAILABLE, event.amount_twd, event.signed_on)
    return tuple(
        _of_party(entry, party_ubn)
        for party_ubn, amount_twd in shares.items()
        for entry in _move(COMMITMENT, AVAILABLE, amount_twd, event.signed_on)
    )


def _reduced(event: e.ContractAmountReduced) -> Entries:
    if not event.by_party:
        return _move(AVAILABLE, COMMITMENT, event.reduced_by_twd)
    return tuple(
        _of_party(entry, row["party_ubn"])
        for row in event.by_party
        for entry in _move(AVAILABLE, COMMITMENT, row["amount_twd"])
    )


def _instalment(event: object) -> Entries:
    match event:
        case e.InstalmentBecamePayable():
            return _move(CONSUMED, COMMITMENT, event.amount_twd) + _move(
                EXPENSE, PAYABLE, event.amount_twd
            )
        case e.InstalmentCancelled():
            return _unpaid(event) + _move(RETAINED_MEMO, RETAINED, event.retained_twd)
        case e.InstalmentBalanceReleased():
            return _unpaid(event)
        case e.InstalmentPortionForfeited():
            return _move(AVAILABLE, COMMITMENT, event.amount_twd)
    return ()


def _unpaid(event: e.InstalmentCancelled | e.InstalmentBalanceReleased) -> Entries:
    """Finally not paid: back to the budget from the commitment, or from what was payable."""
    if isinstance(event, e.InstalmentCancelled) and not event.was_payable:
        return _move(AVAILABLE, COMMITMENT, event.amount_twd)
    return _move(AVAILABLE, CONSUMED, event.amount_twd) + _move(PAYABLE, EXPENSE, event.amount_twd)


def _review(event: object) -> Entries:
    match event:
        case e.InstalmentAwaitsReview():
            return _move(RETAINED, RETAINED_MEMO, event.amount_twd)
        case e.FinanceReviewClosed():
            return _move(RETAINED_MEMO, RETAINED, event.released_twd, event.closed_on) + _move(
                RETAINED, RETAINED_MEMO, event.carried_twd, event.closed_on
            )
    return ()


def _cash(event: object) -> Entries:
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


def _recovery(event: object) -> Entries:
    match event:
        case e.RecoveryOpened():
            return _move(REFUNDABLE, REFUNDABLE_MEMO, event.amount_twd)
        case e.RecoveryDemanded():
            decided = event.amount_twd if event.decided_twd is None else event.decided_twd
            return _move(
                RECEIVABLE, _CREDITED[event.kind], event.amount_twd, event.demanded_on
            ) + _move(REFUNDABLE_MEMO, REFUNDABLE, decided, event.demanded_on)
        case e.RecoveryReceived():
            return _move(BANK, RECEIVABLE, event.amount_twd, event.received_on)
        case e.InterestRemitted():
            return _remitted(event)
        case e.RecoveryWrittenOff():
            given_up = INTEREST_DUE if event.kind == e.INTEREST else WRITE_OFF
            return _move(given_up, RECEIVABLE, event.amount_twd, event.written_off_on)
    return ()


def _remitted(event: e.InterestRemitted) -> Entries:
    on = event.remitted_on
    if event.route == e.OFFICE:
        return _move(INTEREST_DUE, BANK, event.amount_twd, on)
    return (
        _move(RECEIVABLE, INTEREST_DUE, event.accrued_twd, on)
        + _move(REFUNDABLE_MEMO, REFUNDABLE, event.accrued_twd, on)
        + _move(INTEREST_DUE, RECEIVABLE, event.amount_twd, on)
    )


def _of_party(entry: JournalEntry, party_ubn: str) -> JournalEntry:
    return replace(entry, lines=tuple(replace(x, party_ubn=party_ubn) for x in entry.lines))


def _move(debit: str, credit: str, amount_twd: int, on: date | None = None) -> Entries:
    if amount_twd == 0:
        return ()
    lines = (Line(debit, amount_twd, 0), Line(credit, 0, amount_twd))
    return (JournalEntry(lines, on),)
