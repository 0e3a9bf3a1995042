"""Who may read a finding. Every answer of every service passes here once, at the door.

Some findings are for officers only (Finding.audience): what they warn of is theirs to look into.
An applicant's answer leaves them out. A finding that blocks is never left out without a word:
then a general one stands in its place. What is stored (CommandRefused, the decision of an event)
keeps everything. Answers are documents here, because the first answer to a command id is stored
as one and may be asked for again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.kernel.envelope import Actor

OFFICERS = "officers"

MOST_IN_A_MESSAGE = 5
"""So many blocking findings are written out in the message of a refusal."""

_WITHHELD = {
    "zh-Hant": "另有僅供承辦人員檢視之條件未符，請洽專案辦公室",
    "en": "a condition that only officers may read is not met; please ask the programme office",
}

Document = Mapping[str, Any]


def reads_as_officer(actor: Actor) -> bool:
    """Everybody but an applicant; whoever has that role among others reads as an applicant."""
    return "applicant" not in actor.roles


def answer_to(actor: Actor, answer: Document) -> Document:
    """An answer or a refusal of the door as this actor may read it."""
    return answer if reads_as_officer(actor) else for_everyone(answer)


def for_everyone(answer: Document) -> Document:
    """The part of an answer or a refusal that is not for officers only."""
    findings = answer.get("findings")
    if not findings or not any(map(_is_withheld, findings)):
        return answer
    shown = {**answer, "findings": _for_everyone(findings)}
    return _refusal(shown) if "error" in answer else shown


def message_of(blocking: Sequence[Document]) -> dict[str, str]:
    """The text of a refusal in both languages."""
    written = [finding["message"] for finding in blocking[:MOST_IN_A_MESSAGE]]
    return {
        "zh-Hant": "；".join(text["zh-Hant"] for text in written),
        "en": "; ".join(text["en"] for text in written),
    }


def _for_everyone(findings: Sequence[Document]) -> list[Document]:
    shown = [finding for finding in findings if not _is_withheld(finding)]
    withheld = {f["blocks"] for f in findings if _is_withheld(f) and f["severity"] == "block"}
    return [_in_general(blocks) for blocks in sorted(withheld)] + shown


def _in_general(blocks: str) -> Document:
    return {
        "rule": "",
        "clause": "",
        "severity": "block",
        "blocks": blocks,
        "message": dict(_WITHHELD),
        "source": "",
        "subject": {},
        "facts": [],
    }


def _refusal(document: Document) -> Document:
    """Its message and rule, said again from the findings that are left."""
    blocks = document.get("blocks", "command")
    blocking = [
        f for f in document["findings"] if f["severity"] == "block" and f["blocks"] == blocks
    ]
    rule = next((finding["rule"] for finding in blocking if finding["rule"]), None)
    rest = {name: value for name, value in document.items() if name != "rule"}
    return {**rest, "message": message_of(blocking), **({"rule": rule} if rule else {})}


def _is_withheld(finding: Document) -> bool:
    return bool(finding.get("audience") == OFFICERS)
