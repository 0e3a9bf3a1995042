"""Third act, the money: contracts signed, instalments claimed, prepared, approved and paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grantcase.demo import people, proposals
from grantcase.demo.proposing import Stage
from grantcase.demo.script import Script
from shared.kernel.ids import derived_id

PROMISED_USES = 30_000
STANDARD = {
    "service_item": "預約排程",
    "record_kinds": ["LOGIN", "INTERACTION"],
    "minimum": 4,
    "cycle": "WEEK",
    "total": PROMISED_USES,
}
_BUYER = "中華民國資訊軟體協會"


def sign(script: Script, stage: Stage, key: str, number: int) -> None:
    """The contract plan answers every condition; both parties sign."""
    proposal = proposals.BY_KEY[key]
    row = selected(script, stage, key)
    script.do(
        people.applicant(proposal.ubn),
        "SubmitContractPlan",
        case_id=stage.case(key),
        amount_twd=row["approved_twd"],
        enterprise_count=row["approved_count"],
        answers=[{"condition": "C1", "status": "accepted", "text": "續約享九折並持續輔導"}],
        usage_standard=STANDARD,
        execution_start="2023-04-06",
        execution_end="2023-11-30",
        valid_to="2024-01-31",
        payee_ubn=proposal.ubn,
        can_issue_invoice=True,
    )
    script.do(
        people.OFFICER,
        "SignContract",
        case_id=stage.case(key),
        contract_number=f"112-共好-{number:04d}",
        exclusions_checked_on="2023-04-12",
    )
    script.tell(f"{stage.numbers[key]} 簽約 signed: NT${row['approved_twd']:,}")


def pay(script: Script, stage: Stage, key: str, no: int, invoice: str, day: str) -> int:
    """Claim with invoice, maker, checker, payment; the NT$ paid."""
    case_id, proposal = stage.case(key), proposals.BY_KEY[key]
    amount = _instalment(script, stage, key, no)
    ids = {name: derived_id("demo", key, name, no) for name in ("claim", "pay", "bank")}
    script.do(
        people.applicant(proposal.ubn),
        "SubmitClaim",
        case_id=case_id,
        claim_id=ids["claim"],
        instalment_no=no,
        amount_twd=amount,
        invoice_number=invoice,
        invoice_on=day,
        seller_ubn=proposal.ubn,
        buyer=_BUYER,
        attachments=[
            {"kind": "request-voucher", "document": "請款憑證.pdf"},
            {"kind": "usage-log", "document": "系統紀錄.pdf"},
            {"kind": "result-report", "document": "成果報告.pdf"},
        ],
    )
    prepared = script.do(
        people.MAKER,
        "PrepareDisbursement",
        case_id=case_id,
        disbursement_id=ids["pay"],
        claim_id=ids["claim"],
        amount_twd=amount,
        payee_account="004-123456789012",
    )
    script.do(
        people.CHECKER,
        "ApproveDisbursement",
        case_id=case_id,
        disbursement_id=ids["pay"],
        digest=prepared["digest"],
    )
    script.do(
        people.MAKER,
        "ConfirmPayment",
        case_id=case_id,
        payment_id=ids["bank"],
        disbursement_id=ids["pay"],
        paid_on=script.backend.now().date(),
        bank_reference=f"{day}-{key}-{no}",
    )
    script.tell(f"{stage.numbers[key]} 撥付第 {no} 期 instalment {no} paid: NT${amount:,}")
    return amount


def selected(script: Script, stage: Stage, key: str) -> Mapping[str, Any]:
    """The row of the review that selected the proposal: approved number, amount."""
    number = stage.numbers[key]
    rows = script.backend.query("review", "reviews")
    return next(row for row in rows if row["case_number"] == number)


def _instalment(script: Script, stage: Stage, key: str, no: int) -> int:
    events = script.backend.query("finance", "case_events", case_id=str(stage.case(key)))
    signed = next(event for event in events if event["type"] == "ContractSigned")
    amount: int = next(i["amount_twd"] for i in signed["data"]["instalments"] if i["no"] == no)
    return amount
