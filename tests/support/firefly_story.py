"""One case of the invented firefly programme (tests/programmes/packs/firefly) over the embedded
services, act by act; what is handed in are the examples of the pack."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from grantcase.demo import people, proposals
from grantcase.store_folder import create_store
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.kernel.ids import derived_id
from shared.programmes.examples import example_facts
from shared.programmes.pack import load_pack
from shared.programmes.reading import read_yaml
from tests.support.embedded import Office

FOLDER = Path(__file__).parents[1] / "programmes" / "packs" / "firefly"
STARTS = "2025-02-20T09:00:00+08:00"
CALL: UUID = derived_id("firefly", "call")
UBN = "12345676"
SOCIETY = people.applicant(UBN)
AMOUNT = 140_000
SCORES = {"habitat": 5000, "upkeep": 3000}


class Firefly:
    """The case and its office."""

    def __init__(self, folder: Path):
        create_store(folder, SimulatedClock(parse_instant(STARTS)))
        self.office = Office(folder, starts=STARTS)
        self.pack = load_pack(FOLDER)
        self.case = derived_id("firefly", "case")
        path = FOLDER / "calls" / "114.yaml"
        call = read_yaml(path, path.name).value
        self.office.do(people.OFFICER, "PublishPack", document=self.pack.document)
        self.office.do(
            people.OFFICER,
            "PublishCall",
            call_id=CALL,
            pack_digest=self.pack.digest,
            **{name: call[name] for name in ("code", "title", "parameters")},
        )

    def do(self, actor: Any, command: str, **told: Any) -> Mapping[str, Any]:
        return self.office.do(actor, command, case_id=self.case, **told)

    def refused(self, actor: Any, command: str, **told: Any) -> Mapping[str, Any]:
        return self.office.refused(actor, command, case_id=self.case, **told)

    def forms(self, moment: str) -> Mapping[str, Any]:
        return dict(example_facts(self.pack, moment)["forms"])

    def types(self, service: str) -> list[str]:
        return [event["type"] for event in self.office.events(service, self.case)]

    def newest(self, service: str, type: str) -> Mapping[str, Any]:
        events = self.office.events(service, self.case)
        return dict([event["data"] for event in events if event["type"] == type][-1])

    def drafted(self) -> None:
        self.office.at("2025-03-05T09:00:00+08:00")
        contact = {"contact_name": "林聯絡", "contact_email": "contact@example.com"}
        self.office.do(SOCIETY, "RegisterApplicant", ubn=UBN, name="螢火蟲協會", **contact)
        self.do(SOCIETY, "OpenDraft", call_id=CALL, applicant_ubn=UBN)
        for form, content in self.forms("submit").items():
            self.do(SOCIETY, "SaveForm", form=form, content=content)

    def submitted(self) -> Mapping[str, Any]:
        self.drafted()
        file = base64.b64encode(proposals.pdf(2)).decode()
        self.do(SOCIETY, "UploadDocument", kind="plan", file_name="計畫書.pdf", file_base64=file)
        self.office.at("2025-03-10T10:00:00+08:00")
        return self.do(SOCIETY, "SubmitProposal")

    def permitted(self) -> None:
        self.office.at("2025-04-02T10:00:00+08:00")
        step = {"step": "land_permit", "key": "", "forms": self.forms("permit")}
        self.do(SOCIETY, "TakeApplicationStep", **step)

    def screened(self, outcome: str = "ok") -> Mapping[str, Any]:
        self.office.at("2025-04-11T10:00:00+08:00")
        self.do(people.SCREENER, "RecordScreeningCheck", check="FI-SCR-02", outcome=outcome)
        return self.do(people.SCREENER, "CloseScreening")

    def selected(self) -> Mapping[str, Any]:
        self.office.at("2025-04-20T10:00:00+08:00")
        members = [
            {"member_id": member.id, "background": "academia", "organisation": None}
            for member in (*people.REVIEWERS, people.CHAIR)
        ]
        panel = {"call_id": CALL, "track": ""}
        self.office.do(people.OFFICER, "AppointPanel", members=members, **panel)
        slot = {"slot_at": "2025-05-02T10:00:00+08:00", "mode": "on-site", "place": "村公所"}
        self.do(people.OFFICER, "NotifyMeeting", **slot)
        self.office.at("2025-05-02T12:00:00+08:00")
        came = {"manager_present": True, "mode": "on-site", "identity_checked": True}
        self.do(people.OFFICER, "RecordAttendance", **came)
        for member in people.REVIEWERS:
            self.do(member, "RecordScore", scores_centi=SCORES)
        (ranked,) = self.office.do(people.CHAIR, "CloseScoring", **panel)["ranking"]
        decision = {"outcome": "selected", "approved_count": 0, "approved_twd": AMOUNT}
        self.do(people.CHAIR, "DecideSelection", conditions=[], reason="", **decision)
        self.office.at("2025-05-10T10:00:00+08:00")
        url = "https://firefly.example/"
        self.office.do(people.OFFICER, "AnnounceResults", call_id=CALL, publication_url=url)
        return ranked

    def signed(self) -> list[int]:
        self.office.at("2025-05-15T10:00:00+08:00")
        self.do(
            SOCIETY,
            "SubmitContractPlan",
            **{"amount_twd": AMOUNT, "enterprise_count": 0, "answers": []},
            **{"execution_start": "2025-06-01", "execution_end": "2025-11-30"},
            **{"valid_to": "2025-12-31", "payee_ubn": UBN, "can_issue_invoice": False},
            usage_standard=None,
        )
        told = self.do(people.OFFICER, "SignContract", contract_number="114-螢-1")
        return [row["amount_twd"] for row in told["instalments"]]

    def checkpoint(self, checkpoint: str, day: str) -> Mapping[str, Any]:
        self.office.at(f"{day}T10:00:00+08:00")
        report = {"checkpoint": checkpoint, "report": "成果.pdf", "actuals": []}
        self.do(SOCIETY, "ReportCheckpoint", **report)
        return self.do(people.OFFICER, "DecideCheckpoint", checkpoint=checkpoint)

    def paid(self, no: int, amount: int) -> None:
        ids = {name: derived_id("firefly", name, str(no)) for name in ("claim", "pay", "bank")}
        claim = {"claim_id": ids["claim"], "amount_twd": amount}
        self.do(SOCIETY, "SubmitClaim", instalment_no=no, attachments=[], **claim)
        pay = {"disbursement_id": ids["pay"]}
        made = self.do(people.MAKER, "PrepareDisbursement", payee_account="004-1", **claim, **pay)
        self.do(people.CHECKER, "ApproveDisbursement", digest=made["digest"], **pay)
        on = self.office.embedded.now().date().isoformat()
        told = {"payment_id": ids["bank"], "paid_on": on, "bank_reference": f"x{no}"}
        self.do(people.MAKER, "ConfirmPayment", **told, **pay)

    def followed(self) -> None:
        self.office.at("2026-12-01T10:00:00+08:00")
        self.do(SOCIETY, "FileFollowUp", year=1, rows=[])
        self.office.at("2026-12-12T10:00:00+08:00")
