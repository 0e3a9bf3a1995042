"""Second act: the panel, the meeting, scores by class, shared ranks, selection, announcement."""

from __future__ import annotations

from typing import Any

from grantcase.demo import people
from grantcase.demo.clusters.cast import BY_KEY, Cast, Cluster

_PANEL = (*people.REVIEWERS, people.CHAIR)


def appoint(cast: Cast, track: str) -> None:
    """Industry, academia and research are represented."""
    backgrounds = ("industry", "academia", "research", "academia")
    members = [
        {"member_id": member.id, "background": background, "organisation": None}
        for member, background in zip(_PANEL, backgrounds, strict=True)
    ]
    cast.script.do(
        people.OFFICER, "AppointPanel", call_id=cast.calls[track], track=track, members=members
    )
    cast.script.tell(f"{track} 組成審查委員會 panel appointed")


def invite(cast: Cast, keys: tuple[str, ...], slot: str) -> None:
    """Send the date of the meeting."""
    for key in keys:
        cast.do(
            people.OFFICER, key, "NotifyMeeting", slot_at=slot, mode="online", place="視訊會議室"
        )


def meet(cast: Cast, keys: tuple[str, ...]) -> None:
    """Proposer, leader and members come; the leading enterprise presents."""
    example = cast.example("attendance")["steps"]["attendance_list"]["forms"]["D18"]
    for key in keys:
        present = [member.ubn for member in BY_KEY[key].members]
        listed = {**example, "members_present": present, "members_listed": len(present)}
        cast.step(people.OFFICER, key, "TakeReviewStep", "attendance_list", {"D18": listed})
        cast.do(
            people.OFFICER,
            key,
            "RecordAttendance",
            manager_present=True,
            mode="online",
            identity_checked=True,
        )


def score(cast: Cast, keys: tuple[str, ...]) -> None:
    """Three members score, by the weights of the class; each says whether the theme fits."""
    for key in keys:
        for member in people.REVIEWERS:
            cast.do(
                member,
                key,
                "RecordScore",
                scores_centi=_sheet(cast, BY_KEY[key]),
                answers={"theme_fits": True},
            )


def decide(cast: Cast, track: str, keys: tuple[str, ...]) -> None:
    """The ranking, then the amounts."""
    ranked = cast.script.do(people.CHAIR, "CloseScoring", call_id=cast.calls[track], track=track)[
        "ranking"
    ]
    for row in ranked:
        points = f"{row['final_centi'] // 100}.{row['final_centi'] % 100:02d}"
        cast.script.tell(f"{row['case_number']} 名次 rank {row['rank']}，{points} 分 points")
    for key in keys:
        _select(cast, BY_KEY[key])


def announce(cast: Cast, track: str) -> None:
    """Publish the results of one class."""
    cast.script.do(
        people.OFFICER,
        "AnnounceResults",
        call_id=cast.calls[track],
        publication_url="https://www.198.org.tw/",
    )


def _select(cast: Cast, cluster: Cluster) -> None:
    if not cluster.approved_twd:
        decision: dict[str, Any] = {"outcome": "not-selected", "reason": "未達建議入選基準"}
    else:
        decision = {
            "outcome": "selected",
            "approved_count": cluster.count,
            "approved_twd": cluster.approved_twd,
            "conditions": [{"id": "c1", "text": "加強數據分析"}],
            "reason": "",
        }
    cast.do(people.CHAIR, cluster.key, "DecideSelection", **decision)
    amount = f"NT${cluster.approved_twd:,}" if cluster.approved_twd else ""
    cast.tell(cluster.key, f"入選 selected: {amount}" if amount else "未入選 not selected")


def _sheet(cast: Cast, cluster: Cluster) -> dict[str, int]:
    """Scores in steps of a tenth of a point, each about `percent` of its class's weight."""
    criteria = cast.pack.document["scoring"]["criteria"]
    weights = {row["id"]: row["weight_centi"][cluster.track] for row in criteria}
    return {name: weight * cluster.percent // 1000 * 10 for name, weight in weights.items()}
