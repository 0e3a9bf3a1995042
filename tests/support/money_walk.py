"""Random walks through the whole life of the money: contracts of one to three parties, vouchers,
finance reviews, payments that go wrong, recoveries of every kind, sanctions. The books are checked
after every event and every step. (Longer than a page: one case per step, one line per invariant.)
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from services.finance.domain import ending, ledger, reviews
from services.finance.domain import events as e
from services.finance.domain.interest import remit_interest
from services.finance.domain.ledger import entries_of
from services.finance.domain.shares import Accepted, LineBudget, Ratio, split_by_ratio
from shared.kernel.errors import DomainError
from tests.support.finance_events import CASE, UBN, file_opened, signed
from tests.support.finance_steps import DAY, STEPS, Deciding
from tests.support.spending_desk import B, C, ceilings, party

OWN = ("pass", "review", "wild-review", "spend", "disallow", "penalty", "remit", "joint", "release")
STRAIGHT = ("spend", "pass", "review", "claim", "claim-all", "prepare", "approve", "confirm")
BACK = ("demand-all", "approve-recovery", "receive", "bank-return", "reverse", "approve-reversal")
SELDOM = ("find", "abandon", "close", "penalty")
WEIGHTS = {
    **dict.fromkeys((*STEPS, *OWN), 10),
    **dict.fromkeys(BACK, 20),
    "reversal-back": 40,
    **dict.fromkeys(STRAIGHT, 90),
    **dict.fromkeys(SELDOM, 2),
}
"""How often each step is tried: the straight ones most, those that end a contract seldom, so that
a walk gets somewhere."""
KINDS, CHANCES = tuple(WEIGHTS), tuple(WEIGHTS.values())


class MoneyWalk(Deciding):
    """One contract and its spending, driven by chance; refused steps change nothing."""

    def __init__(self, chance: random.Random):
        super().__init__()
        self.chance = chance
        self.sums: Counter[str] = Counter()  # debit - credit by account
        self.types: Counter[str] = Counter()
        self.accepted: dict[str, list[Accepted]] = {}
        count = chance.randint(1, 3)
        subsidies = [chance.randint(2, 3_000) for _ in range(count)]
        self.parties = [
            party(ubn, subsidy, subsidy + chance.randint(0, 500), lead=ubn == UBN)
            for ubn, subsidy in zip((UBN, B, C), subsidies, strict=False)
        ]
        total = sum(subsidies)
        opened = file_opened(approved_twd=total, parties=tuple(self.parties))
        contract = signed(
            total, 0, parties=tuple(self.parties), instalments=tuple(ceilings(self.parties))
        )
        self.take((opened, contract))

    def take(self, events: Iterable[object]) -> None:
        """Fold facts in; each journal and the trial balance after each event."""
        for event in events:
            self.contract = self.contract.apply(event)
            self.types[type(event).__name__] += 1
            for entry in entries_of(event):
                assert sum(x.debit_twd for x in entry.lines) == sum(
                    x.credit_twd for x in entry.lines
                )
                for line in entry.lines:
                    assert (line.debit_twd > 0) != (line.credit_twd > 0)
                    assert line.debit_twd >= 0 <= line.credit_twd
                    assert line.party_ubn is not None or type(event).__name__ == "RecoveryOpened"
                    self.sums[line.account] += line.debit_twd - line.credit_twd
            assert sum(self.sums.values()) == 0

    def step(self) -> bool:
        """One step of chance; whether it was legal."""
        self.count += 1
        kind = self.chance.choices(KINDS, CHANCES)[0]
        no = self.chance.randint(1, 2 * len(self.parties))
        amount_twd = self.chance.choice((1, 2, self.chance.randint(1, 3_000), 1_000_000))
        try:
            events = tuple(self.decide(kind, no, amount_twd))
        except DomainError:
            return False
        self.take(events)
        self.take(self.contract.settlement() if events else ())
        if events:
            self.check()
        return bool(events)

    def check(self) -> None:
        """Exact to NT$1: the accounts say what the folded contract says, nothing is negative,
        nothing paid above a ceiling, a party's subsidy or the contract."""
        payments, books = self.contract.payments, self.sums
        instalments = payments.instalments.by_no.values()
        recoveries = self.contract.recoveries.by_id.values()
        committed = sum(
            i.amount_twd for i in instalments if i.state in ("committed", "awaiting-review")
        )
        assert books[ledger.COMMITMENT] == committed >= 0
        assert books[ledger.RETAINED] == sum(i.retained_twd for i in instalments) >= 0
        assert books[ledger.REFUNDABLE] == sum(r.undemanded_twd for r in recoveries) >= 0
        assert books[ledger.RECEIVABLE] == sum(r.outstanding_twd for r in recoveries) >= 0
        assert books[ledger.INTEREST_DUE] <= 0
        assert books[ledger.PENALTY] <= 0
        assert -books[ledger.PAYABLE] - books[ledger.IN_TRANSIT] == sum(
            i.amount_twd for i in instalments if i.state == "payable"
        )
        for instalment in instalments:
            assert instalment.amount_twd >= 0
        for row in self.parties:
            paid = payments.net_paid_to(row["ubn"])
            assert 0 <= paid <= row["subsidy_twd"]
        assert payments.net_paid_twd <= self.contract.signed.amount_twd
        if self.contract.settled:
            assert committed == books[ledger.PAYABLE] == books[ledger.RECEIVABLE] == 0
            assert books[ledger.REFUNDABLE] == books[ledger.RETAINED] == 0

    def last(self, name: str) -> Any:
        """Any known id of a kind: chance picks among them."""
        known = {
            "claim": self.contract.payments.claims,
            "disbursement": self.contract.payments.disbursements,
            "payment": self.contract.payments.payments,
            "finding": self.contract.sanctions.findings,
            "recovery": self.contract.recoveries.by_id,
        }[name]
        return self.chance.choice(list(known)) if known else super().last(name)

    def decide(self, kind: str, no: int, amount_twd: int) -> Sequence[object]:
        """The steps of every contract, with parties; and those of the spending."""
        whose = self.parties[(no - 1) % len(self.parties)]
        match kind:
            case "pass":
                return self.contract.make_payable(self.awaits(no))
            case "review" | "wild-review":
                return self.review(no, whose, amount_twd if kind == "wild-review" else None)
            case "spend":
                return self.spend(whose, amount_twd)
            case "disallow":
                own = self.accepted.get(whose["ubn"], [])
                if own:
                    own.pop(self.chance.randrange(len(own)))
                return ()
            case "penalty":
                return self.owed(e.PENALTY, whose["ubn"], amount_twd)
            case "remit":
                route = self.chance.choice((e.DIRECT, e.OFFICE))
                slip = f"s-{self.count}"
                book = self.contract.recoveries
                return remit_interest(book, self.last("recovery"), amount_twd, route, slip, DAY)
            case "joint" | "release":
                return self.joint(kind, whose["ubn"])
            case "prepare":
                return self.prepare(amount_twd)
            case "sanction":
                return self.sanction(amount_twd)
            case "reduce":
                return ()  # a change of several parties is told by the office, see test_parties
        return super().decide(kind, no, amount_twd)

    def awaits(self, no: int) -> e.InstalmentAwaitsReview:
        checkpoint = self.contract.payments.instalments.get(no).checkpoint
        return e.InstalmentAwaitsReview(
            case_id=CASE, instalment_no=no, checkpoint=checkpoint, amount_twd=0, passed_on=DAY,
            usage_records=False, letters=(), accepted_by="olga", figures={},
        )  # fmt: skip

    def spend(self, whose: dict[str, Any], net_twd: int) -> Sequence[object]:
        """A voucher of chance is accepted; spending is another stream than the contract's."""
        voucher = Accepted(
            voucher_id=str(self.count), line="goods", year=self.chance.randint(0, 1),
            month="2024-10", net_twd=net_twd, self_borne=self.chance.random() < 0.1,
        )  # fmt: skip
        self.accepted.setdefault(whose["ubn"], []).append(voucher)
        return ()

    def shares(self, whose: dict[str, Any]) -> tuple[int, int, int]:
        """Government's share of year 1 and 2, and the party's own money (NT$)."""
        own = self.accepted.get(whose["ubn"], [])
        subsidy, total = whose["subsidy_twd"], whose["total_twd"]
        first = Ratio(subsidy // 2, total // 2)
        line = LineBudget(years=(first, Ratio(subsidy - subsidy // 2, total - total // 2)))
        parts = split_by_ratio(own, {"goods": line})
        assert all(0 <= parts[v.voucher_id] <= v.net_twd for v in own)
        by_year = [sum(parts[v.voucher_id] for v in own if v.year == year) for year in (0, 1)]
        assert sum(by_year) <= subsidy
        return by_year[0], by_year[1], sum(v.net_twd for v in own) - sum(by_year)

    def review(self, no: int, whose: dict[str, Any], wild: int | None) -> Sequence[object]:
        """The figures of the two-year review, or figures of chance."""
        instalment = self.contract.payments.instalments.get(no)
        year1, year2, own = self.shares(whose)
        subsidy, most = whose["subsidy_twd"], whose["subsidy_twd"] // 2
        paid = self.contract.payments.net_paid_to(whose["ubn"]) + sum(
            i.amount_twd
            for i in self.contract.payments.instalments.by_no.values()
            if i.party_ubn == whose["ubn"] and i.state in ("payable", "returned")
        )
        first, carry = min(year1, most), max(0, year1 - most)
        due = first + min(carry + year2, subsidy - most)
        cap = subsidy if own >= whose["self_twd"] else subsidy * own // max(1, whose["self_twd"])
        total = max(0, min(due, cap) - self.chance.choice((0, 0, 7)))
        last = self.contract.payments.instalments.after(instalment) is None
        payable = max(0, total - paid) if last else first
        refund = max(0, paid - total) if last else 0
        outcome = reviews.Outcome(
            payable_twd=payable if wild is None else wild,
            refund_twd=refund,
            carried_twd=carry,
            figures={},
        )
        closing = reviews.Closing(
            review_id=self.new("review"), checkpoint=instalment.checkpoint,
            party_ubn=whose["ubn"], cut_off_on=DAY, interest_twd=self.chance.choice((0, 13)),
            note="", reviewer="mia", closed_on=DAY,
        )  # fmt: skip
        return reviews.close_review(self.contract, closing, outcome)

    def owed(self, kind: str, ubn: str, amount_twd: int) -> Sequence[object]:
        return (
            e.RecoveryOpened(
                case_id=CASE, recovery_id=self.new("recovery"), amount_twd=amount_twd,
                reason="…", kind=kind, party_ubn=ubn,
            ),
        )  # fmt: skip

    def joint(self, kind: str, ubn: str) -> Sequence[object]:
        recovery = self.contract.recoveries.get(self.last("recovery"))
        joint = self.contract.joint
        if kind == "joint":
            return joint.open(recovery, self.contract.party_ubns, "…", DAY)
        released = joint.release(recovery.opened.recovery_id, ubn, "1", DAY)
        owed = joint.owed(recovery)
        assert all(amount == recovery.outstanding_twd for amount in owed.values())
        return released

    def prepare(self, amount_twd: int) -> Sequence[object]:
        claim = self.contract.payments.claim(self.last("claim"))
        instalment = self.contract.payments.instalments.get(claim.instalment_no)
        draft = e.DisbursementPrepared(
            case_id=CASE, disbursement_id=self.new("disbursement"), revision=1,
            claim_id=claim.claim_id, instalment_no=claim.instalment_no,
            amount_twd=min(amount_twd, claim.amount_twd), payee_ubn=instalment.party_ubn or "",
            payee_account="1", digest=str(self.count), maker="mia",
            party_ubn=instalment.party_ubn,
        )  # fmt: skip
        return self.contract.prepare(draft)

    def sanction(self, amount_twd: int) -> Sequence[object]:
        """Terminated or rescinded with what each party owes of each kind, or dismissed."""
        finding, effect = self.last("finding"), ("none", "terminate", "rescind")[amount_twd % 3]
        owed = tuple(
            ending.Owed(kind=kind, party_ubn=row["ubn"], amount_twd=self.figure(kind, row["ubn"]))
            for row in self.parties
            for kind in (e.SUBSIDY, e.INTEREST, e.COSTS)
            if effect != "none"
        )
        decided = e.SanctionDecided(
            case_id=CASE, finding_id=finding, effect=effect,
            recover_twd=sum(o.amount_twd for o in owed if o.kind == e.SUBSIDY),
            bar=amount_twd % 2 == 0, force_majeure=False, damages_reserved=False, facts="…",
            rules=("r",), remedy="…", decided_on=DAY,
        )  # fmt: skip
        measures = ending.Measures(
            finding_id=finding, recovery_id=self.new("recovery"), bar_id=self.new("bar"),
            decided_on=DAY, bar_until=date(2028, 8, 10), owed=owed,
            hearing=effect != "rescind", barred_ubns=self.contract.party_ubns,
        )  # fmt: skip
        return ending.decide_sanction(self.contract, decided, measures)

    def figure(self, kind: str, ubn: str) -> int:
        if kind == e.SUBSIDY:
            most = self.contract.recoverable_of(ubn)
            return self.chance.choice((0, most, self.chance.randint(0, most)))
        return self.chance.choice((0, 0, 17))


def walk(seed: int, legal_steps: int, longest: int = 400) -> Counter[str]:
    """Walks until so many legal steps were taken; how often each type of event was seen."""
    chance, seen, taken = random.Random(seed), Counter[str](), 0
    while taken < legal_steps:
        life = MoneyWalk(chance)
        for _ in range(longest):
            taken += life.step()
        seen.update(life.types)
    seen["legal steps"] = taken
    return seen
