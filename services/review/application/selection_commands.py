"""Commands from the ranking to the announced result, and what may undo a selection."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.review.application.commands import call, case, track
from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideEnterprise(Command):
    """The committee's verdict on one enterprise of the list that needs one."""

    case_id: UUID = case()
    ubn: str = arg("企業統一編號", "enterprise's number", "12345676", max_length=8)
    approved: bool = arg("是否同意納入", "approved", True)
    reason: str = arg("理由", "reason", "負責平台串接，確有必要", max_length=2000)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseScoring(Command):
    """Close the ranking of one track; proposals equal in everything need the committee's order
    and its reason."""

    call_id: UUID = call()
    track: str = track()
    tie_order: tuple[UUID, ...] = arg(
        "同分案件之順序", "equal proposals, best first", [], default=()
    )
    tie_reason: str | None = arg(
        "同分決議理由", "reason of that order", None, default=None, max_length=2000
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What the contract plan has to answer."""

    id: str = arg("條件代號", "condition id", "C1", max_length=20)
    text: str = arg("內容", "text", "增列續用誘因", max_length=2000)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideSelection(Command):
    """The committee's decision on one ranked proposal; a later one replaces it until the results
    are announced. approved_count is the number of enterprises that stay on the list."""

    case_id: UUID = case()
    outcome: str = arg(
        "決議",
        "outcome",
        "selected",
        default="selected",
        choices=("selected", "reserve", "not-selected"),
    )
    approved_count: int = arg("核定家數", "approved number", 80, default=0, minimum=0)
    approved_twd: int = arg("核定金額(元)", "approved amount, NT$", 1_900_000, default=0, minimum=0)
    conditions: tuple[Condition, ...] = arg(
        "附帶條件", "conditions", [{"id": "C1", "text": "增列續用誘因"}], default=()
    )
    excluded_ubns: tuple[str, ...] = arg(
        "剔除企業統一編號", "enterprises taken out", [], default=()
    )
    reserve_order: int | None = arg("備取順位", "reserve order", None, default=None, minimum=1)
    reason: str = arg("說明", "reason", "", default="", max_length=2000)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceResults(Command):
    """Publish the list of a call, once. The day is the counselling start date."""

    call_id: UUID = call()
    publication_url: str | None = arg(
        "公告網址（免填為徵案網址）", "publication address", None, default=None, max_length=400
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUpReserve(Command):
    """Take the first reserve of a track in, after a lapse or revocation."""

    case_id: UUID = case()


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveRevocationNotice(Command):
    """Tell the applicant in writing what was found; the pack's days to answer begin."""

    case_id: UUID = case()
    finding: str = arg("查核所見", "finding", "企業名單登載不實", max_length=2000)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRevocationNotice(Command):
    """The applicant's answer to the notice."""

    case_id: UUID = case()
    text: str = arg("陳述意見", "answer", "名單係依企業提供之資料填寫", max_length=4000)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeSelection(Command):
    """Take a selection back on the finding of which notice was given, after the hearing."""

    case_id: UUID = case()
    finding: str = arg("查核所見", "finding", "企業名單登載不實", max_length=2000)
    reason: str = arg("理由", "reason", "申請資料不實", max_length=2000)
