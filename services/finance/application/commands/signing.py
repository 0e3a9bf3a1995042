"""Commands from the selection to the signed contract, and those that change or close it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.finance.application.commands.fields import CASE, ID, UBN, case, reason
from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBudget(Command):
    """Reaction to intake.CallPublished."""

    call_id: UUID = arg("公告編號", "call id", ID)
    programme_id: str = arg("計畫", "programme", "example-1")
    pack_digest: str = arg("規則包摘要", "pack digest", "0" * 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenContractFile(Command):
    """Reaction to review.ProposalSelected, and to intake.CaseRegistered of entry award."""

    case_id: UUID = case()
    case_number: str = arg("案號", "case number", "EX-0001")
    call_id: UUID = arg("公告編號", "call id", ID)
    programme_id: str = arg("計畫", "programme", "example-1")
    pack_digest: str = arg("規則包摘要", "pack digest", "0" * 64)
    applicant_ubn: str = arg("統一編號", "business number", UBN)
    applicant_name: str = arg("單位全名", "legal name", "共好資訊股份有限公司")
    track: str = arg("類別", "track", "A")
    approved_count: int = arg("核定家數", "approved number", 50, minimum=0)
    approved_twd: int = arg("核定金額(元)", "approved amount, NT$", 1500000, minimum=1)
    enterprises: tuple[Row, ...] = arg("企業", "enterprises", [{"ubn": UBN}])
    letters: tuple[str, ...] = arg("意向書", "letters", [UBN])
    conditions: tuple[Row, ...] = arg("委員意見", "conditions", [{"id": "c1", "text": "…"}])
    forms: Row = arg("核定表單", "approved forms", {})
    announced_on: date = arg("公告結果日", "announced on", "2023-04-06")
    parties: tuple[Row, ...] = arg("當事人", "parties", [], default=())
    execution_start: date | None = arg("執行起日", "execution from", None, default=None)
    execution_end: date | None = arg("執行迄日", "execution to", None, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopContractFile(Command):
    """Reaction to review.SelectionRevoked: a finding, when the contract is signed already."""

    case_id: UUID = case()
    finding_id: UUID = arg("查證編號", "finding id", ID)
    reason: str = reason()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteContractLetter(Command):
    """Reaction to intake.ProposalSupplemented (a verified letter of intent)."""

    case_id: UUID = case()
    ubn: str = arg("企業統一編號", "enterprise's number", UBN)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitContractPlan(Command):
    """Hand in the contract plan (簽約計畫書)."""

    case_id: UUID = case()
    amount_twd: int = arg("契約金額(元)", "contract amount, NT$", 1500000, minimum=1)
    enterprise_count: int = arg("輔導家數", "number of enterprises", 50, minimum=0)
    answers: tuple[Row, ...] = arg(
        "委員意見回復",
        "answers: condition, status (accepted or explained), text",
        [{"condition": "c1", "status": "accepted", "text": "已納入計畫"}],
    )
    usage_standard: Row | None = arg(
        "協議約定之常態流量標準",
        "agreed usage standard",
        {
            "service_item": "POS",
            "record_kinds": ["LOGIN"],
            "minimum": 5,
            "cycle": "WEEK",
            "total": 30000,
        },
    )
    execution_start: date = arg("輔導起日", "execution starts", "2023-04-06")
    execution_end: date = arg("輔導迄日", "execution ends", "2023-11-30")
    valid_to: date = arg("契約有效迄日", "contract valid to", "2023-12-31")
    payee_ubn: str = arg("受款人統一編號", "payee's number", UBN)
    can_issue_invoice: bool = arg("可開立統一發票", "able to issue uniform invoices", True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendSigning(Command):
    """Extend the signing window, once."""

    case_id: UUID = case()
    reason: str = reason()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindSigning(Command):
    """Timer: the written reminder before the window ends."""

    case_id: UUID = case()


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSigningWindow(Command):
    """Timer: the window has passed."""

    case_id: UUID = case()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignContract(Command):
    """Both parties have signed."""

    case_id: UUID = case()
    contract_number: str = arg("契約編號", "contract number", "112-共好-0001", max_length=60)
    invoice_clarification: str | None = arg(
        "統一發票釐清說明", "how invoicing was clarified", None, default=None, max_length=500
    )
    exclusions_checked_on: date | None = arg(
        "簽約前排除查核日", "exclusions looked up again on", "2023-04-17", default=None
    )
    excluded_ubns: tuple[str, ...] = arg(
        "查得應排除之企業", "enterprises found to be excluded", [], default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseSelection(Command):
    """The selection lapses: not signed in time, in spite of the reminder."""

    case_id: UUID = case()
    reason: str = reason()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyPlanChange(Command):
    """Reaction to monitoring.PlanChangeApproved."""

    case_id: UUID = case()
    change_id: UUID = arg("變更編號", "change id", ID)
    amount_twd: int = arg("變更後金額(元)", "new amount, NT$", 1400000, minimum=0)
    removed_ubns: tuple[str, ...] = arg("減列企業", "enterprises taken out", [UBN], default=())
    added: tuple[Row, ...] = arg("增列企業", "enterprises added", [{"ubn": UBN}], default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonContract(Command):
    """Give up the project (放棄), with proof where force majeure is claimed."""

    case_id: UUID = arg("案件編號", "case id", CASE)
    reason: str = reason()
    force_majeure_claimed: bool = arg("主張不可抗力", "claims force majeure", False)
    proofs: tuple[Row, ...] = arg(
        "證明", "proofs: kind, document", [{"kind": "media-report", "document": "剪報.pdf"}]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideForceMajeure(Command):
    """Decide on a declared abandonment."""

    case_id: UUID = case()
    force_majeure: bool = arg("認定不可抗力", "force majeure", False)
    reason: str = reason()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleContract(Command):
    """Reaction to monitoring.CaseClosed."""

    case_id: UUID = case()
    closed_on: date = arg("結案日", "closed on", "2023-12-20")
