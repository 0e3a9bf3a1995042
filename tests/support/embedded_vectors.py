"""Running a vector's commands through the embedded services, as its example applicant."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any
from uuid import UUID

from grantcase.backend import Refused
from grantcase.demo import proposals
from shared.kernel.envelope import Actor
from shared.kernel.ids import derived_id
from shared.programmes.location import programme_folder
from shared.programmes.pack import load_pack
from tests.support.embedded import PROGRAMME, Office

UBN = "12345676"
APPLICANT = Actor(id="applicant", roles=("applicant",), organisation=UBN)
CASE: UUID = derived_id("vector", "case")
OFFICERS = {
    "officer": Actor(id="officer", roles=("programme_officer",)),
    "dpo": Actor(id="dpo", roles=("dpo",)),
}
"""Who gives a step, beside the applicant."""


class VectorRun:
    """One vector: each step's outcome and what the case then shows. FillDraft stands for all the
    forms, the roster and the documents that the example of `submit` holds."""

    def __init__(self, office: Office):
        self._office = office
        self._example = office.stage.example if office.stage else {}
        self._uploads = 0
        office.do(
            APPLICANT,
            "RegisterApplicant",
            ubn=UBN,
            name="範例雲端科技股份有限公司",
            contact_name="林聯絡",
            contact_email="contact@example.com",
        )

    def step(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """What came of it, under the keys that the step expects."""
        self._office.at(step["at"])
        before = len(self._events())
        expected = {key: value for key, value in step.items() if key not in _GIVEN}
        outcome = self._outcome(step)
        events = self._events()
        new = [event for event in events[before:] if event["type"] != "CommandRefused"]
        if outcome == "ok" and not new:
            outcome = "nothing"
        if outcome == "refused" and new:
            outcome = f"refused, and yet {[event['type'] for event in new]}"
        found = {"expect": outcome, **self._shown(events, step)}
        return {key: found.get(key) for key in ("expect", *expected)}

    def _outcome(self, step: Mapping[str, Any]) -> str:
        try:
            self._give(step)
        except Refused as refusal:
            unknown = refusal.answer.get("field") == "command"
            return "unknown-command" if unknown else "refused"
        return "ok"

    def _give(self, step: Mapping[str, Any]) -> None:
        match step["do"]:
            case "FillDraft":
                self._fill()
            case "OpenDraft":
                calls = self._office.stage.calls if self._office.stage else {}
                self._do("OpenDraft", call_id=calls["112-1"], applicant_ubn=UBN)
            case "UploadDocument":
                self._upload(self._document(step["kind"]))
            case "AttachLetter":
                self._letter(step["row"])
            case "PublishPack":
                document = dict(load_pack(programme_folder(PROGRAMME)).document)
                document |= {"version": step["version"], "aliases": []}
                self._office.do(_who(step), "PublishPack", document=document)
            case "IssueInterpretation":
                told = {"number": "112-解-001", "issued_on": "2023-03-01", "text": "解釋"}
                told |= {"programme_id": PROGRAMME, "rules": ["CP-CALL-12"]}
                self._office.do(_who(step), "IssueInterpretation", **told)
            case "TakeApplicationStep":
                given = {name: step[name] for name in ("step", "key", "forms")}
                self._office.do(_who(step), "TakeApplicationStep", case_id=CASE, **given)
            case "EraseSubject":
                subject = str(derived_id(CASE, "F15", "pm", ""))  # as the form names the manager
                self._office.do(_who(step), "EraseSubject", subject_id=subject)
            case command:
                self._do(command)

    def _fill(self) -> None:
        forms = deepcopy(dict(self._example["forms"]))
        roster = _text(csv_of(forms.pop("F19")))
        self._do("ImportTable", table="F19", file_name="F19.csv", file_base64=roster)
        for form, content in forms.items():
            self._do("SaveForm", form=form, content=content)
        for document in self._example["documents"]:
            self._upload(document)

    def _document(self, kind: str) -> Mapping[str, Any]:
        return next(d for d in self._example["documents"] if d["kind"] == kind)

    def _upload(self, document: Mapping[str, Any]) -> None:
        self._uploads += 1
        names = ("kind", "party", "owner_ubn", "about", "period")
        self._do(
            "UploadDocument",
            **{name: document[name] for name in names},
            file_name=f"{str(document['file_name']).rpartition('.')[0]}.pdf",
            file_base64=_text(proposals.pdf(document["pages"] or 3)),
        )

    def _letter(self, row: int) -> None:
        shop = self._example["forms"]["F19"][row - 1]
        letter = deepcopy(dict(self._office.stage.letter)) if self._office.stage else {}
        letter.update(ubn=shop["ubn"], sign_ubn=shop["ubn"], sign_date="2023-03-15")
        letter.update(enterprise_name=shop["name"], sign_company=shop["name"])
        scan = _text(proposals.pdf(2))
        self._do("AttachLetter", content=letter, file_name="意向書.pdf", file_base64=scan)

    def _do(self, command: str, **payload: Any) -> None:
        self._office.do(APPLICANT, command, case_id=CASE, **payload)

    def _events(self) -> Sequence[Mapping[str, Any]]:
        return self._office.events("intake", CASE)

    def _shown(
        self, events: Sequence[Mapping[str, Any]], step: Mapping[str, Any]
    ) -> dict[str, Any]:
        case = self._office.embedded.query("intake", "case", case=str(CASE)) or {}
        letters = [event["data"] for event in events if event["type"] == "LetterAttached"]
        kinds = [e["data"]["kind"] for e in events if e["type"] == "DocumentUploaded"]
        return {
            "state": case.get("state"),
            "submitted_at": case.get("submitted_at"),
            "versions": kinds.count(step.get("kind", "")),
            "after_grace": letters[-1]["after_grace"] if letters else None,
            "decided_under": self._versions(events),
            "manager_readable": self._manager_readable(events),
        }

    def _manager_readable(self, events: Sequence[Mapping[str, Any]]) -> bool:
        """Whether the project manager's own form still names the person."""
        saved = [e["data"] for e in events if e["type"] == "FormSaved"]
        own = [data for data in saved if data["form"] == "F15"]
        return str(self._example["forms"]["F15"]["name"]) in str(own)

    def _versions(self, events: Sequence[Mapping[str, Any]]) -> list[int]:
        """Versions of the pack that the case's decisions were taken under."""
        digests = {e["decision"]["pack_digest"] for e in events if e.get("decision")}
        packs = (self._office.embedded.query("intake", "pack", digest=each) for each in digests)
        return sorted({pack["version"] for pack in packs})


_GIVEN = frozenset({"at", "do", "as", "kind", "row", "version", "step", "key", "forms", "expect"})


def _who(step: Mapping[str, Any]) -> Actor:
    return OFFICERS.get(step["as"], APPLICANT)


def csv_of(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows of a table form as the CSV that an applicant would hand in."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow([_cell(value) for value in row.values()])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
