"""A joint plan of two companies on the embedded services: tables, data, seals, instalments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.kernel.envelope import Actor
from tests.support.embedded import Office
from tests.support.siir_office import (
    CASE,
    COMPANY,
    OFFICER,
    UBN,
    confirm_the_plan,
    form,
    newest,
    opened_round,
    register,
    step,
    the_pack,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened_round(tmp_path / "store") as opened_office:
        yield opened_office


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
