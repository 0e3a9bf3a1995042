"""Every step that can be tried on a contract, for random walks through its life. (Longer than a
page: one case per step.)
"""

from __future__ import annotations

from datetime import date

from services.finance.domain import changes, ending
from services.finance.domain import events as e
from services.finance.domain.contract import Contract
from services.finance.domain.disbursing import disbursement_digest
from services.finance.domain.recoveries import recovery_digest
from tests.support.finance_events import CASE, NUMBER, UBN, claimed, named

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
"""What `decide` knows."""


class Deciding:
    """A contract and the decisions on it; ids are numbered, so that a walk can be repeated."""

    def __init__(self) -> None:
        self.contract = Contract()
        self.count = 0

    def take(self, events) -> None:
        """Fold facts in."""
        for event in events:
            self.contract = self.contract.apply(event)

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
                    party_ubn=draft.party_ubn,
                )
                return contract.confirm(paid, DAY)
            case _:
                return self.decide_end(kind, amount_twd)

    def decide_end(self, kind: str, amount_twd: int):
        contract, payments = self.contract, self.contract.payments
        payment, recovery = self.last("payment"), self.last("recovery")
        match kind:
            case "bank-return":
                if contract.recoveries.demanded_twd():
                    return ()  # a fact of the bank that no rule of ours bounds
                return payments.bank_return(payment, "…", NUMBER, DAY, DAY)
            case "reverse":
                return contract.propose_reversal(payment, "…", "mia")
            case "approve-reversal":
                if contract.recoveries.demanded_twd():
                    return ()
                return payments.approve_reversal(payment, "carl", NUMBER, DAY)
            case "reversal-back":
                return payments.receive_reversal(payment, "B", DAY)
            case "reduce":
                new = max(0, contract.amount_twd - amount_twd)
                fresh = {1: new * 3500 // 10_000, 2: new - new * 3500 // 10_000}
                return changes.reduce_amount(contract, self.new("change"), new, fresh)
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
