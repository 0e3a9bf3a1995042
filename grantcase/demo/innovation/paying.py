"""The instalments: claim, maker, checker, bank."""

from __future__ import annotations

from grantcase.demo import people
from grantcase.demo.innovation.cast import Cast, Company, Plan
from shared.kernel.ids import derived_id


def pay(cast: Cast, plan: Plan, checkpoint: str, paid_on: str) -> None:
    """Claim, two people, the bank: the instalment of every company."""
    (signed, *_) = cast.events(plan.key, "finance", "ContractSigned")
    due = {
        row["party_ubn"]: row["no"]
        for row in signed["instalments"]
        if row["checkpoint"] == checkpoint
    }
    reviewed = cast.events(plan.key, "finance", "FinanceReviewClosed")
    for company in plan.companies:
        amount_twd = next(
            row["payable_twd"]
            for row in reviewed
            if row["party_ubn"] == company.ubn and row["checkpoint"] == checkpoint
        )
        _pay_one(cast, plan, company, due[company.ubn], amount_twd, paid_on)


def _pay_one(
    cast: Cast, plan: Plan, company: Company, no: int, amount_twd: int, paid_on: str
) -> None:
    ids = {
        name: derived_id("innovation", company.ubn, name, str(no))
        for name in ("claim", "disbursement", "payment")
    }
    cast.do(
        company.actor,
        plan.key,
        "SubmitClaim",
        claim_id=ids["claim"],
        instalment_no=no,
        amount_twd=amount_twd,
        attachments=[],
    )
    made = cast.do(
        people.MAKER,
        plan.key,
        "PrepareDisbursement",
        disbursement_id=ids["disbursement"],
        claim_id=ids["claim"],
        amount_twd=amount_twd,
        payee_account=company.account,
    )
    disbursement = {"disbursement_id": ids["disbursement"]}
    cast.do(people.CHECKER, plan.key, "ApproveDisbursement", **disbursement, digest=made["digest"])
    cast.do(
        people.MAKER,
        plan.key,
        "ConfirmPayment",
        **disbursement,
        payment_id=ids["payment"],
        paid_on=paid_on,
        bank_reference=f"I-{company.ubn}-{no}",
    )
    cast.tell(plan.key, f"{company.short} 撥付 paid: NT${amount_twd:,}")
