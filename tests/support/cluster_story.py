"""One case of the Digital Cluster Programme through the embedded services, act by act; what is
handed in are the examples of the pack."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from grantcase.demo import people, proposals, proposing
from grantcase.demo.proposing import Stage
from grantcase.store_folder import create_store
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.kernel.ids import derived_id
from shared.programmes.examples import example_facts
from shared.programmes.location import programme_folder
from shared.programmes.pack import Pack, load_pack
from tests.support.embedded import Office

FOLDER = programme_folder("digital-cluster-112")
STARTS = "2023-01-16T09:00:00+08:00"
UBN = "12345676"
APPLICANT = people.applicant(UBN)
SCORES = {
    **{"facet_plan": 4800, "proposer_execution": 800, "market_feasibility": 1210},
    **{"budget_planning": 400, "expected_results": 800},
}
AMOUNT = 880_000


@cache
def the_pack() -> Pack:
    return load_pack(FOLDER)


def example(moment: str) -> Mapping[str, Any]:
    return example_facts(the_pack(), moment)


class Cluster:
    """The case and its office."""

    def __init__(self, folder: Path):
        create_store(folder, SimulatedClock(parse_instant(STARTS)))
        self.office = Office(folder, starts=STARTS)
        self.stage = Stage(pack=the_pack(), example={}, letter={})
        self.case = derived_id("cluster", "case")
        self.office.do(people.OFFICER, "PublishPack", document=the_pack().document)
        for code in ("112-a", "112-b"):
            proposing.publish_call(self.office.script, self.stage, FOLDER, code)

    def do(self, actor: Any, command: str, **payload: Any) -> Mapping[str, Any]:
        return self.office.do(actor, command, case_id=self.case, **payload)

    def refused(self, actor: Any, command: str, **told: Any) -> Mapping[str, Any]:
        return self.office.refused(actor, command, case_id=self.case, **told)

    def step(self, actor: Any, command: str, step: str, forms: Any, key: str = "") -> Any:
        return self.do(actor, command, step=step, key=key, forms=forms)["findings"]

    def drafted(self) -> None:
        self.office.at("2023-03-01T09:00:00+08:00")
        contact = {"contact_name": "林聯絡", "contact_email": "contact@example.com"}
        self.office.do(APPLICANT, "RegisterApplicant", ubn=UBN, name="範例數位輔導", **contact)
        call = self.stage.calls["112-a"]
        self.do(APPLICANT, "OpenDraft", call_id=call, applicant_ubn=UBN)
        for form, content in example("submit")["forms"].items():
            self.do(APPLICANT, "SaveForm", form=form, content=content)
        for document in example("submit")["documents"]:
            self.upload(document)

    def upload(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        names = ("kind", "file_name", "party", "owner_ubn", "about", "period")
        told = {name: document[name] for name in names if document[name] is not None}
        file = base64.b64encode(proposals.pdf(2)).decode()
        return self.do(APPLICANT, "UploadDocument", file_base64=file, **told)

    def submitted(self) -> None:
        self.drafted()
        self.office.at("2023-03-06T10:00:00+08:00")
        self.do(APPLICANT, "SubmitProposal")

    def supplement(self, *steps: str) -> None:
        for step in steps:
            forms = example("screen")["steps"][step]["forms"]
            actor = people.SCREENER if step.endswith("_check") else APPLICANT
            assert self.step(actor, "TakeApplicationStep", step, forms) == []

    def screened(self) -> Mapping[str, Any]:
        self.office.at("2023-03-10T09:00:00+08:00")
        for row in example("screen")["registers"]["officer"]:
            self.do(people.SCREENER, "RecordScreeningCheck", check=row["check"], outcome="ok")
        return self.do(people.SCREENER, "CloseScreening")

    def selected(self) -> Mapping[str, Any]:
        figures = {"D16": example("figures")["forms"]["D16"]}
        self.step(people.SCREENER, "TakeApplicationStep", "bonus_figures", figures)
        call = self.stage.calls["112-a"]
        backgrounds = ("industry", "academia", "research", "academia")
        members = [
            {"member_id": member.id, "background": background, "organisation": None}
            for member, background in zip(
                (*people.REVIEWERS, people.CHAIR), backgrounds, strict=True
            )
        ]
        panel = {"call_id": call, "track": "CLASS_A"}
        self.office.do(people.OFFICER, "AppointPanel", members=members, **panel)
        slot = {"slot_at": "2023-03-15T10:00:00+08:00", "mode": "on-site", "place": "臺北"}
        self.do(people.OFFICER, "NotifyMeeting", **slot)
        self.office.at("2023-03-15T12:00:00+08:00")
        listed = example("attendance")["steps"]["attendance_list"]["forms"]
        self.step(people.OFFICER, "TakeReviewStep", "attendance_list", listed)
        came = {"manager_present": True, "mode": "on-site", "identity_checked": True}
        self.do(people.OFFICER, "RecordAttendance", **came)
        for member in people.REVIEWERS:
            answers = {"theme_fits": True}
            self.do(member, "RecordScore", scores_centi=SCORES, answers=answers)
        (ranked,) = self.office.do(people.CHAIR, "CloseScoring", **panel)["ranking"]
        decision = {"outcome": "selected", "approved_count": 10, "approved_twd": AMOUNT}
        conditions = [{"id": "c1", "text": "加強數據分析"}]
        self.do(people.CHAIR, "DecideSelection", conditions=conditions, reason="", **decision)
        self.office.at("2023-04-06T10:00:00+08:00")
        url = "https://www.198.org.tw/"
        self.office.do(people.OFFICER, "AnnounceResults", call_id=call, publication_url=url)
        return ranked

    def signed(self) -> list[int]:
        self.office.at("2023-04-12T10:00:00+08:00")
        self.step(APPLICANT, "TakeContractStep", "plan_papers", _cut_papers())
        contract = example("contract")["steps"]
        for step in ("originals", "signing_recheck"):
            self.step(people.OFFICER, "TakeContractStep", step, contract[step]["forms"])
        answer = {"condition": "c1", "status": "accepted", "text": "已納入"}
        self.do(
            APPLICANT,
            "SubmitContractPlan",
            **{"amount_twd": AMOUNT, "enterprise_count": 10, "answers": [answer]},
            **{"execution_start": "2023-04-06", "execution_end": "2023-11-30"},
            **{"valid_to": "2023-12-31", "payee_ubn": UBN, "can_issue_invoice": True},
            usage_standard={},
        )
        self.office.at("2023-04-18T10:00:00+08:00")
        signing = {"contract_number": "112-DC-001", "exclusions_checked_on": "2023-04-17"}
        rows = self.do(people.OFFICER, "SignContract", **signing)["instalments"]
        return [row["amount_twd"] for row in rows]

    def checkpoint(self, checkpoint: str, day: str, *, events: slice) -> Mapping[str, Any]:
        """Record the events, hand in the results, give the briefing, decide."""
        facts = example(checkpoint)["steps"]
        for row in facts["activity"]["rows"][events]:
            self.step(APPLICANT, "TakeExecutionStep", "activity", row["forms"], row["key"])
        self.office.at(f"{day}T10:00:00+08:00")
        report = f"{checkpoint}_report"
        self.step(APPLICANT, "TakeExecutionStep", report, facts[report]["forms"])
        handed = {"checkpoint": checkpoint, "report": "成果報告.pdf", "actuals": []}
        self.do(APPLICANT, "ReportCheckpoint", **handed)
        briefing = {"checkpoint": checkpoint, "held_on": day, "presenter": "PROJECT_MANAGER"}
        self.do(people.OFFICER, "RecordBriefing", **briefing)
        return self.do(people.OFFICER, "DecideCheckpoint", checkpoint=checkpoint)

    def paid(self, no: int, amount: int, day: str) -> None:
        self.office.at(f"{day}T10:00:00+08:00")
        ids = {name: derived_id("cluster", name, str(no)) for name in ("claim", "pay", "bank")}
        self.do(
            APPLICANT,
            "SubmitClaim",
            **{"claim_id": ids["claim"], "instalment_no": no, "amount_twd": amount},
            **{"invoice_number": f"AB1234567{no}", "invoice_on": day, "seller_ubn": UBN},
            buyer=the_pack().parameters["invoice_buyer"],
            attachments=[{"kind": "result-report", "document": "成果.pdf"}],
        )
        pay = {"disbursement_id": ids["pay"]}
        given = {"claim_id": ids["claim"], "amount_twd": amount, "payee_account": "004-1"}
        digest = self.do(people.MAKER, "PrepareDisbursement", **given, **pay)["digest"]
        self.do(people.CHECKER, "ApproveDisbursement", digest=digest, **pay)
        told = {"payment_id": ids["bank"], "paid_on": day, "bank_reference": f"x{no}"}
        self.do(people.MAKER, "ConfirmPayment", **told, **pay)

    def followed(self, year: int) -> None:
        self.office.at(f"{2023 + year}-12-10T10:00:00+08:00")
        told = {"alive": True, "still_using": True, "renewed": True}
        told = {**told, "revenue_change_bp": 100, "employees": 4}
        rows = [{"ubn": row["ubn"], **told} for row in example("submit")["forms"]["D03"]]
        self.do(APPLICANT, "FileFollowUp", year=year, rows=rows)

    def types(self, service: str) -> list[str]:
        return [event["type"] for event in self.office.events(service, self.case)]


def _cut_papers() -> dict[str, Any]:
    """The budget cut anew for the approved amount."""
    forms = dict(example("plan-papers")["forms"])
    tax = 41_905
    lines = [dict(line) for line in forms["D09"]["lines"]]
    lines[0]["amount"] += AMOUNT - tax - sum(line["amount"] for line in lines)
    forms["D09"] = {**forms["D09"], "total": AMOUNT, "tax": tax, "lines": lines}
    return forms
