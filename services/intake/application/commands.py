"""Commands of intake. Payload fields are declared once: type, label, example (kernel arg).

Longer than a page: every command of intake stands here with its fields.
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


def _case() -> Any:
    return arg("案件編號", "case id", _CASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPack(Command):
    """Put a programme version in force."""

    document: Mapping[str, Any] = arg(
        "規則包", "the parsed pack", {"id": "example-1", "version": 1}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCall(Command):
    """Publish a call of a pack version."""

    call_id: UUID = arg("公告編號", "call id", _CALL)
    code: str = arg("梯次", "call code", "112-1", max_length=40)
    pack_digest: str = arg("規則包摘要", "pack digest", "0" * 64, pattern="^[0-9a-f]{64}$")
    title: Mapping[str, str] = arg("名稱", "title", {"zh-Hant": "第一梯次", "en": "First call"})
    parameters: Mapping[str, Any] = arg(
        "參數", "call parameters", {"opens_at": "2023-02-17T17:00:00.000000+08:00"}
    )
    cites: tuple[str, ...] = arg("引用文件", "documents cited", ["FL036659"], default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterApplicant(Command):
    """Register the actor's organisation."""

    ubn: str = arg("統一編號", "business number", _UBN, pattern="^[0-9]{8}$")
    name: str = arg("單位全名", "legal name", "共好資訊股份有限公司", max_length=200)
    contact_name: str = arg("聯絡人", "contact person", "王小明", max_length=100)
    contact_email: str = arg("電子郵件", "e-mail", "ming@example.com", max_length=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDraft(Command):
    """Open a draft in a call; the case gets its number."""

    case_id: UUID = _case()
    call_id: UUID = arg("公告編號", "call id", _CALL)
    applicant_ubn: str = arg(
        "提案單位統一編號", "applicant's business number", _UBN, pattern="^[0-9]{8}$"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveForm(Command):
    """Save one form of the draft as a whole."""

    case_id: UUID = _case()
    form: str = arg("表單代碼", "form id", "F01")
    content: Any = arg("內容", "content: an object, or a list for a table", {"track": "POP"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTable(Command):
    """Import a repeatable form or group from .xlsx or CSV; the whole table is replaced."""

    case_id: UUID = _case()
    table: str = arg("表格代碼", "table: a form, or form.group", "F19", max_length=200)
    file_name: str = arg("檔名", "file name", "F19.csv", max_length=255)
    file_base64: str = arg("檔案(base64)", "file, base64", "57Wx57eoLOWFrOWPuOWQjeeosQo=")


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadDocument(Command):
    """Hand in a file; the server measures size, type, pages and hash."""

    case_id: UUID = _case()
    kind: str = arg("文件種類", "document kind", "proposal")
    file_name: str = arg("檔名", "file name", "提案計畫書_共好資訊.pdf", max_length=255)
    file_base64: str = arg("檔案(base64)", "file, base64", "JVBERi0xLjQK")
    party: str | None = arg("文件所屬", "whose document", None, default=None)
    owner_ubn: str | None = arg("所屬統一編號", "owner's number", None, default=None)
    about: str | None = arg("所屬方案", "the solution it is about", None, default=None)
    period: str | None = arg("期別", "period", None, default=None)
    issued_on: date | None = arg("文件核發日", "day of issue", None, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDraft(Command):
    """What submitting would say now; nothing is stored, nothing is submitted."""

    case_id: UUID = _case()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitProposal(Command):
    """Submit. received_at, stamped by the edge, decides about the window."""

    case_id: UUID = _case()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachLetter(Command):
    """Attach an enterprise's letter of intent."""

    case_id: UUID = _case()
    content: Mapping[str, Any] = arg("意向書內容", "the letter's form", {"ubn": _UBN})
    file_name: str | None = arg("檔名", "file name", None, default=None, max_length=255)
    file_base64: str | None = arg("掃描檔(base64)", "scan, base64", None, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyLetter(Command):
    """An officer's verdict on a letter."""

    case_id: UUID = _case()
    ubn: str = arg("企業統一編號", "enterprise's number", _UBN)
    verified: bool = arg("是否確認", "verified", True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLookup(Command):
    """Note what a public register says of enterprises, the same of each, with the day of it."""

    case_id: UUID = _case()
    ubns: tuple[str, ...] = arg("企業統一編號", "enterprises' numbers", [_UBN])
    content: Mapping[str, Any] = arg(
        "查詢結果", "result, as the moment `screen` declares it", {"outcome": "none"}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordScreeningCheck(Command):
    """Answer one check of the screening."""

    case_id: UUID = _case()
    check: str = arg("檢核規則", "the rule checked", "CP-DOC-22")
    outcome: str = arg("結果", "outcome", "ok", choices=("ok", "fail", "open"))
    note: str = arg("說明", "note", "", default="", max_length=2000)
    ubn: str | None = arg("企業統一編號", "enterprise concerned", None, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseScreening(Command):
    """End the screening: the rules decide between accepted and not accepted."""

    case_id: UUID = _case()


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseDraft(Command):
    """Timer: the submission window has closed."""

    case_id: UUID = _case()


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseLetters(Command):
    """Timer: the grace window for letters has closed."""

    case_id: UUID = _case()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterBar(Command):
    """Reaction to finance.ApplicantBarred."""

    bar_id: UUID = arg("停權編號", "bar id", _CALL)
    ubn: str = arg("統一編號", "business number", _UBN)
    programme_id: str = arg("計畫", "programme", "example-1")
    decided_on: date = arg("決定日", "decided on", "2023-06-10")
    until: date = arg("末日", "last barred day", "2025-06-10")
    reason: str = arg("理由", "reason", "放棄執行")
    years_roc: tuple[int, ...] = arg(
        "所指年度（民國）", "programme years it is about, if not every day", [], default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftRegisteredBar(Command):
    """Reaction to finance.BarLifted."""

    bar_id: UUID = arg("停權編號", "bar id", _CALL)
    ubn: str = arg("統一編號", "business number", _UBN)
    reason: str = arg("理由", "reason", "撤銷")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueInterpretation(Command):
    """The executing body's reading of a rule."""

    programme_id: str = arg("計畫", "programme", "example-1", pattern="^[a-z0-9-]+$")
    number: str = arg("文號", "number", "112-解-001")
    issued_on: date = arg("日期", "date", "2023-03-01")
    text: str = arg("內容", "text", "…", max_length=4000)
    rules: tuple[str, ...] = arg("規則", "rule ids", ["CP-CALL-12"])


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseSubject(Command):
    """Destroy a data subject's key, in every service, unless a legal hold stands."""

    subject_id: str = arg(
        "當事人代號", "subject id", "s-1", pattern="^[A-Za-z0-9_.:-]+$", max_length=64
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyKey(Command):
    """Timer: the key of an erased subject, should a crash have kept it."""

    subject_id: str = arg(
        "當事人代號", "subject id", "s-1", pattern="^[A-Za-z0-9_.:-]+$", max_length=64
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCaseEnded(Command):
    """Reaction: the case is over (not selected, waived, not signed, archived)."""

    case_id: UUID = _case()
    how: str = arg("原因", "the event that ended it", "FollowUpCompleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCaseResumed(Command):
    """Reaction to review.ProposalSelected: a reserve may have been called up."""

    case_id: UUID = _case()
