"""A desk of finance: the way to every state, for tests that are about what comes after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.finance_events import (
    AMOUNT,
    APPLICANT,
    CALL,
    CASE,
    CHECKER,
    MAKER,
    NUMBER,
    OFFICER,
    UBN,
    file_opened,
    named,
    plan_submitted,
)
from tests.support.finance_in_process import InProcess


class Desk(InProcess):
    """Steps of a case that stands in most tests: two instalments of one contract."""

    def select(self) -> None:
        """review selected the proposal on 2023-04-06."""
        opened = file_opened()
        rows = [dict(row) for row in opened.enterprises]
        self.hear(
            "review",
            "ProposalSelected",
            "2023-04-06",
            case_id=str(CASE),
            case_number=NUMBER,
            call_id=str(CALL),
            programme_id="coprosperity-112",
            pack_digest=self.digest,
            applicant_ubn=UBN,
            applicant_name=opened.applicant_name,
            track="POP",
            tier="A",
            cap_twd=AMOUNT,
            approved_count=2,
            approved_twd=AMOUNT,
            enterprises=rows,
            letters=list(opened.letters),
            conditions=[dict(c) for c in opened.conditions],
            forms=dict(opened.forms),
            announced_on="2023-04-06",
            decided_by={},
        )

    def plan(self, day: str = "2023-04-14", **changes: Any) -> Mapping[str, Any]:
        """The applicant's contract plan."""
        plan = plan_submitted()
        payload = {
            "amount_twd": plan.amount_twd,
            "enterprise_count": plan.enterprise_count,
            "answers": [dict(row) for row in plan.answers],
            "usage_standard": dict(plan.usage_standard or {}),
            "execution_start": "2023-04-06",
            "execution_end": "2023-11-30",
            "valid_to": "2023-12-31",
            "payee_ubn": UBN,
            "can_issue_invoice": True,
        }
        return self.do("SubmitContractPlan", APPLICANT, day, **{**payload, **changes})

    def sign(self) -> None:
        """Selected, planned and signed on 2023-04-18."""
        self.select()
        self.plan()
        self.do(
            "SignContract",
            OFFICER,
            "2023-04-18",
            contract_number="112-1",
            exclusions_checked_on="2023-04-17",
        )

    def pass_checkpoint(self, no: int = 1, day: str = "2023-07-26", **changes: Any) -> None:
        """monitoring passed checkpoint `no`."""
        data = {
            "case_id": str(CASE),
            "case_number": NUMBER,
            "checkpoint": f"cp{no}",
            "progress_bp": 3500,
            "passed_on": day,
            "usage_records": True,
            "letters": ["11111111", "22222222"],
            "decided_by": {},
        }
        self.hear("monitoring", "CheckpointPassed", day, **{**data, **changes})

    def claim(self, no: int = 1, day: str = "2023-07-28", **changes: Any) -> Mapping[str, Any]:
        """The applicant's claim of instalment `no`."""
        payload = {
            "claim_id": named(f"claim-{no}"),
            "instalment_no": no,
            "amount_twd": 525_000 if no == 1 else AMOUNT - 525_000,
            "invoice_number": f"AB1234567{no}",
            "invoice_on": day,
            "seller_ubn": UBN,
            "buyer": "中華民國資訊軟體協會",
            "attachments": [
                {"kind": "request-voucher", "document": "a"},
                {"kind": "usage-log", "document": "b"},
                {"kind": "result-report", "document": "c"},
            ],
        }
        return self.do("SubmitClaim", APPLICANT, day, **{**payload, **changes})

    def pay(self, no: int = 1, day: str = "2023-08-10", name: str = "") -> None:
        """Prepared by Mia, approved by Carl, paid, all on that day."""
        disbursement, payment = named(f"disbursement-{no}{name}"), named(f"payment-{no}{name}")
        answer = self.do(
            "PrepareDisbursement",
            MAKER,
            day,
            disbursement_id=disbursement,
            claim_id=named(f"claim-{no}"),
            amount_twd=525_000 if no == 1 else AMOUNT - 525_000,
            payee_account="004-1",
        )
        self.do(
            "ApproveDisbursement",
            CHECKER,
            day,
            disbursement_id=disbursement,
            digest=answer["digest"],
        )
        self.do(
            "ConfirmPayment",
            MAKER,
            day,
            payment_id=payment,
            disbursement_id=disbursement,
            paid_on=day,
            bank_reference=f"B-{no}{name}",
        )

    def pay_first(self) -> None:
        """Signed, checkpoint 1 passed, claimed and paid."""
        self.sign()
        self.pass_checkpoint()
        self.claim()
        self.pay()
