"""Commands of the committee's work: panel, conflicts, meeting, scores, opinions.

Those of the selection are in selection_commands.py, reactions to other services in reactions.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command

EXAMPLE_CASE = "6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10"
EXAMPLE_CALL = "0b2f4f6a-7a0e-5a2e-8a64-0d6c2b1f9c11"
MODES = ("on-site", "online")
_SCORES = {
    "completeness": 2100,
    "fitness": 2050,
    "feasibility": 1600,
    "kpi": 1200,
    "continuity": 800,
    "integration": 400,
}


def case() -> Any:
    """The field case_id."""
    return arg("案件編號", "case id", EXAMPLE_CASE)


def call() -> Any:
    """The field call_id."""
    return arg("公告編號", "call id", EXAMPLE_CALL)


def track() -> Any:
    """The field track."""
    return arg("提案類型", "track", "POP", max_length=20)


def answers() -> Any:
    """Field of the answers to the sheet's questions."""
    return arg("評分表問項", "question id -> true or false", None, default=None)


def scores() -> Any:
    """The field scores_centi."""
    return arg("各項分數（百分之一分）", "scores by criterion, in hundredths", _SCORES)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMember:
    """A member by an opaque id; organisation is a 統一編號, to find conflicts by."""

    member_id: str = arg("委員代號", "member id", "reviewer-1", max_length=80)
    background: str = arg("背景", "background", "industry", max_length=40)
    organisation: str | None = arg(
        "服務單位統一編號", "organisation's business number", None, default=None, max_length=8
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointPanel(Command):
    """Appoint the committee of one track of a call, or replace it before the ranking."""

    call_id: UUID = call()
    track: str = track()
    members: tuple[PanelMember, ...] = arg(
        "委員名單",
        "members",
        [
            {"member_id": "reviewer-1", "background": "industry", "organisation": None},
            {"member_id": "reviewer-2", "background": "academia", "organisation": None},
            {"member_id": "reviewer-3", "background": "research", "organisation": None},
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareConflict(Command):
    """Declare a relation to a case; officers may record that of another member. Kinds, and how
    long a relation that has ended still counts, are the programme's."""

    case_id: UUID = case()
    kind: str = arg("種類", "kind", "employment", max_length=40)
    ended_on: date | None = arg("關係終止日（仍存續免填）", "relation ended on", None, default=None)
    note: str = arg("說明", "note", "", default="", max_length=2000)
    member_id: str | None = arg("委員代號（免填為本人）", "member", None, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyMeeting(Command):
    """Send date, time and place of the presentation; before it, a slot may be moved."""

    case_id: UUID = case()
    slot_at: datetime = arg("簡報時間", "slot", "2023-03-28T10:00:00.000000+08:00")
    mode: str = arg("方式", "mode", "on-site", choices=MODES)
    place: str = arg("地點或連結", "place or link", "", default="", max_length=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAttendance(Command):
    """Note at the meeting whether the project manager came and presented in person."""

    case_id: UUID = case()
    manager_present: bool = arg("計畫主持人親自出席", "project manager in person", True)
    mode: str = arg("方式", "mode", "on-site", choices=MODES)
    identity_checked: bool = arg("已核對身分", "identity checked", True)
    delegate_present: bool = arg("代理人出席", "a delegate came", False, default=False)
    stated_reason: str = arg(
        "缺席事由", "stated reason of absence", "", default="", max_length=2000
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAbsence(Command):
    """Decide whether the reason of an absence is good; if not, the proposal is waived."""

    case_id: UUID = case()
    good_reason: bool = arg("是否有正當理由", "good reason", False)
    reason: str = arg("認定理由", "reason of the decision", "未到場且未說明", max_length=2000)
    remedy: str = arg(
        "處理方式",
        "remedy",
        "none",
        default="none",
        choices=("none", "new-slot", "delegate"),
    )
    slot_at: datetime | None = arg("另訂時間", "new slot", None, default=None)
    consent: str | None = arg(
        "書面同意（文件代號）", "written consent (document)", None, default=None, max_length=200
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordScore(Command):
    """Close the own score sheet of a case."""

    case_id: UUID = case()
    scores_centi: Mapping[str, Any] = scores()
    answers: Mapping[str, Any] | None = answers()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectScore(Command):
    """Correct the own sheet with a reason, before the ranking is closed."""

    case_id: UUID = case()
    scores_centi: Mapping[str, Any] = scores()
    answers: Mapping[str, Any] | None = answers()
    reason: str = arg("更正理由", "reason", "加總誤植", max_length=2000)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOpinion(Command):
    """Give an opinion; the applicant reads it without the member's name."""

    case_id: UUID = case()
    text: str = arg("審查意見", "opinion", "請補充店家續用誘因。", max_length=4000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToOpinion(Command):
    """The applicant's reply to one opinion."""

    case_id: UUID = case()
    opinion_id: UUID = arg("意見編號", "opinion id", EXAMPLE_CALL)
    text: str = arg("回覆", "reply", "已增列續約優惠方案。", max_length=4000)
