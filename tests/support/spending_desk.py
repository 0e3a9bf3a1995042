"""A desk of finance over the invented programme of the money: signed contracts of one party or of
three, vouchers that give a wanted share, the finance review, the money back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.spending import Spending
from shared.kernel.envelope import Actor, Command
from shared.programmes.compiled import CompiledPack
from shared.programmes.pack import load_pack
from tests.support.finance_events import (
    CASE,
    CHECKER,
    MAKER,
    OFFICER,
    UBN,
    at,
    file_opened,
    named,
    signed,
)
from tests.support.finance_in_process import InProcess

FOLDER = Path(__file__).parents[1] / "programmes" / "packs" / "spending"
B, C = "23456781", "34567896"
LINES = ("staff", "goods", "adverts")
SIGNED_ON = date(2024, 9, 25)


@cache
def kites() -> CompiledPack:
    """The invented programme."""
    return CompiledPack(load_pack(FOLDER))


def of(ubn: str) -> Actor:
    """Somebody of that party."""
    return Actor(id=f"user-{ubn}", roles=("applicant",), organisation=ubn)


def party(
    ubn: str, subsidy_twd: int, self_twd: int | None = None, lead: bool = False
) -> dict[str, Any]:
    """A row of `parties`; own money as much as the subsidy unless said otherwise."""
    own = subsidy_twd if self_twd is None else self_twd
    money = {"total_twd": subsidy_twd + own, "subsidy_twd": subsidy_twd, "self_twd": own}
    return {"ubn": ubn, "name": f"單位{ubn}", "lead": lead, **money}


def budget(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All money of each party in the line `goods`, halves in both years; nothing for adverts."""
    lines = []
    for row in rows:
        subsidy, own = row["subsidy_twd"], row["self_twd"]
        lines.append(
            {
                "ubn": row["ubn"],
                "line": "goods",
                "y1_subsidy_twd": subsidy // 2,
                "y1_self_twd": own // 2,
                "y2_subsidy_twd": subsidy - subsidy // 2,
                "y2_self_twd": own - own // 2,
            }
        )
    return lines


