"""Second act: panel, conflict, meeting, scores, a correction, ranking, selection, results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grantcase.demo import people, proposals
from grantcase.demo.proposing import Stage
from grantcase.demo.script import Script
from shared.kernel.envelope import Actor

CRITERIA = ("completeness", "fitness", "feasibility", "kpi", "continuity", "integration")
_GOOD = {"steady": 88, "cured": 82, "breach": 78, "abandoned": 75, "sharp": 62}
_WEIGHTS = (25, 25, 20, 15, 10, 5)
SLOT = "2023-03-28T10:00:00+08:00"


def appoint(script: Script, stage: Stage) -> None:
    """One panel for each track; industry, academia and research are represented."""
    backgrounds = ("industry", "academia", "research", "academia")
    members = [
        {"member_id": member.id, "background": background, "organisation": None}
        for member, background in zip((*people.REVIEWERS, people.CHAIR), backgrounds, strict=True)
    ]
    for track in ("POP", "FUS"):
        script.do(
            people.OFFICER,
            "AppointPanel",
            call_id=stage.calls["112-1"],
            track=track,
            members=members,
        )
    script.tell("組成評選委員會 panels appointed: 產、學、研 industry, academia, research")


def invite(script: Script, stage: Stage, keys: tuple[str, ...]) -> None:
    """Send the date of the presentation."""
    for key in keys:
        script.do(
            people.OFFICER,
            "NotifyMeeting",
            case_id=stage.case(key),
            slot_at=SLOT,
            mode="on-site",
            place="臺北市承德路二段 會議室",
        )


def meet(script: Script, stage: Stage, keys: tuple[str, ...], absent: str) -> None:
    """The project managers come; one does not, and no reason is given: waived."""
    for key in keys:
        script.do(
            people.OFFICER,
            "RecordAttendance",
            case_id=stage.case(key),
            manager_present=key != absent,
            mode="on-site",
            identity_checked=True,
        )
    script.do(
        people.OFFICER,
        "DecideAbsence",
        case_id=stage.case(absent),
        good_reason=False,
        reason="計畫主持人未到場，亦未說明事由",
    )
    script.tell(f"{stage.numbers[absent]} 未出席，視為棄權 forfeited by absence")


def score(script: Script, stage: Stage, keys: tuple[str, ...]) -> None:
    """Every member scores; a conflicted one may not; one sheet is corrected, with a reason."""
    conflicted = people.REVIEWERS[2]
    script.do(
        conflicted,
        "DeclareConflict",
        case_id=stage.case("steady"),
        kind="paid-advice",
        ended_on="2022-06-30",
        note="去年曾受聘為該公司顧問",
    )
    refused = script.refuse(
        conflicted, "RecordScore", case_id=stage.case("steady"), scores_centi=sheet(80)
    )
    script.tell(
        f"{stage.numbers['steady']} 利益迴避，不得評分 conflict of interest: {refused['rule']}",
        refused["message"]["zh-Hant"],
        refused["message"]["en"],
    )
    for key in keys:
        for offset, member in enumerate((*people.REVIEWERS, people.CHAIR)):
            if key == "steady" and member is conflicted:
                continue
            script.do(
                member,
                "RecordScore",
                case_id=stage.case(key),
                scores_centi=sheet(_GOOD[key] + offset - 1),
            )
    _correct(script, stage, people.REVIEWERS[0])


def sheet(percent: int) -> dict[str, int]:
    """Six scores in steps of half a point, each about `percent` of its weight."""
    return {
        criterion: weight * percent // 50 * 50
        for criterion, weight in zip(CRITERIA, _WEIGHTS, strict=True)
    }


def decide(script: Script, stage: Stage) -> None:
    """Rank both tracks, decide numbers and amounts, publish the list."""
    for track in ("POP", "FUS"):
        script.do(people.CHAIR, "CloseScoring", call_id=stage.calls["112-1"], track=track)
    for key in ("steady", "cured", "breach", "abandoned"):
        proposal = proposals.BY_KEY[key]
        script.do(
            people.CHAIR,
            "DecideSelection",
            case_id=stage.case(key),
            outcome="selected",
            approved_count=proposal.count,
            approved_twd=awarded_twd(stage, key),
            conditions=[{"id": "C1", "text": "請補充店家續用誘因"}],
        )
    script.do(
        people.CHAIR,
        "DecideSelection",
        case_id=stage.case("sharp"),
        outcome="not-selected",
        reason="未達及格基準",
    )


def announce(script: Script, stage: Stage) -> None:
    """Publish the results; a shop in two selected lists stays with the one submitted first."""
    script.do(people.OFFICER, "AnnounceResults", call_id=stage.calls["112-1"])
    for row in script.backend.query("review", "reviews"):
        if row["state"] in ("selected", "not-selected"):
            script.tell(f"{row['case_number']} {_result(row)}")


def _result(row: Mapping[str, Any]) -> str:
    if row["state"] != "selected":
        return "未入選 not selected"
    return (
        f"入選 selected: 名次 rank {row['rank']}，核定 approved {row['approved_count']} 家，"
        f"NT${row['approved_twd']:,}"
    )


def awarded_twd(stage: Stage, key: str) -> int:
    """What the committee gives: the amount asked for, less what it cuts (rounded down)."""
    forms = proposals.forms_of(proposals.BY_KEY[key], stage.example["forms"], 2023)
    asked: int = forms["F04"]["proposal_total"]
    return asked - asked % 10_000


def _correct(script: Script, stage: Stage, member: Actor) -> None:
    script.do(
        member,
        "CorrectScore",
        case_id=stage.case("cured"),
        scores_centi=sheet(_GOOD["cured"]),
        reason="加總誤植",
    )
