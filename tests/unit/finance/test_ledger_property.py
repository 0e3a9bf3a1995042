"""Random steps of a contract: the books balance after every event, to the dollar."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.finance.domain import events as e
from services.finance.domain import ledger
from services.finance.domain.balances import Posting, balances
from services.finance.domain.ledger import entries_of
from shared.kernel.errors import DomainError
from tests.support.finance_events import file_opened, signed
from tests.support.finance_steps import STEPS, Deciding


class Books(Deciding):
    """A contract driven by random steps; refused steps change nothing. `step` checks the books."""

    def __init__(self, amount_twd: int, first_twd: int):
        super().__init__()
        self.postings: list[Posting] = []
        self.ceiling = amount_twd
        rows = (
            file_opened(approved_twd=amount_twd),
            signed(amount_twd, first_twd),
        )
        self.take(rows)

    def take(self, events) -> None:
        for event in events:
            self.contract = self.contract.apply(event)
            for entry in entries_of(event):
                sides = [(line.debit_twd, line.credit_twd) for line in entry.lines]
                assert sum(d for d, _ in sides) == sum(c for _, c in sides)
                assert all((d > 0) != (c > 0) and d >= 0 and c >= 0 for d, c in sides)
                self.postings += [
                    Posting(type(event).__name__, line.account, line.debit_twd, line.credit_twd)
                    for line in entry.lines
                ]
            assert balances(self.postings)["trial_twd"] == 0

    def step(self, kind: str, no: int, amount_twd: int) -> None:
        self.count += 1
        try:
            events = self.decide(kind, no, amount_twd)
        except DomainError:
            return
        self.take(events)
        self.take(self.contract.settlement() if events else ())
        self.check()

    def check(self) -> None:
        """Paid within the contract, recovered within paid, and the two views agree."""
        sums = balances(self.postings)
        payments = self.contract.payments
        assert sums["committed_twd"] >= 0
        assert sums["payable_twd"] >= 0
        assert sums["paid_twd"] - sums["returned_twd"] == payments.net_paid_twd
        assert payments.net_paid_twd <= self.ceiling
        assert sums["recovered_twd"] + sums["written_off_twd"] <= sums["paid_twd"]
        approved = sum(
            d.approval.amount_twd for d in payments.disbursements.values() if d.approval is not None
        )
        assert payments.net_paid_twd <= approved
        self.check_against_state()
        if self.contract.settled:
            assert (sums["committed_twd"], sums["payable_twd"], sums["outstanding_twd"]) == (
                0,
                0,
                0,
            )

    def check_against_state(self) -> None:
        """Each account says what the folded contract says: neither can drift alone."""
        payments = self.contract.payments
        instalments = payments.instalments.by_no.values()
        held = {
            state: sum(i.amount_twd for i in instalments if i.state == state)
            for state in ("committed", "payable", "returned")
        }
        in_transit = sum(
            d.approval.amount_twd
            for d in payments.disbursements.values()
            if d.approval is not None and not d.done
        )
        wrong = sum(
            p.paid.amount_twd for p in payments.payments.values() if p.returned and p.money_out
        )
        demanded = sum(
            r.outstanding_twd for r in self.contract.recoveries.by_id.values() if r.demand
        )
        assert -self.owed(ledger.COMMITMENT) == held["committed"]
        assert self.owed(ledger.IN_TRANSIT) == in_transit
        assert self.owed(ledger.PAYABLE) == held["payable"] - in_transit
        assert self.owed(ledger.SUSPENSE) == held["returned"]
        assert -self.owed(ledger.WRONG_PAYMENT) == wrong
        assert -self.owed(ledger.RECEIVABLE) == demanded

    def owed(self, account: str) -> int:
        lines = [line for line in self.postings if line.account == account]
        return sum(line.credit_twd - line.debit_twd for line in lines)


step = st.tuples(st.sampled_from(STEPS), st.integers(1, 2), st.integers(1, 2_000))


STRAIGHT = [
    (kind, no, 1_000_000)
    for no in (1, 2)
    for kind in ("pass", "claim-all", "prepare", "approve", "confirm")
]
"""The straight way to the money; random steps start from anywhere along it."""
BACK = [(kind, 1, 999) for kind in ("find", "notice", "sanction", "demand-all", "approve-recovery")]
"""And the straight way back: 999 is odd, so that nothing is barred, and recovers what is there."""


@given(
    amount_twd=st.integers(2, 2_000),
    share=st.integers(1, 99),
    straight=st.integers(0, len(STRAIGHT)),
    back=st.integers(0, len(BACK)),
    steps=st.lists(step, min_size=5, max_size=60),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_books_balance_after_every_event_of_any_contract(
    amount_twd, share, straight, back, steps
):
    books = Books(amount_twd, max(1, amount_twd * share // 100))
    for kind, no, amount in (*STRAIGHT[:straight], *BACK[:back], *steps):
        books.step(kind, no, amount)


def test_the_straight_way_is_among_the_random_ones():
    """The steps can reach a payment and a recovery: otherwise the property would prove nothing."""
    books = Books(1_000, 350)
    for kind, no, amount in [
        ("pass", 1, 1),
        ("claim", 1, 350),
        ("prepare", 1, 350),
        ("approve", 1, 1),
        ("confirm", 1, 1),
        ("find", 1, 1),
        ("notice", 1, 1),
        ("sanction", 1, 400),
        ("demand", 1, 350),
        ("approve-recovery", 1, 1),
        ("receive", 1, 349),
        ("receive", 1, 1),
    ]:
        books.step(kind, no, amount)
    sums = balances(books.postings)
    assert (sums["paid_twd"], sums["recovered_twd"], sums["outstanding_twd"]) == (350, 350, 0)
    assert books.contract.settled


def test_a_dollar_too_much_in_one_line_is_seen():
    books = Books(1_000, 350)
    first = books.postings[0]
    books.postings[0] = first._replace(debit_twd=first.debit_twd + 1)
    with pytest.raises(AssertionError):
        books.step("pass", 1, 1)


TO_APPROVAL = ("pass", "claim-all", "prepare", "approve")
TO_PAYMENT = (*TO_APPROVAL, "confirm")


@pytest.mark.parametrize(
    ("kinds", "reached"),
    [
        ((*TO_APPROVAL, "edit"), e.ApprovalVoided),
        ((*TO_PAYMENT, "bank-return", *TO_APPROVAL[2:], "confirm"), e.ReturnedPaymentReleased),
        (
            (*TO_PAYMENT, "reverse", "approve-reversal", "reversal-back", *TO_PAYMENT[2:]),
            e.ReversalMoneyReceived,
        ),
        (("reduce",), e.ContractAmountReduced),
        ((*TO_APPROVAL, "find", "notice", "sanction"), e.ContractTerminated),
    ],
)
def test_every_detour_keeps_the_books(kinds, reached):
    books = Books(1_000, 350)
    seen = []
    take = books.take
    books.take = lambda events: (seen.extend(events := tuple(events)), take(events))
    for kind in kinds:
        books.step(kind, 1, 301)  # 301 is odd and terminates
    assert reached in {type(event) for event in seen}
