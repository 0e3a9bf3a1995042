"""RegisterCase: a case that enters the line at the award or at the contract (docs: pack-format).

The rows are declared as dataclasses, so that every wrong field is named with its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command

_CASE = "6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10"
_CALL = "0b2f4f6a-7a0e-5a2e-8a64-0d6c2b1f9c11"
_UBN = "12345676"
_NUMBER = "^[0-9]{8}$"
_NAME = "共好資訊股份有限公司"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """One party of a joint case, with its share: total = subsidy + own funds."""

    ubn: str = arg("統一編號", "business number", _UBN, pattern=_NUMBER)
    name: str = arg("單位全名", "legal name", _NAME, max_length=200)
    lead: bool = arg("主導單位", "leads", True)
    total_twd: int = arg("總經費(元)", "total, NT$", 2_500_000, minimum=0)
    subsidy_twd: int = arg("補助款(元)", "subsidy, NT$", 1_000_000, minimum=0)
    self_twd: int = arg("自籌款(元)", "own funds, NT$", 1_500_000, minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionRow:
    """An opinion of the committee that the contract plan has to answer."""

    id: str = arg("意見編號", "condition id", "c1", max_length=60)
    text: str = arg("意見", "text", "請補充市場驗證方式", max_length=4000)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentRow:
    """An instalment as the source document prints it."""

    no: int = arg("期別", "number, from 1", 1, minimum=1)
    checkpoint: str = arg("查核點", "the checkpoint that makes it payable", "cp1", max_length=60)
    amount_twd: int = arg("金額(元)", "amount, NT$", 1_000_000, minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCase(Command):
    """Register a case that was awarded, or whose contract was signed, outside this system."""

    case_id: UUID = arg("案件編號", "case id", _CASE)
    call_id: UUID = arg("公告編號", "call id", _CALL)
    applicant_ubn: str = arg(
        "申請單位統一編號", "applicant's business number", _UBN, pattern=_NUMBER
    )
    applicant_name: str = arg("申請單位", "applicant", _NAME, max_length=200)
    document_no: str = arg("文號", "number of the source document", "113-2-0001", max_length=120)
    decided_on: date = arg("核定（簽約）日", "day of the award or contract", "2024-12-01")
    total_twd: int = arg("計畫總經費(元)", "total, NT$", 2_500_000, minimum=0)
    approved_twd: int = arg("核定補助款(元)", "approved amount, NT$", 1_000_000, minimum=1)
    execution_start: date = arg("執行起日", "execution from", "2025-01-01")
    execution_end: date = arg("執行迄日", "execution to", "2025-12-31")
    forms: Mapping[str, Any] = arg("表單", "form id -> content", {})
    track: str = arg("類別", "track", "A", default="", max_length=60)
    parties: tuple[PartyRow, ...] = arg(
        "當事人（未填：僅申請單位）",
        "parties; none: the applicant alone",
        [
            {
                "ubn": _UBN,
                "name": _NAME,
                "lead": True,
                "total_twd": 2_500_000,
                "subsidy_twd": 1_000_000,
                "self_twd": 1_500_000,
            }
        ],
        default=(),
    )
    conditions: tuple[ConditionRow, ...] = arg(
        "委員意見", "opinions to be answered", [{"id": "c1", "text": "…"}], default=()
    )
    enterprises: tuple[Mapping[str, Any], ...] = arg(
        "企業名單", "enterprises", [{"ubn": "23456780"}], default=()
    )
    contract_number: str = arg(
        "契約編號（僅以契約進件者）",
        "contract number (entry contract)",
        "",
        default="",
        max_length=60,
    )
    signed_on: date | None = arg(
        "簽約日（僅以契約進件者）", "signed on (entry contract)", None, default=None
    )
    instalments: tuple[InstalmentRow, ...] = arg(
        "各期款（僅以契約進件者；未填：依規則包）",
        "instalments (entry contract); none: those of the pack",
        [],
        default=(),
    )
