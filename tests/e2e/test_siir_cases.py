"""A case of SIIR 113-2 from its award to the second instalment, over the four services: the first
printed example (55 % of the plan spent in the first year, 45 % in the second)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

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


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    folder = tmp_path / "store"
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


def test_an_awarded_case_is_planned_confirmed_and_signed(office: Office):
    assert register(office) == "SI113-0001"
    hand_in_the_plan(office)
    confirm_the_plan(office)
    refused = office.refused(OFFICER, "SignContract", case_id=CASE, contract_number="X")
    assert refused["error"] == "refused-by-rules"
    sign(office)
    signed = newest(office, "finance", "ContractSigned")
    assert [row["amount_twd"] for row in signed["instalments"]] == [500_000, 500_000]


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


@pytest.mark.parametrize(
    ("percents", "payments", "figures"),
    [
        ((55, 45), (500_000, 500_000), {"carry": 50_000, "forfeited1": 0}),
        ((40, 60), (400_000, 500_000), {"carry": 0, "forfeited1": 100_000}),
    ],
)
def test_the_two_printed_examples_are_paid_as_printed_and_closed(
    office: Office, percents, payments, figures
):
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    sign(office)
    office.at("2024-11-25T10:00:00+08:00")
    spend_share(office, "2024-11-20", percents[0])
    office.at("2024-12-02T10:00:00+08:00")
    pass_checkpoint(office, "interim", "2024-12-10", 3)
    office.at("2024-12-12T10:00:00+08:00")
    first = review_and_pay(office, "interim", "2024-12-12")
    assert first["payable_twd"] == payments[0]
    assert {name: first["figures"][name] for name in figures} == figures
    pay(office, 1, payments[0], "2024-12-12")
    office.at("2025-04-10T10:00:00+08:00")
    spend_share(office, "2025-03-20", percents[1])
    step(office, COMPANY, "Execution", "kpi_result", F34=form("F34"))
    pass_checkpoint(office, "final", "2025-04-22", 5)
    second = review_and_pay(office, "final", "2025-04-10")
    assert second["payable_twd"] == payments[1]
    assert second["figures"]["payable_total"] == sum(payments)
    assert second["refund_twd"] == 0
    pay(office, 2, payments[1], "2025-04-10")
    office.at("2025-05-20T10:00:00+08:00")
    assert office.refused(OFFICER, "ApproveClosing", case_id=CASE)["rule"] == "SI-ACC-004"
    step(office, MAKER, "Contract", "account_settlement", UBN, F36=form("F36"))
    closed = office.do(OFFICER, "ApproveClosing", case_id=CASE)
    assert closed["closed_on"] == "2025-05-20"
    assert newest(office, "finance", "ContractSettled")["case_id"] == str(CASE)


def test_a_rescission_recovers_everything_and_bars_the_company(office: Office):
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    sign(office)
    finding = {"case_id": CASE, "finding_id": derived_id(CASE, "finding")}
    office.do(
        OFFICER, "OpenFinding", **finding, kind="forged", facts="偽造憑證", rules=[], evidence=[]
    )
    decision = {
        **finding,
        **{"effect": "rescind", "recover_twd": 0, "force_majeure": False},
        **{"facts": "偽造憑證", "rules": ["SI-RES-003"], "remedy": "得提起訴願"},
        "figures": {"interest_twd": 0, "costs_twd": 60_000},
    }
    refused = office.refused(OFFICER, "DecideSanction", **decision, bar=False)
    assert (refused["error"], refused["rule"]) == ("refused-by-rules", "SI-RES-003")
    office.do(OFFICER, "DecideSanction", **decision, bar=True)
    opened_recoveries = [
        event["data"]
        for event in office.events("finance", CASE)
        if event["type"] == "RecoveryOpened"
    ]
    assert [(row["kind"], row["amount_twd"]) for row in opened_recoveries] == [("costs", 60_000)]
    assert newest(office, "finance", "ApplicantBarred")["until"] == "2029-09-25"
    again = {**registration(), "case_id": derived_id(CASE, "again")}
    later = {"F00": form("F00", applied_on="2029-09-25")}
    refused = office.refused(OFFICER, "RegisterCase", **{**again, "forms": later})
    assert refused["rule"] == "SI-RES-014"
    later = {"F00": form("F00", applied_on="2029-09-26")}
    office.do(OFFICER, "RegisterCase", **{**again, "forms": later})


def test_a_reduced_company_is_barred_for_one_programme_year_only(office: Office):
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    sign(office)
    finding = {"case_id": CASE, "finding_id": derived_id(CASE, "reduced")}
    told = {"facts": "減價驗收", "rules": ["SI-RED-004"]}
    office.do(OFFICER, "OpenFinding", **finding, **told, kind="price-reduced", evidence=[])
    notice = {"facts": "減價驗收", "rules": ["SI-RED-004"], "effects": ["次年度不得申請"]}
    office.do(OFFICER, "GiveSanctionNotice", **finding, **notice)
    office.at("2025-05-20T10:00:00+08:00")
    decision = {"effect": "none", "recover_twd": 0, "bar": True, "force_majeure": False}
    decided = {**finding, **told, **decision, "remedy": "得提起訴願", "figures": {}}
    office.do(OFFICER, "DecideSanction", **decided)
    again = {**registration(), "case_id": derived_id(CASE, "again")}
    for year, outcome in ((115, "SI-RED-004"), (116, None)):
        forms = {"F00": form("F00", applied_on="2026-03-01", programme_year_roc=year)}
        if outcome:
            refused = office.refused(OFFICER, "RegisterCase", **{**again, "forms": forms})
            assert refused["rule"] == outcome
        else:
            office.do(OFFICER, "RegisterCase", **{**again, "forms": forms})


def test_who_does_not_sign_forfeits_when_the_window_is_over(office: Office):
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    step(office, COMPANY, "Contract", "signing_slot", F24=form("F24"))
    lapse = {"case_id": CASE, "reason": "未到場"}
    office.at("2024-10-02T17:00:00+08:00")
    assert office.refused(OFFICER, "LapseSelection", **lapse)["error"] == "wrong-state"
    office.at("2024-10-03T09:00:00+08:00")
    office.do(OFFICER, "LapseSelection", **lapse)
    assert newest(office, "finance", "ContractForfeited")["case_id"] == str(CASE)


def test_an_unfinished_checkpoint_reduces_what_is_paid(office: Office):
    """10 % unfinished: 100,000 less (E-23, TV-085)."""
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    sign(office)
    office.at("2024-11-25T10:00:00+08:00")
    spend_share(office, "2024-11-20", 50)
    office.at("2024-12-02T10:00:00+08:00")
    pass_checkpoint(office, "interim", "2024-12-10", 3)
    office.at("2024-12-12T10:00:00+08:00")
    review_and_pay(office, "interim", "2024-12-12")
    pay(office, 1, 500_000, "2024-12-12")
    office.at("2025-04-10T10:00:00+08:00")
    spend_share(office, "2025-03-20", 50)
    step(office, COMPANY, "Execution", "kpi_result", F34=form("F34"))
    report = {"case_id": CASE, "checkpoint": "final", "report": "報告.pdf", "actuals": []}
    office.do(COMPANY, "ReportCheckpoint", **report)
    done = accepted(5)
    done["rows"][3].update(completion_bp=0, evidence=0)
    named = {"case_id": CASE, "step": "accepted_progress", "key": "final"}
    full = {**named, "forms": {"F33": done}}
    assert office.refused(CHAIR, "TakeExecutionStep", **full)["rule"] == "SI-MON-019"
    office.do(
        CHAIR, "TakeExecutionStep", **{**named, "forms": {"F33": {**done, "acceptance": "REDUCED"}}}
    )
    assert (
        office.do(OFFICER, "DecideCheckpoint", case_id=CASE, checkpoint="final")["outcome"]
        == "passed"
    )
    closed = review_and_pay(office, "final", "2025-04-10")
    assert closed["figures"]["payable_total"] == 900_000
    assert closed["payable_twd"] == 400_000


def test_a_plan_change_is_lettered_tested_again_and_approved(office: Office):
    register(office)
    hand_in_the_plan(office)
    confirm_the_plan(office)
    sign(office)
    office.at("2025-02-10T10:00:00+08:00")
    step(office, COMPANY, "Execution", "change_letter", F17=form("F17"))
    plan = {name: form(name) for name in ("F06", "F08", "F11", "F11S", "F12")}
    lowered = [*plan["F06"][:-1], {**plan["F06"][-1], "target_centi": 400_000}]
    named = {"case_id": CASE, "step": "change_plan"}
    lower = {**named, "forms": {**plan, "F06": lowered}}
    assert office.refused(COMPANY, "TakeExecutionStep", **lower)["rule"] == "SI-KPI-013"
    office.do(COMPANY, "TakeExecutionStep", **named, forms=plan)
    asked = {"case_id": CASE, "change_id": derived_id(CASE, "change")}
    told = {"kind": "BUDGET", "reason": "線上會議", "before": "100,000", "after": "80,000"}
    office.do(COMPANY, "RequestPlanChange", **asked, **told)
    decide = {**asked, "approve": True, "reason": "同意"}
    assert office.refused(OFFICER, "DecidePlanChange", **decide)["rule"] == "SI-CHG-004"
    step(office, OFFICER, "Execution", "change_checked", F18=form("F18"))
    office.do(OFFICER, "DecidePlanChange", **decide)


SECOND = "22099131"
PARTNER = Actor(id="pan", roles=("applicant",), organisation=SECOND)


def both(name: str) -> list[dict[str, Any]]:
    """The rows of a form for both companies of a joint case."""
    rows = form(name)
    return [*rows, *({**row, "ubn": SECOND} for row in rows)]


def test_a_joint_case_has_tables_data_and_instalments_of_each_company(office: Office):
    money = {"total_twd": 2_000_000, "subsidy_twd": 1_000_000, "self_twd": 1_000_000}
    parties = [
        {"ubn": UBN, "name": "範例餐飲股份有限公司", "lead": True, **money},
        {"ubn": SECOND, "name": "範例二股份有限公司", "lead": False, **money},
    ]
    register(
        office, track="COOP_JOINT", parties=parties, approved_twd=2_000_000, total_twd=4_000_000
    )
    office.at("2024-09-05T10:00:00+08:00")
    people = {name: both(name) for name in ("F02", "F09", "F10")}
    for row in people["F02"]:
        row["subsidy_category"] = "COOP_JOINT"
    alone = {**people, "F10": form("F10")}
    named = {"case_id": CASE, "step": "plan_people"}
    refused = office.refused(
        COMPANY, "TakeApplicationStep", **named, forms={**alone, "F13": form("F13")}
    )
    assert refused["rule"] in ("SI-JNT-004", "SI-BUD-038")
    step(office, PARTNER, "Application", "plan_people", **people, F13=form("F13"))
    details = {
        name: [*rows, *({**row, "ubn": SECOND} for row in rows)]
        for name, rows in form("F12").items()
    }
    checkpoints = form("F08")
    checkpoints[4] = {**checkpoints[4], "unit_ubn": SECOND}
    totals = [*both("F11S"), form("F11S")[0] | {"kind": "CONSOLIDATED", "ubn": None}]
    for name in ("subsidy_twd", "self_twd", "total_twd", "y1_total_twd", "y2_total_twd"):
        totals[2] = {**totals[2], name: 2 * totals[2][name]}
    plan = {name: both(name) for name in ("F03", "F06", "F11")}
    plan |= {name: form(name) for name in ("F04", "F05", "F07")}
    sheet = form("F20", link="https://example.org/plan.docx")
    cover = form("F01", subsidy_category="COOP_JOINT")
    told = {**plan, "F01": cover, "F08": checkpoints, "F12": details, "F20": sheet}
    refused = office.refused(
        COMPANY,
        "TakeApplicationStep",
        case_id=CASE,
        step="plan_final",
        forms={**told, "F11S": both("F11S")},
    )
    assert refused["rule"] == "SI-BUD-034"
    step(office, COMPANY, "Application", "plan_final", **told, F11S=totals)
    confirm_the_plan(office)
    step(office, COMPANY, "Contract", "signing_slot", F24=form("F24"))
    step(office, COMPANY, "Contract", "signing_route", F25=form("F25"))
    step(office, COMPANY, "Contract", "contract_data", UBN, F14=form("F14"))
    other = {"account_no": "00900900900", "passbook_account_no": "00900900900"}
    own = form("F14", account_holder_ubn=SECOND, company_name="範例二股份有限公司", **other)
    step(office, PARTNER, "Contract", "contract_data", SECOND, F14=own)
    sums = {"total_twd": 4_000_000, "subsidy_twd": 2_000_000, "self_twd": 2_000_000}
    step(office, OFFICER, "Contract", "contract_print", F29=form("F29", **sums))
    office.at("2024-09-25T10:05:00+08:00")
    step(office, OFFICER, "Contract", "signing_appearance", F27=form("F27"))
    keys = {
        row["key"]
        for row in the_pack().moments["contract"]["example"]["/steps/signing_checklist"]["rows"]
    }
    keys |= {key.replace(UBN, SECOND) for key in keys}
    for key in sorted(keys):
        item = form("F28", count=5 if key == "copies" else None)
        step(office, OFFICER, "Contract", "signing_checklist", key, F28=item)
    signing = {"case_id": CASE, "contract_number": "SIIR-113-2-0001"}
    assert office.refused(OFFICER, "SignContract", **signing)["rule"] in (
        "SI-CON-018",
        "SI-JNT-005",
    )
    step(office, OFFICER, "Contract", "signing_checklist", "copies", F28=form("F28", count=6))
    office.do(OFFICER, "SignContract", **signing)
    signed = newest(office, "finance", "ContractSigned")
    rows = [(row["no"], row["party_ubn"], row["amount_twd"]) for row in signed["instalments"]]
    assert [row[2] for row in rows] == [500_000] * 4
    assert {row[1] for row in rows} == {UBN, SECOND}
