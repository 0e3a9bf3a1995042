"""Errors of review. Over 200 lines, because every refusal has its text in two languages here.

DomainError
├── UnknownThing       UnknownReview, UnknownPanel, UnknownOpinion, UnknownEnterprise
├── InvalidInput       MalformedScore, CountDiffers, SlotMissing, OrderMissing
├── NotPermitted       NotAMember, OthersConflict
└── WrongState         ReviewNotReady, AlreadyScored, NoSheetYet, RankingIsClosed, ReviewsOpen,
                       TrackNotRanked, AlreadyAnnounced, MeetingNotBegun, NoVacancy,
                       NoNoticeYet
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.kernel.errors import InvalidInput, NotPermitted, UnknownThing, WrongState

STATES_ZH: Mapping[str, str] = {
    "": "未建檔",
    "filed": "已送件，待資格審查",
    "not-accepted": "資格不符",
    "accepted": "資格符合，待通知會議",
    "scheduled": "已通知會議",
    "absent": "主持人缺席，待認定事由",
    "presented": "已簡報，評分中",
    "forfeited": "視為棄權",
    "ranked": "已排序",
    "selected": "入選",
    "not-selected": "未入選",
    "reserve": "備取",
    "revoked": "入選資格已撤銷",
    "lapsed": "入選失效",
}


class UnknownReview(UnknownThing):
    """No review is open for this case."""

    def __init__(self, case_id: object):
        super().__init__(
            f"查無案件 {case_id} 之審查", f"there is no review of case {case_id}", field="case_id"
        )


class UnknownPanel(UnknownThing):
    """No panel was appointed for this call and track."""

    def __init__(self, track: str):
        super().__init__(
            f"{track} 類尚未遴聘審查委員", f"no panel is appointed for track {track}", field="track"
        )


class UnknownOpinion(UnknownThing):
    """The case has no opinion of this id."""

    def __init__(self, opinion_id: object):
        super().__init__(
            f"查無審查意見 {opinion_id}", f"there is no opinion {opinion_id}", field="opinion_id"
        )


class UnknownEnterprise(UnknownThing):
    """The 統一編號 does not stand in the accepted list."""

    def __init__(self, ubn: str):
        super().__init__(
            f"名冊中沒有統一編號 {ubn}", f"{ubn} is not in the accepted list", field="ubn"
        )


class MalformedScore(InvalidInput):
    """A score is no integer of hundredths."""

    def __init__(self, criterion: str, value: object):
        super().__init__(
            f"「{criterion}」之分數須為整數（百分之一分），而非 {value!r}",
            f"the score of {criterion} must be an integer in hundredths, not {value!r}",
            field=f"scores_centi/{criterion}",
        )


class CountDiffers(InvalidInput):
    """The approved number and the list that remains must agree."""

    def __init__(self, approved_count: int, listed: int):
        super().__init__(
            f"核定家數 {approved_count} 與剔除後名冊 {listed} 家不符；"
            "請於 excluded_ubns 列明剔除企業",
            f"approved number {approved_count}, but {listed} enterprises remain on the list; name "
            "those taken out in excluded_ubns",
            field="approved_count",
        )


class SlotMissing(InvalidInput):
    """Another slot was granted without saying when."""

    def __init__(self) -> None:
        super().__init__("另訂場次須填新時間", "another slot needs its time", field="slot_at")


class OrderMissing(InvalidInput):
    """A reserve needs its place among the reserves (CP-REV-20)."""

    def __init__(self) -> None:
        super().__init__("備取須填順位", "a reserve needs its order", field="reserve_order")


class NotAMember(NotPermitted):
    """The actor does not sit on the panel of this call and track."""

    def __init__(self, actor_id: str, track: str):
        super().__init__(
            f"{actor_id} 不是 {track} 類之審查委員",
            f"{actor_id} is not a member of the panel of track {track}",
            field="actor.id",
        )


class OthersConflict(NotPermitted):
    """A member declares only the own conflicts; an officer records those of others."""

    def __init__(self, member_id: str):
        super().__init__(
            f"委員僅得申報自己的利益衝突，不得代 {member_id} 申報",
            f"a member declares the own conflict, not that of {member_id}",
            field="member_id",
        )


class ReviewNotReady(WrongState):
    """The step does not fit the state of the review."""

    def __init__(self, case_number: str, state: str, wanted: Sequence[str]):
        wanted_zh = "、".join(STATES_ZH.get(name, name) for name in wanted)
        super().__init__(
            f"案件 {case_number} 狀態為「{STATES_ZH.get(state, state)}」，須為「{wanted_zh}」",
            f"case {case_number} is {state or 'unknown'}; it must be {' or '.join(wanted)}",
            field="case_id",
        )


class AlreadyScored(WrongState):
    """A closed sheet is changed only by a correction (CP-REV-23)."""

    def __init__(self, case_number: str, reviewer_id: str):
        super().__init__(
            f"{reviewer_id} 已評 {case_number}；如有錯誤請以 CorrectScore 更正並敘明理由",
            f"{reviewer_id} has scored {case_number}; correct it with CorrectScore and a reason",
            field="case_id",
        )


class NoSheetYet(WrongState):
    """There is no own sheet to correct."""

    def __init__(self, case_number: str, reviewer_id: str):
        super().__init__(
            f"{reviewer_id} 尚未評 {case_number}，無可更正",
            f"{reviewer_id} has no sheet for {case_number} to correct",
            field="case_id",
        )


class RankingIsClosed(WrongState):
    """The ranking of the track is closed."""

    def __init__(self, track: str):
        super().__init__(
            f"{track} 類排序已確定", f"the ranking of track {track} is closed", field="track"
        )


class ReviewsOpen(WrongState):
    """Some proposals have neither presented nor forfeited."""

    def __init__(self, cases: Sequence[str]):
        listed = "、".join(cases)
        super().__init__(
            f"尚有案件未完成審查：{listed}",
            f"reviews are still open: {', '.join(cases)}",
            field="track",
        )


class TrackNotRanked(WrongState):
    """Results are announced once every track is ranked."""

    def __init__(self, cases: Sequence[str]):
        super().__init__(
            f"尚有案件未排序，不得公告：{'、'.join(cases)}",
            f"not ranked yet, so nothing is announced: {', '.join(cases)}",
            field="call_id",
        )


class AlreadyAnnounced(WrongState):
    """The results of a call are announced once."""

    def __init__(self) -> None:
        super().__init__(
            "本次結果已公告", "the results of this call are announced", field="call_id"
        )


class MeetingNotBegun(WrongState):
    """Attendance is recorded at the meeting, not before."""

    def __init__(self, case_number: str):
        super().__init__(
            f"案件 {case_number} 之會議尚未開始，不得記錄出席",
            f"the meeting of case {case_number} has not begun",
            field="case_id",
        )


class NoVacancy(WrongState):
    """A reserve is called up only after a lapse or revocation in its track (CP-REV-20)."""

    def __init__(self, case_number: str):
        super().__init__(
            f"無入選失效或撤銷之缺額，或前有順位較先之備取，不得遞補 {case_number}",
            f"no selection has lapsed or was revoked, or another reserve comes before "
            f"{case_number}: it cannot be called up",
            field="case_id",
        )


class NoNoticeYet(WrongState):
    """There is no notice that the applicant could answer."""

    def __init__(self, case_number: str):
        super().__init__(
            f"案件 {case_number} 尚無撤銷通知可供陳述意見",
            f"no notice of a revocation was given in case {case_number}",
            field="case_id",
        )
