"""An innovation plan on the embedded services, step by step: registration, plan, signing desk,
vouchers, reviews, payments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from grantcase.store_folder import create_store
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.kernel.envelope import Actor
from shared.kernel.ids import derived_id
from shared.programmes.examples import form_example
from shared.programmes.location import programme_folder
from shared.programmes.pack import Pack, load_pack
from shared.programmes.reading import read_yaml
from tests.support.embedded import Office, opened

STARTS = "2024-08-26T09:00:00+08:00"
FOLDER = programme_folder("siir-113-2")
CALL: UUID = derived_id("siir", "call")
CASE: UUID = derived_id("siir", "case")
UBN = "12345676"
OFFICER = Actor(id="olive", roles=("programme_officer",))
CHAIR = Actor(id="chen", roles=("chair",))
COMPANY = Actor(id="lin", roles=("applicant",), organisation=UBN)
MAKER = Actor(id="mia", roles=("finance_maker",))
CHECKER = Actor(id="carl", roles=("finance_checker",))


@cache
def the_pack() -> Pack:
    return load_pack(FOLDER)


def form(name: str, **changes: Any) -> Any:
    content = form_example(the_pack().forms[name])
    return {**content, **changes} if changes else content


@contextmanager
def opened_round(folder: Path) -> Iterator[Office]:
    """A new store with the programme and its round published."""
    create_store(folder, SimulatedClock(parse_instant(STARTS)))
    with opened(folder, starts=STARTS) as opened_office:
        call = read_yaml(FOLDER / "calls" / "113-2.yaml", "113-2.yaml").value
        opened_office.do(OFFICER, "PublishPack", document=the_pack().document)
        opened_office.do(
            OFFICER,
            "PublishCall",
            call_id=CALL,
            code=call["code"],
            pack_digest=the_pack().digest,
            title=call["title"],
            parameters=call["parameters"],
        )
        yield opened_office


def register(office: Office, **changes: Any) -> str:
    answer = office.do(OFFICER, "RegisterCase", **{**registration(), **changes})
    return str(answer["case_number"])


def registration() -> dict[str, Any]:
    """The award of one company: NT$1,000,000 of 2,000,000."""
    money = {"total_twd": 2_000_000, "subsidy_twd": 1_000_000, "self_twd": 1_000_000}
    return {
        "case_id": CASE,
        "call_id": CALL,
        "applicant_ubn": UBN,
        "applicant_name": "範例餐飲股份有限公司",
        "document_no": "商服字第1130000001號",
        "decided_on": "2024-08-20",
        "total_twd": 2_000_000,
        "approved_twd": 1_000_000,
        "execution_start": "2024-07-01",
        "execution_end": "2025-04-30",
        "track": "IND_EARLY",
        "parties": [{"ubn": UBN, "name": "範例餐飲股份有限公司", "lead": True, **money}],
        "conditions": [
            {"id": "c1", "text": "請補充量化指標"},
            {"id": "c2", "text": "請說明市場驗證"},
        ],
        "forms": {"F00": form("F00")},
    }


def step(office: Office, actor: Actor, service: str, name: str, key: str = "", **forms: Any):
    command = f"Take{service}Step"
    return office.do(actor, command, case_id=CASE, step=name, key=key, forms=forms)


def hand_in_the_plan(office: Office) -> None:
    office.at("2024-09-05T10:00:00+08:00")
    people = {name: form(name) for name in ("F02", "F09", "F10", "F13")}
    step(office, COMPANY, "Application", "plan_people", **people)
    sheet = form("F20", link="https://example.org/plan.docx")
    step(office, COMPANY, "Application", "plan_first", F20=sheet)
    office.at("2024-09-10T10:00:00+08:00")
    names = ("F01", "F03", "F04", "F05", "F06", "F07", "F08", "F11", "F11S", "F12")
    plan = {name: form(name) for name in names}
    step(office, COMPANY, "Application", "plan_final", **plan, F20=sheet)


def confirm_the_plan(office: Office) -> None:
    office.at("2024-09-12T10:00:00+08:00")
    step(office, OFFICER, "Application", "duplicate_search", "D1", F38=form("F38"))
    rows = the_pack().moments["plan-confirm"]
    for row in rows["example"]["/steps/plan_check"]["rows"]:
        step(office, OFFICER, "Application", "plan_check", row["key"], F21=form("F21"))
    step(office, CHAIR, "Application", "plan_confirmed", F23=form("F23"))


def sign(office: Office) -> None:
    step(office, COMPANY, "Contract", "signing_slot", F24=form("F24"))
    step(office, COMPANY, "Contract", "signing_route", F25=form("F25"))
    step(office, COMPANY, "Contract", "contract_data", UBN, F14=form("F14"))
    step(office, OFFICER, "Contract", "contract_print", F29=form("F29"))
    office.at("2024-09-25T10:05:00+08:00")
    step(office, OFFICER, "Contract", "signing_appearance", F27=form("F27"))
    moment = the_pack().moments["contract"]
    for row in moment["example"]["/steps/signing_checklist"]["rows"]:
        item = form("F28", count=5 if row["key"] == "copies" else None)
        step(office, OFFICER, "Contract", "signing_checklist", row["key"], F28=item)
    office.do(OFFICER, "SignContract", case_id=CASE, contract_number="SIIR-113-2-0001")


def newest(office: Office, service: str, type: str) -> Mapping[str, Any]:
    found = [e["data"] for e in office.events(service, CASE) if e["type"] == type]
    return dict(found[-1])


def spend(office: Office, name: str, on: str, net_twd: int, **other: Any) -> None:
    """One voucher of that net for the consumables' line, handed in and accepted."""
    voucher = derived_id(CASE, name)
    row = {
        "voucher_id": voucher,
        "line": "other_validation",
        "voucher_on": on,
        "item_name": "驗證活動",
        "plan_item": "驗證活動",
        "gross_twd": net_twd,
        "claimed_twd": net_twd,
        "printed_net_twd": net_twd,
        "stamped": True,
        "copy_filed": True,
        **other,
    }
    batch = {"case_id": CASE, "batch_id": derived_id(CASE, name, "batch")}
    office.do(COMPANY, "SubmitVouchers", **batch, party_ubn=UBN, vouchers=[row])
    line = {"voucher_id": voucher, "outcome": "accept"}
    audit = derived_id(CASE, name, "audit")
    answer = office.do(MAKER, "AuditVouchers", **batch, audit_id=audit, lines=[line])
    assert answer["lines"][0]["outcome"] == "accept", answer


