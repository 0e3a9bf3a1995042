"""What people ask of the ledger, computed from its lines: never stored, so it cannot drift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from services.finance.domain import ledger


class Posting(NamedTuple):
    """One line of the journal with the type of the event behind it."""

    event_type: str
    account: str
    debit_twd: int
    credit_twd: int


def balances(postings: Iterable[Posting]) -> dict[str, int]:
    """NT$ by name.

    appropriation, available, committed: the budget as it stands. payable: became payable, not
    paid, in transit included. paid, returned, recovered, written_off, remitted, forfeited:
    turnovers, gross; recovered and written_off of every kind of recovery. net_paid = paid -
    returned. outstanding: demanded and not back, wrong payments included. interest_due: demanded
    for the treasury and not yet with it. penalty, costs: demanded. retained: kept back by finance
    reviews; refundable: decided and not yet demanded. trial: sum of debits - sum of credits;
    anything but 0 is a fault.
    """
    debit: Counter[str] = Counter()
    credit: Counter[str] = Counter()
    turned: Counter[tuple[str, str]] = Counter()  # debits by (event type, account)
    remitted_by_us = trial = 0
    for posting in postings:
        debit[posting.account] += posting.debit_twd
        credit[posting.account] += posting.credit_twd
        turned[posting.event_type, posting.account] += posting.debit_twd
        trial += posting.debit_twd - posting.credit_twd
        if posting.account == ledger.BANK and posting.event_type == "InterestRemitted":
            remitted_by_us += posting.credit_twd

    def owed(account: str) -> int:
        return credit[account] - debit[account]

    paid, returned = credit[ledger.BANK] - remitted_by_us, credit[ledger.SUSPENSE]
    written_off = (
        ("RecoveryWrittenOff", ledger.WRITE_OFF),
        (
            "RecoveryWrittenOff",
            ledger.INTEREST_DUE,
        ),
    )
    return {
        "appropriation_twd": owed(ledger.APPROPRIATION),
        "available_twd": -owed(ledger.AVAILABLE),
        "committed_twd": -owed(ledger.COMMITMENT),
        "payable_twd": owed(ledger.PAYABLE) + owed(ledger.IN_TRANSIT),
        "paid_twd": paid,
        "returned_twd": returned,
        "net_paid_twd": paid - returned,
        "retained_twd": -owed(ledger.RETAINED),
        "forfeited_twd": turned["InstalmentPortionForfeited", ledger.AVAILABLE],
        "refundable_twd": -owed(ledger.REFUNDABLE),
        "recovered_twd": turned["RecoveryReceived", ledger.BANK],
        "written_off_twd": sum(turned[key] for key in written_off),
        "outstanding_twd": -owed(ledger.RECEIVABLE) - owed(ledger.WRONG_PAYMENT),
        "interest_due_twd": owed(ledger.INTEREST_DUE),
        "remitted_twd": turned["InterestRemitted", ledger.INTEREST_DUE],
        "penalty_twd": owed(ledger.PENALTY),
        "costs_twd": owed(ledger.COSTS),
        "trial_twd": trial,
    }
