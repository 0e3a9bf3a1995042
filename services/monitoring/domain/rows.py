"""Rows that people hand in (F25 and the checkpoint report): fields, labels and examples.

The same shapes are stored inside the events. Photos and files are names or SHA-256 of documents;
a consultant is an opaque staff id, so that nothing personal is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from shared.kernel.command_fields import arg

_UBN = "12345676"
_ON = "2023-06-12"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile:
    """One file behind a record: its kind (agenda, photos, ...) and where it is kept."""

    kind: str = arg("佐證種類", "kind of evidence", "agenda", max_length=60)
    reference: str = arg("檔案或連結", "file or link", "agenda-0612.pdf", max_length=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionRow:
    """One enterprise's first activated account."""

    ubn: str = arg("企業統一編號", "enterprise's number", _UBN, max_length=8)
    solution: str = arg("方案", "solution", "美業預約雲", max_length=200)
    version: str = arg("版本", "version", "1.0", max_length=40)
    account: str = arg("帳號代碼", "account id", "acc-0001", max_length=100)
    activated_at: datetime = arg("啟用時間", "activated at", "2023-06-01T10:00:00+08:00")
    evidence: tuple[EvidenceFile, ...] = arg(
        "佐證", "evidence", [{"kind": "screenshot", "reference": "acc-0001.png"}], default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One counselling record (輔導紀錄單). Times are HH:MM, Taipei."""

    ubn: str = arg("企業統一編號", "enterprise's number", _UBN, max_length=8)
    held_on: date = arg("日期", "date", _ON)
    start: str = arg("起", "from", "14:00", pattern="^[0-2][0-9]:[0-5][0-9]$")
    end: str = arg("迄", "to", "16:00", pattern="^[0-2][0-9]:[0-5][0-9]$")
    mode: str = arg("方式", "mode", "ON_SITE", choices=("ON_SITE", "ONLINE", "PHONE"))
    place: str = arg("地點", "place", "店內", default="", max_length=200)
    consultant_id: str = arg("顧問代號", "consultant's id", "staff-3", max_length=100)
    performer_ubn: str | None = arg("執行單位統編", "unit that did the work", None, default=None)
    topic: str = arg("主題", "topic", "預約排程", max_length=200)
    content: str = arg("內容", "content", "設定營業時段並教學", max_length=4000)
    next_step: str = arg("後續", "next step", "", default="", max_length=2000)
    photos: tuple[str, ...] = arg("照片", "photos", ["visit-1.jpg"])
    confirmed: bool = arg("企業確認", "confirmed by the enterprise", True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow:
    """One digital capability assessment (數位能力評量), before or after."""

    ubn: str = arg("企業統一編號", "enterprise's number", _UBN, max_length=8)
    phase: str = arg("前後測", "before or after", "PRE", choices=("PRE", "POST"))
    assessed_at: datetime = arg("評量時間", "assessed at", "2023-05-20T10:00:00+08:00")
    score_centi: int = arg("分數(百分之一)", "score in hundredths", 6200, minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiActual:
    """What was reached of one KPI since the start (cumulative), with its evidence."""

    kpi_code: str = arg("指標代碼", "KPI code", "B1", max_length=40)
    actual_centi: int = arg("實績(百分之一)", "actual in hundredths", 5000, minimum=0)
    evidence: tuple[str, ...] = arg("佐證", "evidence", ["企業彙總表"], default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRow:
    """One enterprise in a yearly follow-up (年度追蹤)."""

    ubn: str = arg("企業統一編號", "enterprise's number", _UBN, max_length=8)
    alive: bool = arg("仍營業", "still in business", True)
    still_using: bool = arg("仍使用", "still using", True)
    renewed: bool = arg("已續約", "renewed", True)
    revenue_change_bp: int = arg("營收變動(萬分之一)", "change of revenue in bp", 300, default=0)
    employees: int = arg("員工數", "employees", 4, minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheckSample:
    """What the live system shows of one enterprise between two days, both included."""

    ubn: str = arg("企業統一編號", "enterprise's number", _UBN, max_length=8)
    first_on: date = arg("起日", "from", "2023-06-05")
    last_on: date = arg("迄日", "to", "2023-07-02")
    found: int = arg("系統次數", "uses found", 24, minimum=0)
