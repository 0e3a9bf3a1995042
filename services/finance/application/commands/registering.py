"""RegisterContract: the contract of a case that enters the line signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.finance.application.commands.fields import ID, UBN, case
from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterContract(Command):
    """Reaction to intake.CaseRegistered of a programme that is entered at the contract."""

    case_id: UUID = case()
    case_number: str = arg("案號", "case number", "EX-0001")
    call_id: UUID = arg("公告編號", "call id", ID)
    programme_id: str = arg("計畫", "programme", "example-1")
    pack_digest: str = arg("規則包摘要", "pack digest", "0" * 64)
    applicant_ubn: str = arg("統一編號", "business number", UBN)
    applicant_name: str = arg("單位全名", "legal name", "共好資訊股份有限公司")
    track: str = arg("類別", "track", "A")
    contract_number: str = arg("契約編號", "contract number", "110-0001")
    signed_on: date = arg("簽約日", "signed on", "2021-06-01")
    execution_start: date = arg("執行起日", "execution from", "2021-06-01")
    execution_end: date = arg("執行迄日", "execution to", "2022-05-31")
    amount_twd: int = arg("契約金額(元)", "amount, NT$", 1_000_000, minimum=1)
    parties: tuple[Row, ...] = arg("當事人", "parties", [], default=())
    enterprises: tuple[Row, ...] = arg("企業", "enterprises", [{"ubn": UBN}], default=())
    instalments: tuple[Row, ...] = arg(
        "各期款（未填：依規則包）", "instalments; none: those of the pack", [], default=()
    )
    conditions: tuple[Row, ...] = arg("委員意見", "conditions", [], default=())
    forms: Row = arg("表單", "forms of the contract", {})
