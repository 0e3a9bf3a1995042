"""First act: the programme and its call, drafts, rosters, documents, submissions, letters."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from grantcase.demo import people, proposals
from grantcase.demo.proposals import Proposal
from grantcase.demo.rosters import roster_csv
from grantcase.demo.script import Script
from shared.kernel.ids import derived_id
from shared.programmes.examples import example_facts
from shared.programmes.pack import Pack, load_pack
from shared.programmes.reading import read_yaml

SECOND_CALL = "112-2"
CLEAR = {"list": "exclusion-lists", "outcome": "none", "checked_on": "2023-03-20"}
"""One look-up of all exclusion lists, without a hit."""


@dataclass(slots=True)
class Stage:
    """What the story needs to know as it goes on."""

    pack: Pack
    example: Mapping[str, Any]
    letter: Mapping[str, Any]
    calls: dict[str, UUID] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)  # proposal key -> case number

    def case(self, key: str) -> UUID:
        """The case id of a proposal."""
        return derived_id("demo", "case", key)


def publish(script: Script, folder: Path) -> Stage:
    """Publish the pack and its first call."""
    pack = load_pack(folder)
    stage = Stage(
        pack=pack,
        example=example_facts(pack, "submit"),
        letter=example_facts(pack, "letter")["forms"]["F21"],
    )
    script.do(people.OFFICER, "PublishPack", document=pack.document)
    script.tell(
        f"公告規則包 pack published: {pack.document['names']['zh-Hant']}，"
        f"{len(pack.rules)} 條規則 rules"
    )
    publish_call(script, stage, folder, "112-1")
    return stage


def publish_call(script: Script, stage: Stage, folder: Path, code: str) -> None:
    """Publish one of the programme's calls."""
    path = folder / "calls" / f"{code}.yaml"
    call = read_yaml(path, path.name).value
    stage.calls[code] = derived_id("demo", "call", code)
    script.do(
        people.OFFICER,
        "PublishCall",
        call_id=stage.calls[code],
        code=code,
        pack_digest=stage.pack.digest,
        title=call["title"],
        parameters=call["parameters"],
        cites=[call["parameters"]["procedural_basis"]]
        if "procedural_basis" in call["parameters"]
        else [stage.pack.document["parameters"]["procedural_basis"]["value"]],
    )
    script.tell(f"公告徵案 call published: {call['title']['zh-Hant']} {call['title']['en']}")


def draft(script: Script, stage: Stage, key: str, call: str = "112-1") -> None:
    """Register the applicant, open the draft, import the roster, fill forms, upload documents."""
    proposal = proposals.BY_KEY[key]
    actor, case_id = people.applicant(proposal.ubn), stage.case(key)
    script.do(
        actor,
        "RegisterApplicant",
        ubn=proposal.ubn,
        name=proposal.name,
        contact_name="林聯絡",
        contact_email="contact@example.com",
    )
    opened = script.do(
        actor,
        "OpenDraft",
        case_id=case_id,
        call_id=stage.calls[call],
        applicant_ubn=proposal.ubn,
    )
    stage.numbers[key] = opened["case_number"]
    roster = proposals.roster_of(proposal)
    script.do(
        actor,
        "ImportTable",
        case_id=case_id,
        table="F19",
        file_name="F19.csv",
        file_base64=_text(roster_csv(roster, proposal.looked_up_on)),
    )
    year = int(proposal.looked_up_on[:4])
    forms = proposals.forms_of(proposal, stage.example["forms"], year)
    for form, content in forms.items():
        script.do(actor, "SaveForm", case_id=case_id, form=form, content=content)
    for document, content in proposals.documents_of(proposal, stage.example["documents"]):
        script.do(actor, "UploadDocument", case_id=case_id, file_base64=_text(content), **document)
    script.tell(
        f"{opened['case_number']} 建立草稿 draft: {proposal.name}，{proposal.track}，"
        f"名冊 roster {len(roster)} 家"
    )


def check(script: Script, stage: Stage, key: str) -> list[Mapping[str, Any]]:
    """What an officer sees in a pre-check: findings that the applicant does not see, too."""
    answer = script.do(people.SCREENER, "CheckDraft", case_id=stage.case(key))
    return list(answer["findings"])


def submit(script: Script, stage: Stage, key: str) -> Mapping[str, Any]:
    """Submit now."""
    proposal = proposals.BY_KEY[key]
    answer = script.do(people.applicant(proposal.ubn), "SubmitProposal", case_id=stage.case(key))
    script.tell(f"{answer['case_number']} 送件 submitted at {answer['submitted_at']}")
    return answer


def letters(script: Script, stage: Stage, key: str, first: int, last: int, signed_on: str) -> None:
    """Letters of intent of the shops first..last (1-based, inclusive), verified by the officer."""
    proposal = proposals.BY_KEY[key]
    actor, case_id = people.applicant(proposal.ubn), stage.case(key)
    chosen = proposals.roster_of(proposal)[first - 1 : last]
    for shop in chosen:
        script.do(
            actor,
            "AttachLetter",
            case_id=case_id,
            content=proposals.letter_of(proposal, shop, stage.letter, signed_on),
            file_name=f"企業合作意向書_{shop.name}.pdf",
            file_base64=_text(proposals.pdf(2)),
        )
    for shop in chosen:
        script.do(people.SCREENER, "VerifyLetter", case_id=case_id, ubn=shop.ubn, verified=True)


def look_up(
    script: Script, stage: Stage, key: str, first: int, last: int | None, content: Mapping[str, Any]
) -> None:
    """What the registers say of the shops first..last (1-based, inclusive; None: to the end)."""
    shops = proposals.roster_of(proposals.BY_KEY[key])[first - 1 : last]
    script.do(
        people.SCREENER,
        "RecordLookup",
        case_id=stage.case(key),
        ubns=[shop.ubn for shop in shops],
        content=content,
    )


def screen(script: Script, stage: Stage, key: str) -> Mapping[str, Any]:
    """Close the screening of one case and say how it ended."""
    answer = script.do(people.SCREENER, "CloseScreening", case_id=stage.case(key))
    reasons = "、".join(answer.get("reasons", []))
    outcome = "資格符合 eligible" if answer["outcome"] == "accepted" else "不予受理 not accepted"
    script.tell(f"{stage.numbers[key]} 資格審查 screening: {outcome} {reasons}")
    return answer


def one_letter_in_ten(proposal: Proposal) -> int:
    """How many letters a proposal has to show."""
    return -(-proposal.count // 10)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