class SpendingDesk(InProcess):
    """Contracts of the invented programme."""

    def __init__(self, compiled: CompiledPack | None = None) -> None:
        super().__init__(compiled or kites())

    def seed(
        self,
        rows: Sequence[Mapping[str, Any]],
        forms: Mapping[str, Any] | None = None,
        *,
        alone: bool = False,
    ):
        """A contract of these parties, signed on 2024-09-25; ceilings are the pack's halves. alone:
        as a programme knows it that has no parties, only the applicant."""
        total = sum(row["subsidy_twd"] for row in rows)
        held = {"K01": budget(rows)} if forms is None else forms
        given = {
            "pack_digest": self.digest,
            "programme_id": self.pack.pack.id,
            "enterprises": (),
            "enterprise_ubns": (),
            "letters": (),
            "conditions": (),
        }
        file = file_opened(
            **given,
            approved_twd=total,
            forms=held,
            parties=() if alone else tuple(rows),
            signing_due_on=SIGNED_ON,
        )
        del given["enterprise_ubns"], given["conditions"]
        contract = signed(
            total,
            0,
            **given,
            forms=held,
            parties=() if alone else tuple(rows),
            instalments=tuple(_of_nobody(ceilings(rows)) if alone else ceilings(rows)),
            signed_on=SIGNED_ON,
            execution_start=date(2024, 7, 1),
            execution_end=date(2025, 4, 30),
        )
        command = Command(
            command_id=named("seed"), actor=OFFICER, received_at=at(SIGNED_ON.isoformat())
        )
        with self.units.begin() as unit:
            unit.streams.append(
                "contract", CASE, (file, contract), expected_version=0, caused_by=command, case=CASE
            )
            unit.commit()

    def pass_checkpoint(self, checkpoint: str, day: str, **figures: int) -> None:
        """monitoring passed it."""
        self.hear(
            "monitoring",
            "CheckpointPassed",
            day,
            case_id=str(CASE),
            case_number="CP112-0001",
            checkpoint=checkpoint,
            progress_bp=5000,
            passed_on=day,
            usage_records=False,
            letters=[],
            decided_by={"values": figures},
        )

    def spend(self, name: str, on: str, net_twd: int, ubn: str = UBN, day: str = "", **other: Any):
        """One voucher of that net, handed in and accepted; what the audit answered."""
        day = day or on
        self.hand_in(name, on, net_twd, ubn, day, **other)
        return self.audit(name, day)

    def hand_in(self, name: str, on: str, net_twd: int, ubn: str, day: str, **other: Any):
        """One voucher, in a batch of its own."""
        row = {
            "voucher_id": str(named(name)),
            "line": "goods",
            "voucher_on": on,
            "item_name": "竹",
            "gross_twd": net_twd,
            "claimed_twd": net_twd,
            "stamped": True,
        }
        batch = {"batch_id": named(f"batch-{name}"), "party_ubn": ubn}
        return self.do("SubmitVouchers", of(ubn), day, **batch, vouchers=[{**row, **other}])

    def audit(self, name: str, day: str, outcome: str = "accept", again: str = "", **other: Any):
        """The audit of one voucher; its line."""
        line = {"voucher_id": str(named(name)), "outcome": outcome, **other}
        ids = {"batch_id": named(f"batch-{name}"), "audit_id": named(f"audit-{name}{again}")}
        return self.do("AuditVouchers", MAKER, day, **ids, lines=[line])["lines"][0]

    def review(self, checkpoint: str, day: str, ubn: str | None = UBN, **other: Any):
        """Close the finance review of a party."""
        given = {
            "review_id": named(f"review-{checkpoint}-{ubn}"),
            "checkpoint": checkpoint,
            "party_ubn": ubn,
            "cut_off_on": day,
        }
        return self.do("CloseFinanceReview", MAKER, day, **{**given, **other})

    def pay(self, no: int, amount_twd: int, day: str, ubn: str = UBN) -> None:
        """Claimed by the party, prepared, approved, paid."""
        ids = {"claim_id": named(f"claim-{no}")}
        self.do("SubmitClaim", of(ubn), day, **ids, **claim(no, amount_twd))
        made = {"disbursement_id": named(f"disbursement-{no}")}
        answer = self.do(
            "PrepareDisbursement", MAKER, day, **ids, **made, amount_twd=amount_twd,
            payee_account="004-1",
        )  # fmt: skip
        self.do("ApproveDisbursement", CHECKER, day, **made, digest=answer["digest"])
        paid = {"payment_id": named(f"payment-{no}"), "paid_on": day, "bank_reference": f"B-{no}"}
        self.do("ConfirmPayment", MAKER, day, **made, **paid)

    def recover(self, recovery_id: str, amount_twd: int, day: str) -> None:
        """Demanded by two people and received whole."""
        ids = {"recovery_id": recovery_id}
        demand = self.do(
            "DemandRecovery", MAKER, day, **ids, amount_twd=amount_twd, account="004-9"
        )
        self.do("ApproveRecovery", CHECKER, day, **ids, digest=demand["digest"])
        back = {"received_on": day, "bank_reference": f"R-{recovery_id}"}
        self.do("ReceiveRecovery", MAKER, day, **ids, amount_twd=amount_twd, **back)

    def balance(self, as_of: str | None = None) -> Mapping[str, int]:
        """The books of the case."""
        sums: Mapping[str, int] = self.query("balances", case_id=str(CASE), as_of=as_of)
        assert sums["trial_twd"] == 0
        return sums

    @property
    def spending(self) -> Spending:
        """The spending as it stands."""
        with self.units.begin() as unit:
            return unit.streams.load(Spending, "spending", CASE)[0]

    def of_type(self, kind: type) -> list[Any]:
        """Events of one type of the contract."""
        return [r.event for r in self.history() if isinstance(r.event, kind)]


def ceilings(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Two instalments of each party, the lead first, numbered through."""
    first = [("interim", row["ubn"], row["subsidy_twd"] // 2) for row in rows]
    second = [("final", r["ubn"], r["subsidy_twd"] - r["subsidy_twd"] // 2) for r in rows]
    return [
        {"no": no, "checkpoint": checkpoint, "amount_twd": amount, "party_ubn": ubn}
        for no, (checkpoint, ubn, amount) in enumerate((*first, *second), 1)
    ]


def _of_nobody(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k != "party_ubn"} for row in rows]


def claim(no: int, amount_twd: int) -> dict[str, Any]:
    """A claim without an invoice."""
    voucher = [{"kind": "request-voucher", "document": "a"}]
    return {"instalment_no": no, "amount_twd": amount_twd, "attachments": voucher}


def id_of(recovery: e.RecoveryOpened) -> UUID:
    """Its id."""
    return recovery.recovery_id
