"""First act: pack and both calls, drafts, documents, submission, the late items, screening."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grantcase.demo import people, proposals
from grantcase.demo.clusters import forms as papers
from grantcase.demo.clusters.cast import BY_KEY, CALLS, Cast, Cluster
from grantcase.demo.script import Script
from shared.kernel.ids import derived_id
from shared.programmes.pack import load_pack
from shared.programmes.reading import read_yaml

LATE = ("member_self_assessment", "cluster_self_assessment", "intro_video")
_STEP = "TakeApplicationStep"


def publish(script: Script, folder: Path) -> Cast:
    """Publish the pack and the call of each class."""
    cast = Cast(script, load_pack(folder))
    script.do(people.OFFICER, "PublishPack", document=cast.pack.document)
    script.tell(
        f"公告規則包 pack published: {cast.pack.document['names']['zh-Hant']}，"
        f"{len(cast.pack.rules)} 條規則 rules"
    )
    for track, code in CALLS.items():
        path = folder / "calls" / f"{code}.yaml"
        call = read_yaml(path, path.name).value
        cast.calls[track] = derived_id("clusters", "call", code)
        script.do(
            people.OFFICER,
            "PublishCall",
            call_id=cast.calls[track],
            code=code,
            pack_digest=cast.pack.digest,
            title=call["title"],
            parameters=call["parameters"],
            cites=[cast.pack.document["parameters"]["procedural_basis"]["value"]],
        )
        script.tell(f"公告徵案 call published: {call['title']['zh-Hant']} {call['title']['en']}")
    return cast


def draft(cast: Cast, key: str) -> None:
    """Register the proposer, open the draft, fill in the forms, upload the documents."""
    cluster = BY_KEY[key]
    cast.script.do(
        cluster.actor,
        "RegisterApplicant",
        ubn=cluster.ubn,
        name=cluster.name,
        contact_name="林聯絡",
        contact_email="contact@example.com",
    )
    opened = cast.do(
        cluster.actor,
        key,
        "OpenDraft",
        call_id=cast.calls[cluster.track],
        applicant_ubn=cluster.ubn,
    )
    cast.numbers[key] = opened["case_number"]
    for form, content in papers.forms_of(cast, cluster).items():
        cast.do(cluster.actor, key, "SaveForm", form=form, content=content)
    for document in _documents(cast, cluster):
        cast.do(cluster.actor, key, "UploadDocument", **document)
    cast.tell(
        key, f"建立草稿 draft: {cluster.title}，{cluster.track}，成員 members {cluster.count}"
    )


def submit(cast: Cast, key: str) -> None:
    """Submit now."""
    answer = cast.do(BY_KEY[key].actor, key, "SubmitProposal")
    cast.tell(key, f"送件 submitted at {answer['submitted_at']}")


def supplement(cast: Cast, key: str, *steps: str) -> None:
    """The late items of after the deadline."""
    for step in steps:
        cast.step(BY_KEY[key].actor, key, _STEP, step, late_item(cast, key, step))
    cast.tell(key, f"補件 late items: {len(steps)} / {len(LATE)}")


def late_item(cast: Cast, key: str, step: str) -> Mapping[str, Any]:
    """The forms of one late item."""
    if step == "member_self_assessment":
        return {"D11": papers.self_assessments(cast, BY_KEY[key])}
    if step == "intro_video":
        return {"D13": {"video_url": _video(BY_KEY[key])}}
    forms: Mapping[str, Any] = cast.example("screen")["steps"][step]["forms"]
    return forms


def screen(cast: Cast, key: str, *, video: bool = True) -> Mapping[str, Any]:
    """The registers looked up, the officer's checks, the counts for the bonus; closed."""
    cluster = BY_KEY[key]
    if video:
        seen = cast.example("screen")["steps"]["video_check"]["forms"]["D14"]
        checked = {"D14": {**seen, "checked_url": _video(cluster)}}
        cast.step(people.SCREENER, key, _STEP, "video_check", checked)
    history = {"D15": papers.history_of(cast, cluster)}
    cast.step(people.SCREENER, key, _STEP, "history_check", history)
    for row in cast.example("screen")["registers"]["officer"]:
        cast.do(people.SCREENER, key, "RecordScreeningCheck", check=row["check"], outcome="ok")
    answer = cast.do(people.SCREENER, key, "CloseScreening")
    if answer["outcome"] == "accepted":
        counts = {"D16": papers.counts_of(cast, cluster)}
        cast.step(people.SCREENER, key, _STEP, "bonus_figures", counts)
        cast.tell(key, "資格審查 screening: 資格符合 eligible")
    else:
        reasons = "、".join(answer["reasons"])
        cast.tell(key, f"資格審查 screening: 不予受理 not accepted {reasons}")
    return answer


def _documents(cast: Cast, cluster: Cluster) -> list[dict[str, Any]]:
    """UploadDocument fields: the example's own, and a scan of each member's form."""
    found = []
    for document in cast.example("submit")["documents"]:
        if document["kind"] != "member_scan":
            names = ("kind", "file_name", "party", "period")
            told = {name: document[name] for name in names if document[name] is not None}
            found.append({**told, "owner_ubn": cluster.ubn, "file_base64": _pdf(3)})
    for member in cluster.members:
        scan = {"kind": "member_scan", "party": "enterprise", "about": member.ubn}
        name = f"成員基本資料表_{member.name}.pdf"
        found.append({**scan, "file_name": name, "file_base64": _pdf(1)})
    return found


def _video(cluster: Cluster) -> str:
    return f"https://www.youtube.com/watch?v={cluster.key:-<9}{cluster.seed}"


def _pdf(pages: int) -> str:
    return base64.b64encode(proposals.pdf(pages)).decode()
