"""Commands that other services' events cause: given by the clock, recorded as our own facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.review.application.commands import call, case, track
from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command

_UBN = "12345676"
_ROW = {"ubn": _UBN, "name": "示範美髮沙龍", "employees": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReviewFile(Command):
    """Reaction to intake.ProposalSubmitted."""

    case_id: UUID = case()
    case_number: str = arg("案號", "case number", "CP112-0001")
    call_id: UUID = call()
    programme_id: str = arg("計畫", "programme", "example-1")
    pack_digest: str = arg("規則包摘要", "pack digest", "0" * 64)
    applicant_ubn: str = arg("提案單位統一編號", "applicant's number", _UBN)
    applicant_name: str = arg("提案單位", "applicant", "共好資訊股份有限公司")
    track: str = track()
    enterprise_count: int = arg("家數", "enterprises", 80)
    requested_twd: int = arg("申請金額(元)", "requested, NT$", 1_900_000)
    submitted_at: datetime = arg("送出時間", "submitted at", "2023-03-16T16:59:00.000000+08:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseReviewFile(Command):
    """Reaction to intake.ProposalRejected."""

    case_id: UUID = case()
    reasons: tuple[str, ...] = arg("理由", "reasons", ["CP-TRK-15"])


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReview(Command):
    """Reaction to intake.ProposalAccepted; screened_by is whoever closed the screening."""

    case_id: UUID = case()
    tier: str = arg("級距", "tier", "B")
    cap_twd: int = arg("經費上限(元)", "cap, NT$", 2_000_000)
    requested_twd: int = arg("申請金額(元)", "requested, NT$", 1_900_000)
    enterprises: tuple[Any, ...] = arg("企業名冊", "enterprises", [_ROW])
    letters: tuple[str, ...] = arg("意向書", "letters", [_UBN])
    participant_ubns: tuple[str, ...] = arg("參與單位", "participants", [_UBN])
    tasks: tuple[Any, ...] = arg("待辦", "tasks", [])
    forms: Mapping[str, Any] = arg("表單", "forms", {"F01": {"track": "POP"}})
    screened_by: str = arg("審查人員", "screened by", "screening-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLetter(Command):
    """Reaction to intake.ProposalSupplemented."""

    case_id: UUID = case()
    ubn: str = arg("企業統一編號", "enterprise's number", _UBN)
    verified: bool = arg("是否確認", "verified", True)
    after_grace: bool = arg("逾補件期", "after the grace window", False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLapse(Command):
    """Reaction to finance.ContractForfeited: the selection lapsed."""

    case_id: UUID = case()
    reason: str = arg("理由", "reason", "逾期未簽約")
