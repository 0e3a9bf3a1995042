"""Commands of the clock: reactions to the other services' events, and timers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command

_CASE = "6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10"
_ID = "0b2f4f6a-7a0e-5a2e-8a64-0d6c2b1f9c11"
_UBN = "12345676"


def _case() -> Any:
    return arg("案件編號", "case id", _CASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMonitoring(Command):
    """Reaction to finance.ContractSigned."""

    case_id: UUID = _case()
    case_number: str = arg("案號", "case number", "CP112-0007")
    contract_number: str = arg("契約編號", "contract number", "CP112-0007-C")
    call_id: UUID | None = arg("公告編號", "call id", _ID)
    programme_id: str = arg("計畫", "programme", "example-1")
    pack_digest: str = arg("規則包摘要", "pack digest", "0" * 64)
    applicant_ubn: str = arg("提案單位統編", "applicant's number", _UBN)
    applicant_name: str = arg("提案單位", "applicant", "共好資訊股份有限公司")
    track: str = arg("類型", "track", "POP")
    amount_twd: int = arg("契約金額", "amount, NT$", 1_417_500, minimum=0)
    approved_count: int = arg("核定家數", "approved number", 50, minimum=0)
    enterprises: tuple[Mapping[str, Any], ...] = arg("輔導名單", "enterprises", [{"ubn": _UBN}])
    letters: tuple[str, ...] = arg("意向書", "letters", [_UBN])
    signed_on: date = arg("簽約日", "signed on", "2023-04-20")
    execution_start: date = arg("執行起日", "execution from", "2023-04-01")
    execution_end: date = arg("執行迄日", "execution to", "2023-11-30")
    usage_standard: Mapping[str, Any] = arg(
        "常態流量標準",
        "usage standard",
        {
            "service_item": "預約排程",
            "record_kinds": ["LOGIN"],
            "minimum": 4,
            "cycle": "WEEK",
            "total": 30000,
        },
    )
    forms: Mapping[str, Any] = arg("核定表單", "approved forms", {})
    parties: tuple[Mapping[str, Any], ...] = arg("當事人", "parties", [], default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLetterBase(Command):
    """Reaction to intake.ProposalAccepted: the letters that replacements are measured against."""

    case_id: UUID = _case()
    letters: tuple[str, ...] = arg("意向書", "letters", [_UBN])


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLetter(Command):
    """Reaction to intake.ProposalSupplemented."""

    case_id: UUID = _case()
    ubn: str = arg("企業統一編號", "enterprise's number", _UBN)
    on_file: bool = arg("已存查", "on file", True)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopMonitoring(Command):
    """Reaction to finance.ContractAbandoned, ContractTerminated, ContractRescinded."""

    case_id: UUID = _case()
    outcome: str = arg(
        "結果", "outcome", "terminated", choices=("abandoned", "terminated", "rescinded")
    )
    reason: str = arg("理由", "reason", "違約")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecovery(Command):
    """Reaction to finance.RecoveryDemanded and RecoveryReceived."""

    case_id: UUID = _case()
    recovery_id: UUID = arg("追回編號", "recovery id", _ID)
    outstanding_twd: int = arg("未繳餘額", "still owed, NT$", 0, minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckObligation(Command):
    """Timer: the day after an obligation was due. step is what is then done about it."""

    case_id: UUID = _case()
    obligation: str = arg("義務", "obligation", "CAL-14")
    period: str | None = arg("期別", "period", "2023-06", default=None)
    step: str = arg("處理", "step", "alert", choices=("alert", "reminder", "register"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveCase(Command):
    """Timer: the follow-up period has ended."""

    case_id: UUID = _case()