PARTS = {
    "plan_staff": ("計畫人員薪資", 600_000),
    "consumables": ("感測元件", 200_000),
    "equip_use": ("伺服器", 100_000),
    "ip_purchase": ("點餐系統技術授權", 200_000),
    "commissioned_research": ("點餐行為研究", 300_000),
    "travel_domestic": ("驗證活動", 100_000),
    "other_validation": ("驗證活動", 500_000),
}
"""Budget line -> an item of the plan's detail, and the line's total (NT$)."""


def spend_share(office: Office, on: str, percent: int) -> None:
    """So many percent of every line of the plan, in one voucher each."""
    for line, (item, total_twd) in PARTS.items():
        other = {"line": line, "item_name": item, "plan_item": item}
        if line == "plan_staff":
            other |= {"person_ref": "P02", "item_name": "薪資", "plan_item": None}
        spend(office, f"{line}-{on}", on, total_twd * percent // 100, **other)


def review_and_pay(office: Office, checkpoint: str, day: str) -> Mapping[str, Any]:
    review = {"review_id": derived_id(CASE, checkpoint), "checkpoint": checkpoint}
    office.do(MAKER, "CloseFinanceReview", case_id=CASE, **review, party_ubn=UBN, cut_off_on=day)
    return newest(office, "finance", "FinanceReviewClosed")


def accepted(rows: int, **changes: Any) -> dict[str, Any]:
    plan = form("F08")[:rows]
    filled = [
        {
            "cp_code": row["cp_code"],
            "weight_bp": row["weight_bp"],
            "due_on": row["due_on"],
            "completion_bp": 10_000,
            "evidence": 1,
            "used_elsewhere": False,
            "kpi_reserved": False,
        }
        for row in plan
    ]
    return form("F33", rows=filled, **changes)


def pass_checkpoint(office: Office, checkpoint: str, review_on: str, rows: int) -> None:
    schedule = form("F35", review_on=review_on)
    step(office, OFFICER, "Execution", "review_schedule", checkpoint, F35=schedule)
    report = {"case_id": CASE, "checkpoint": checkpoint, "report": "報告.pdf", "actuals": []}
    office.do(COMPANY, "ReportCheckpoint", **report)
    step(office, CHAIR, "Execution", "accepted_progress", checkpoint, F33=accepted(rows))
    decided = office.do(OFFICER, "DecideCheckpoint", case_id=CASE, checkpoint=checkpoint)
    assert decided["outcome"] == "passed", decided


def pay(office: Office, no: int, amount_twd: int, day: str) -> None:
    ids = {name: derived_id(CASE, name, str(no)) for name in ("claim", "pay", "bank")}
    claim = {"claim_id": ids["claim"], "instalment_no": no, "amount_twd": amount_twd}
    office.do(COMPANY, "SubmitClaim", case_id=CASE, **claim, attachments=[])
    paid = {"case_id": CASE, "disbursement_id": ids["pay"]}
    given = {"claim_id": ids["claim"], "amount_twd": amount_twd, "payee_account": "00100200300"}
    digest = office.do(MAKER, "PrepareDisbursement", **paid, **given)["digest"]
    office.do(CHECKER, "ApproveDisbursement", **paid, digest=digest)
    told = {"payment_id": ids["bank"], "paid_on": day, "bank_reference": f"B-{no}"}
    office.do(MAKER, "ConfirmPayment", **paid, **told)
