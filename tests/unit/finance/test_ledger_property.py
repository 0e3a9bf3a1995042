"""Random steps of a contract: the books balance after every event, to the dollar."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.finance.domain import ending, ledger
from services.finance.domain import events as e
from services.finance.domain.balances import Posting, balances
from services.finance.domain.contract import Contract
from services.finance.domain.disbursing import disbursement_digest
from services.finance.domain.ledger import entries_of
from services.finance.domain.recoveries import recovery_digest
from shared.kernel.errors import DomainError
from tests.support.finance_events import CASE, NUMBER, UBN, claimed, file_opened, named, signed

DAY = date(2023, 8, 10)
STEPS = (
    "pass",
    "claim",
    "return-claim",
    "prepare",
    "edit",
    "approve",
    "confirm",
    "bank-return",
    "reverse",
    "approve-reversal",
    "reversal-back",
    "reduce",
    "abandon",
    "decide-abandonment",
    "find",
    "notice",
    "sanction",
    "demand",
    "approve-recovery",
    "receive",
    "write-off",
    "close",
)


class Books:
    """A contract driven by random steps; refused steps change nothing. `step` checks the books."""

    def __init__(self, amount_twd: int, first_twd: int):
        self.contract = Contract()
        self.postings: list[Posting] = []
        self.count = 0
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

    def last(self, name: str):
        """The newest id of a kind, or one nobody knows."""
        known = {
            "claim": [c for c in self.contract.payments.claims],
            "disbursement": [d for d in self.contract.payments.disbursements],
            "payment": [p for p in self.contract.payments.payments],
            "finding": [f for f in self.contract.sanctions.findings],
            "recovery": [r for r in self.contract.recoveries.by_id],
        }[name]
        return known[-1] if known else named("nobody")

    def new(self, name: str):
        return named(f"{name}-{self.count}")

    def decide(self, kind: str, no: int, amount_twd: int):
        contract, payments = self.contract, self.contract.payments
        match kind:
            case "pass":
                became = e.InstalmentBecamePayable(
                    case_id=CASE,
                    instalment_no=no,
                    checkpoint=f"cp{no}",
                    amount_twd=1,
                    passed_on=DAY,
                    usage_records=True,
                    letters=(),
                    accepted_by="olga",
                )
                return contract.make_payable(became)
            case "claim":
                return contract.flowing().submit_claim(
                    claimed(no, amount_twd, claim_id=self.new("claim"))
                )
            case "claim-all":
                whole = payments.instalments.get(no).amount_twd
                return contract.flowing().submit_claim(
                    claimed(no, whole, claim_id=self.new("claim"))
                )
            case "return-claim":
                return payments.return_claim(self.last("claim"), "…")
            case "prepare":
                claim = payments.claim(self.last("claim"))
                draft = e.DisbursementPrepared(
                    case_id=CASE,
                    disbursement_id=self.new("disbursement"),
                    revision=1,
                    claim_id=claim.claim_id,
                    instalment_no=claim.instalment_no,
                    amount_twd=min(amount_twd, claim.amount_twd),
                    payee_ubn=UBN,
                    payee_account="1",
                    digest=disbursement_digest(
                        claim.claim_id, min(amount_twd, claim.amount_twd), UBN, "1"
                    ),
                    maker="mia",
                )
                return contract.prepare(draft)
            case "edit":
                return contract.flowing().edit(self.last("disbursement"), amount_twd, "2", "mia")
            case "approve":
                known = payments.open_disbursement(self.last("disbursement"))
                contract.must_fit_contract(known.prepared.amount_twd)
                return contract.flowing().approve(
                    known.prepared.disbursement_id, known.prepared.digest, "carl", NUMBER, DAY
                )
            case "confirm":
                draft = payments.open_disbursement(self.last("disbursement")).prepared
                paid = e.FundsDisbursed(
                    case_id=CASE,
                    case_number=NUMBER,
                    payment_id=self.new("payment"),
                    instalment_no=draft.instalment_no,
                    amount_twd=draft.amount_twd,
                    paid_on=DAY,
                    payee_ubn=UBN,
                    disbursement_id=draft.disbursement_id,
                    bank_reference="B",
                )
                return contract.confirm(paid, DAY)
            case _:
                return self.decide_end(kind, amount_twd)

    def decide_end(self, kind: str, amount_twd: int):
        contract, payments = self.contract, self.contract.payments
        payment, recovery = self.last("payment"), self.last("recovery")
        match kind:
            case "bank-return":
                if contract.recoveries.demanded_twd:
                    return ()  # a fact of the bank that no rule of ours bounds
                return payments.bank_return(payment, "…", NUMBER, DAY, DAY)
            case "reverse":
                return contract.propose_reversal(payment, "…", "mia")
            case "approve-reversal":
                if contract.recoveries.demanded_twd:
                    return ()
                return payments.approve_reversal(payment, "carl", NUMBER, DAY)
            case "reversal-back":
                return payments.receive_reversal(payment, "B", DAY)
            case "reduce":
                new = max(0, contract.amount_twd - amount_twd)
                fresh = {1: new * 3500 // 10_000, 2: new - new * 3500 // 10_000}
                return contract.reduce(self.new("change"), new, fresh)
            case "abandon":
                declared = e.AbandonmentDeclared(
                    case_id=CASE,
                    reason="…",
                    force_majeure_claimed=True,
                    proofs=(),
                    declared_on=DAY,
                )
                return ending.declare_abandonment(contract, declared)
            case "decide-abandonment":
                return ending.decide_abandonment(
                    contract,
                    force_majeure=amount_twd % 2 == 0,
                    finding=self.finding("abandoned"),
                    reason="…",
                )
            case "find":
                return contract.open_finding(self.finding("breach"))
            case "notice":
                return contract.sanctions.give_notice(
                    e.SanctionNoticeGiven(
                        case_id=CASE,
                        finding_id=self.last("finding"),
                        facts="…",
                        rules=(),
                        effects=(),
                        given_on=date(2023, 8, 1),
                        answer_by=date(2023, 8, 8),
                    )
                )
            case "sanction":
                return self.sanction(amount_twd)
            case "demand" | "demand-all":
                if kind == "demand-all":
                    amount_twd = contract.recoveries.get(recovery).opened.amount_twd
                digest = recovery_digest(recovery, amount_twd, DAY, "9")
                return contract.demand(
                    e.RecoveryProposed(
                        case_id=CASE,
                        recovery_id=recovery,
                        amount_twd=amount_twd,
                        due_on=DAY,
                        account="9",
                        digest=digest,
                        maker="mia",
                    )
                )
            case "approve-recovery":
                proposal = contract.recoveries.get(recovery).proposal
                digest = proposal.digest if proposal else ""
                return contract.recoveries.approve(
                    recovery, digest, "carl", NUMBER, contract.recoverable_twd, DAY
                )
            case "receive":
                return contract.recoveries.receive(
                    recovery, amount_twd, f"R-{self.count}", NUMBER, DAY
                )
            case "write-off":
                self.take(contract.recoveries.propose_write_off(recovery, "…", "mia"))
                return self.contract.recoveries.approve_write_off(recovery, "carl", DAY)
            case "close":
                return contract.note_closing(DAY)
        raise AssertionError(kind)

    def finding(self, kind: str) -> e.FindingOpened:
        return e.FindingOpened(
            case_id=CASE,
            finding_id=self.new("finding"),
            kind=kind,
            facts="…",
            rules=(),
            evidence=(),
        )

    def sanction(self, amount_twd: int):
        finding = self.last("finding")
        decided = e.SanctionDecided(
            case_id=CASE,
            finding_id=finding,
            effect=("none", "terminate", "rescind")[amount_twd % 3],
            recover_twd=min(amount_twd, self.contract.recoverable_twd),
            bar=amount_twd % 2 == 0,
            force_majeure=False,
            damages_reserved=False,
            facts="…",
            rules=("r",),
            remedy="…",
            decided_on=DAY,
        )
        measures = ending.Measures(
            finding_id=finding,
            recovery_id=self.new("recovery"),
            bar_id=self.new("bar"),
            decided_on=DAY,
            bar_until=date(2025, 8, 10),
        )
        return ending.decide_sanction(self.contract, decided, measures)


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
