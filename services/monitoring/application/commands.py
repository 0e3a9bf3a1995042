"""Commands of monitoring. Payload fields are declared once: type, label, example (kernel arg).

One page more than usual: every command people may give stands here with its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.monitoring.domain.rows import (
    AdoptionRow,
    AssessmentRow,
    EvidenceFile,
    FollowUpRow,
    KpiActual,
    VisitRow,
)
from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command

EXAMPLE_CASE = "6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10"
_ID = "0b2f4f6a-7a0e-5a2e-8a64-0d6c2b1f9c11"
_UBN = "12345676"
_TEXT = 4000


def _case() -> Any:
    return arg("案件編號", "case id", EXAMPLE_CASE)


def _checkpoint() -> Any:
    return arg("查核點", "checkpoint", "cp1", max_length=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdoption(Command):
    """Enterprises activated their accounts; after the programme's date they are late."""

    case_id: UUID = _case()
    adoptions: tuple[AdoptionRow, ...] = arg(
        "導入紀錄",
        "adoptions",
        [
            {
                "ubn": _UBN,
                "solution": "美業預約雲",
                "version": "1.0",
                "account": "acc-0001",
                "activated_at": "2023-06-01T10:00:00+08:00",
                "evidence": [{"kind": "screenshot", "reference": "acc-0001.png"}],
            }
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmitLateAdoption(Command):
    """Count an enterprise that adopted late, by decision."""

    case_id: UUID = _case()
    ubn: str = arg("企業統一編號", "enterprise's number", _UBN)
    reason: str = arg("理由", "reason", "系統商開通延誤，非企業因素", max_length=_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCounselling(Command):
    """Counselling records (輔導紀錄單)."""

    case_id: UUID = _case()
    visits: tuple[VisitRow, ...] = arg(
        "輔導紀錄",
        "visits",
        [
            {
                "ubn": _UBN,
                "held_on": "2023-06-12",
                "start": "14:00",
                "end": "16:00",
                "mode": "ON_SITE",
                "place": "店內",
                "consultant_id": "staff-3",
                "topic": "預約排程",
                "content": "設定營業時段並教學",
                "photos": ["visit-1.jpg"],
                "confirmed": True,
            }
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordActivity(Command):
    """An activity, film or analysis with its evidence; kinds are the programme's."""

    case_id: UUID = _case()
    activity_id: UUID = arg("活動編號", "activity id", _ID)
    kind: str = arg("種類", "kind", "LITERACY", max_length=40)
    title: str = arg("名稱", "title", "雲端預約工具實作工作坊", max_length=200)
    held_on: date = arg("日期", "date", "2023-06-20")
    place: str = arg("地點或連結", "place or link", "臺中市北屯區", max_length=400)
    participants: int = arg("參加人次", "participants", 32, minimum=0)
    attendance: str | None = arg(
        "計畫活動出席",
        "attendance at an event of the programme",
        None,
        default=None,
        choices=("ATTENDED", "EXCUSED", "ABSENT"),
    )
    performer_ubn: str | None = arg("執行單位統編", "unit that did the work", None, default=None)
    evidence: tuple[EvidenceFile, ...] = arg(
        "佐證", "evidence", [{"kind": "agenda", "reference": "agenda-0620.pdf"}]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAssessment(Command):
    """Digital capability assessments, PRE or POST."""

    case_id: UUID = _case()
    assessments: tuple[AssessmentRow, ...] = arg(
        "評量",
        "assessments",
        [
            {
                "ubn": _UBN,
                "phase": "PRE",
                "assessed_at": "2023-05-20T10:00:00+08:00",
                "score_centi": 6200,
            }
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestUsageLog(Command):
    """A usage-log batch. A row: {ubn, solution, kind, actor_side, at, source_id, uses}."""

    case_id: UUID = _case()
    batch_id: UUID = arg("批次編號", "batch id", _ID)
    csp_name: str | None = arg("資服廠商名稱", "provider", "共好雲端股份有限公司", default=None)
    solution_name: str | None = arg("方案名稱", "solution", "美業預約雲", default=None)
    enterprise_name: str | None = arg("企業名稱", "enterprises", "各店如列", default=None)
    time_axis: str | None = arg("X軸時間", "time axis", "2023-06", default=None)
    uses_axis: str | None = arg("Y軸使用次數", "uses axis", "次", default=None)
    plan_file: str | None = arg("使用紀錄規劃檔", "usage-record plan", "plan.pdf", default=None)
    rows: Any = arg(
        "使用紀錄",
        "records",
        [
            {
                "ubn": _UBN,
                "solution": "美業預約雲",
                "kind": "LOGIN",
                "actor_side": "OWNER",
                "at": "2023-06-05T09:12:00+08:00",
                "source_id": "log-1",
                "uses": 1,
            }
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportProgress(Command):
    """One month's actual cumulative progress of work and budget."""

    case_id: UUID = _case()
    month: str = arg("月份", "month", "2023-06", pattern="^[0-9]{4}-(0[1-9]|1[0-2])$")
    work_bp: int = arg("工作累計(萬分之一)", "work", 3000, minimum=0, maximum=10000)
    budget_bp: int = arg("經費累計(萬分之一)", "budget", 2800, minimum=0, maximum=10000)
    note: str = arg("說明", "note", "", default="", max_length=_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCheckpoint(Command):
    """Hand in a checkpoint report: what was reached of each KPI since the start."""

    case_id: UUID = _case()
    checkpoint: str = _checkpoint()
    report: str = arg("報告", "report", "期中報告.pdf", max_length=400)
    actuals: tuple[KpiActual, ...] = arg(
        "績效實績",
        "actuals",
        [{"kpi_code": "B1", "actual_centi": 5000, "evidence": ["企業彙總表"]}],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBriefing(Command):
    """Who gave the briefing at a checkpoint; a delegate needs a reason and prior consent."""

    case_id: UUID = _case()
    checkpoint: str = _checkpoint()
    held_on: date = arg("日期", "date", "2023-07-20")
    presenter: str = arg(
        "簡報人", "presenter", "PROJECT_MANAGER", choices=("PROJECT_MANAGER", "DELEGATE")
    )
    reason: str = arg("代理事由", "reason", "", default="", max_length=_TEXT)
    consent_on: date | None = arg("同意日", "consent given on", None, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCheckpoint(Command):
    """The rules of the checkpoint decide between passed and failed."""

    case_id: UUID = _case()
    checkpoint: str = _checkpoint()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCureNotice(Command):
    """Written notice to cure (限期改善)."""

    case_id: UUID = _case()
    notice_id: UUID = arg("通知編號", "notice id", _ID)
    subject: str = arg("事由", "subject", "使用紀錄未達常態標準", max_length=_TEXT)
    cure_by: date = arg("改善期限", "cure by", "2023-08-15")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPlanChange(Command):
    """Ask for a change of the approved plan."""

    case_id: UUID = _case()
    change_id: UUID = arg("變更編號", "change id", _ID)
    kind: str = arg("種類", "kind", "ENTERPRISES", max_length=40)
    reason: str = arg("理由", "reason", "店家歇業", max_length=_TEXT)
    before: str = arg("變更前", "before", "示範美髮沙龍", max_length=_TEXT)
    after: str = arg("變更後", "after", "示範美甲工作室", max_length=_TEXT)
    amount_effect_twd: int = arg("金額影響", "effect on the amount, NT$", 0, default=0)
    schedule_until: date | None = arg("展延至", "moves a date to", None, default=None)
    solution: str | None = arg("變更之方案", "solution that changes", None, default=None)
    used_from: date | None = arg("已先行使用起日", "used already since", None, default=None)
    removed_ubns: tuple[str, ...] = arg("移出企業", "enterprises removed", [], default=())
    added: tuple[Mapping[str, Any], ...] = arg(
        "新增企業", "rows of enterprises added, each with its ubn", [], default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePlanChange(Command):
    """Approve (when the rules of moment `change` allow it) or reject a change."""

    case_id: UUID = _case()
    change_id: UUID = arg("變更編號", "change id", _ID)
    approve: bool = arg("核准", "approve", True)
    reason: str = arg("理由", "reason", "", default="", max_length=_TEXT)
    exclusions_checked_on: date | None = arg(
        "增列企業排除查核日", "exclusions of those added looked up on", None, default=None
    )
    excluded_ubns: tuple[str, ...] = arg(
        "查得應排除之企業", "enterprises found to be excluded", [], default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearAlert(Command):
    """End an alert by an officer's decision."""

    case_id: UUID = _case()
    alert_id: UUID = arg("示警編號", "alert id", _ID)
    reason: str = arg("理由", "reason", "已電話確認改善", max_length=_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveClosing(Command):
    """Close the case (結案); the follow-up starts."""

    case_id: UUID = _case()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFollowUp(Command):
    """One year's tracking data (追蹤填報)."""

    case_id: UUID = _case()
    year: int = arg("第幾年", "year", 1, minimum=1)
    rows: tuple[FollowUpRow, ...] = arg(
        "企業資料",
        "enterprises",
        [
            {
                "ubn": _UBN,
                "alive": True,
                "still_using": True,
                "renewed": True,
                "revenue_change_bp": 300,
                "employees": 4,
            }
        ],
    )
