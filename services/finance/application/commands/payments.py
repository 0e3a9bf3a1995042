"""Commands of instalments, claims, disbursements and payments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.finance.application.commands.fields import (
    UBN,
    bank_reference,
    case,
    digest,
    money,
    own_id,
    reason,
)
from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeInstalmentPayable(Command):
    """Reaction to monitoring.CheckpointPassed."""

    case_id: UUID = case()
    checkpoint: str = arg("查核點", "checkpoint", "cp1")
    passed_on: date = arg("通過日", "passed on", "2023-07-28")
    usage_records: bool = arg("使用紀錄備齊", "usage records on file", True)
    letters: tuple[str, ...] = arg("意向書", "letters on file", [UBN])
    accepted_by: str = arg("認可人", "who accepted", "officer-1")
    figures: Row | None = arg("查核所得數值", "figures of the decision", None, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldInstalment(Command):
    """Reaction to monitoring.CheckpointFailed."""

    case_id: UUID = case()
    checkpoint: str = arg("查核點", "checkpoint", "cp1")
    reason: str = reason()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitClaim(Command):
    """Request an instalment (請款): request voucher and attachments, with the invoice where the
    programme wants one."""

    case_id: UUID = case()
    claim_id: UUID = own_id("請款編號", "claim id, new")
    instalment_no: int = arg("期別", "instalment", 1, minimum=1)
    amount_twd: int = money("請款金額(元)", "amount claimed, NT$")
    invoice_number: str | None = arg(
        "發票號碼", "invoice number", "AB12345678", default=None, max_length=20
    )
    invoice_on: date | None = arg("發票日期", "invoice date", "2023-07-28", default=None)
    seller_ubn: str | None = arg("賣方統一編號", "seller's number", UBN, default=None, max_length=8)
    buyer: str | None = arg("買受人", "buyer", "中華民國資訊軟體協會", default=None, max_length=100)
    attachments: tuple[Row, ...] = arg(
        "附件",
        "attachments: kind, document",
        [
            {"kind": "request-voucher", "document": "請款憑證.pdf"},
            {"kind": "usage-log", "document": "系統紀錄.pdf"},
            {"kind": "result-report", "document": "成果報告.pdf"},
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnClaim(Command):
    """Send a claim back; the applicant claims anew with another invoice."""

    case_id: UUID = case()
    claim_id: UUID = own_id("請款編號", "claim id")
    reason: str = reason()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareDisbursement(Command):
    """The maker prepares a payment of a claim."""

    case_id: UUID = case()
    disbursement_id: UUID = own_id("撥款編號", "disbursement id, new")
    claim_id: UUID = own_id("請款編號", "claim id")
    amount_twd: int = money("撥款金額(元)", "amount to pay, NT$")
    payee_account: str = arg("受款帳戶", "payee's account", "004-123456789012", max_length=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDisbursement(Command):
    """Change a disbursement that is not paid; an approval is void."""

    case_id: UUID = case()
    disbursement_id: UUID = own_id("撥款編號", "disbursement id")
    amount_twd: int = money("撥款金額(元)", "amount to pay, NT$")
    payee_account: str = arg("受款帳戶", "payee's account", "004-123456789012", max_length=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveDisbursement(Command):
    """The checker approves exactly the digest that PrepareDisbursement answered."""

    case_id: UUID = case()
    disbursement_id: UUID = own_id("撥款編號", "disbursement id")
    digest: str = digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPayment(Command):
    """The bank has paid."""

    case_id: UUID = case()
    payment_id: UUID = own_id("付款編號", "payment id, new")
    disbursement_id: UUID = own_id("撥款編號", "disbursement id")
    paid_on: date = arg("付款日", "paid on", "2023-08-10")
    bank_reference: str = bank_reference()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBankReturn(Command):
    """The bank sent a payment back."""

    case_id: UUID = case()
    payment_id: UUID = own_id("付款編號", "payment id")
    returned_on: date = arg("退匯日", "returned on", "2023-08-12")
    reason: str = reason()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversePayment(Command):
    """The maker says that a payment was wrong."""

    case_id: UUID = case()
    payment_id: UUID = own_id("付款編號", "payment id")
    reason: str = reason()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveReversal(Command):
    """The checker agrees; the money is a receivable until it is back."""

    case_id: UUID = case()
    payment_id: UUID = own_id("付款編號", "payment id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReversal(Command):
    """The money of a wrong payment came back."""

    case_id: UUID = case()
    payment_id: UUID = own_id("付款編號", "payment id")
    bank_reference: str = bank_reference()
