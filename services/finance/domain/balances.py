"""What people ask of the ledger, computed from its lines: never stored, so it cannot drift."""

from __future__ import annotations

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
    paid, in transit included. paid, returned, recovered, written_off: turnovers, gross.
    net_paid = paid - returned. outstanding: demanded and not back, wrong payments included.
    trial: sum of debits - sum of credits; anything but 0 is a fault.
    """
    debit: dict[str, int] = {}
    credit: dict[str, int] = {}
    recovered = trial = 0
    for posting in postings:
        debit[posting.account] = debit.get(posting.account, 0) + posting.debit_twd
        credit[posting.account] = credit.get(posting.account, 0) + posting.credit_twd
        trial += posting.debit_twd - posting.credit_twd
        if posting.event_type == "RecoveryReceived":
            recovered += posting.debit_twd

    def owed(account: str) -> int:
        return credit.get(account, 0) - debit.get(account, 0)

    paid, returned = credit.get(ledger.BANK, 0), credit.get(ledger.SUSPENSE, 0)
    return {
        "appropriation_twd": owed(ledger.APPROPRIATION),
        "available_twd": -owed(ledger.AVAILABLE),
        "committed_twd": -owed(ledger.COMMITMENT),
        "payable_twd": owed(ledger.PAYABLE) + owed(ledger.IN_TRANSIT),
        "paid_twd": paid,
        "returned_twd": returned,
        "net_paid_twd": paid - returned,
        "recovered_twd": recovered,
        "written_off_twd": debit.get(ledger.WRITE_OFF, 0),
        "outstanding_twd": -owed(ledger.RECEIVABLE) - owed(ledger.WRONG_PAYMENT),
        "trial_twd": trial,
    }
