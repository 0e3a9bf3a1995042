"""Cases entered at the award or at the contract live from their registration to the archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.monitoring.application.commands import RequestPlanChange
from shared.bus.command_schema import example
from tests.support.embedded import Office
from tests.support.registrations import (
    CALL,
    CASE,
    LEAD,
    LEADER,
    OFFICER,
    PARTNER,
    PARTNERS,
    STRANGER,
    award,
    contract,
    newest,
    office_of,
    party,
    types,
)


@pytest.fixture
def awards(tmp_path: Path) -> Iterator[Office]:
    with office_of("award", tmp_path / "store") as office:
        yield office


@pytest.fixture
def contracts(tmp_path: Path) -> Iterator[Office]:
    with office_of("contract", tmp_path / "store") as office:
        yield office


def test_an_awarded_case_lives_from_its_registration_to_the_archive(awards: Office):
    assert awards.do(OFFICER, "RegisterCase", **award())["case_number"] == "LA113-0001"
    file = newest(awards, "finance", "ContractFileOpened")
    assert file["signing_due_on"] == "2024-02-19"
    assert file["conditions"] == [{"id": "c1", "text": "請補充市場驗證方式"}]
    assert [row["subsidy_twd"] for row in file["parties"]] == [700_000, 300_000]
    assert file["forms"] == {"L01": {"title": "智慧燈籠"}}  # the manager's name stays in intake
    refused = awards.refused(OFFICER, "SignContract", case_id=CASE, contract_number="113-1")
    assert refused["rule"] == "LA-CON-01"
    step = {"case_id": CASE, "step": "plan_final", "forms": {"L02": {"goal": "百盞"}}}
    assert awards.refused(STRANGER, "TakeApplicationStep", **step)["error"] == "not-permitted"
    awards.do(PARTNERS, "TakeApplicationStep", **step)  # every party acts on its case
    awards.at("2024-01-25T10:00:00+08:00")
    awards.do(OFFICER, "SignContract", case_id=CASE, contract_number="113-1")
    opened = newest(awards, "monitoring", "MonitoringOpened")
    assert [row["due_on"] for row in opened["checkpoints"]] == ["2024-08-01", "2024-12-31"]
    assert (opened["standard"], opened["kpis"], opened["progress"]) == (None, [], [])
    assert opened["participants"] == [LEAD, PARTNER]
    report = {"case_id": CASE, "checkpoint": "midterm", "report": "期中.pdf", "actuals": []}
    awards.at("2024-07-20T10:00:00+08:00")
    awards.do(PARTNERS, "ReportCheckpoint", **report)
    decide = {"case_id": CASE, "checkpoint": "midterm"}
    assert awards.do(OFFICER, "DecideCheckpoint", **decide)["outcome"] == "failed"
    awards.do(OFFICER, "TakeExecutionStep", case_id=CASE, step="site_visit", forms={})
    awards.do(LEADER, "ReportCheckpoint", **{**report, "report": "期中二版.pdf"})
    assert awards.do(OFFICER, "DecideCheckpoint", **decide)["outcome"] == "passed"
    assert "InstalmentBecamePayable" in types(awards, "finance")
    assert awards.refused(OFFICER, "ApproveClosing", case_id=CASE)["rule"] == "LA-CLO-01"
    awards.at("2024-12-20T10:00:00+08:00")
    awards.do(LEADER, "ReportCheckpoint", **{**report, "checkpoint": "final"})
    awards.do(OFFICER, "DecideCheckpoint", case_id=CASE, checkpoint="final")
    closed = awards.do(OFFICER, "ApproveClosing", case_id=CASE)
    assert (closed["closed_on"], closed["follow_up_ends_on"]) == ("2024-12-20", None)
    assert types(awards, "monitoring")[-2:] == ["CaseClosed", "CaseArchived"]
    assert "CaseEnded" in types(awards, "intake")
    assert awards.do(OFFICER, "ApproveClosing", case_id=CASE)["closed_on"] == "2024-12-20"


def test_a_case_with_its_contract_lives_from_its_registration_to_the_archive(contracts: Office):
    assert contracts.do(OFFICER, "RegisterCase", **contract())["case_number"] == "BA110-0001"
    assert types(contracts, "finance") == ["ContractFileOpened", "ContractSigned"]
    signed = newest(contracts, "finance", "ContractSigned")
    assert [row["amount_twd"] for row in signed["instalments"]] == [300_000, 500_000]
    assert signed["signed_on"] == "2021-05-25"
    opened = newest(contracts, "monitoring", "MonitoringOpened")
    assert [row["due_on"] for row in opened["checkpoints"]] == ["2021-12-01", "2022-06-30"]
    assert opened["counted_until"] == "2022-05-31"
    for day, checkpoint in (("2021-11-30", "interim"), ("2022-06-20", "closing")):
        contracts.at(f"{day}T10:00:00+08:00")
        named = {"case_id": CASE, "checkpoint": checkpoint}
        contracts.do(LEADER, "ReportCheckpoint", **named, report="報告.pdf", actuals=[])
        assert contracts.do(OFFICER, "DecideCheckpoint", **named)["outcome"] == "passed"
    closed = contracts.do(OFFICER, "ApproveClosing", case_id=CASE)
    assert closed["follow_up_ends_on"] == "2023-06-20"  # no obligation says when: the years' end
    contracts.do(LEADER, "FileFollowUp", case_id=CASE, year=1, rows=[])
    contracts.at("2023-06-21T09:00:00+08:00")
    assert types(contracts, "monitoring")[-2:] == ["FollowUpCompleted", "CaseArchived"]


def test_a_registration_sent_again_changes_nothing_and_another_one_is_refused(awards: Office):
    first = awards.do(OFFICER, "RegisterCase", **award())
    before = awards.stored()
    again = awards.do(OFFICER, "RegisterCase", **award())
    assert (again["case_number"], again["events"]) == (first["case_number"], [])
    after = awards.stored()
    assert {n for n in after if after[n] != before[n]} == {"intake.commands"}
    other = award(forms={"L01": {"title": "智慧燈籠", "manager": "李小華"}})
    for changed in (other, award(document_no="113-0002")):
        assert awards.refused(OFFICER, "RegisterCase", **changed)["error"] == "wrong-state"


def test_forms_and_documents_are_added_to_a_registered_case_by_its_parties_and_the_office(
    awards: Office,
):
    awards.do(OFFICER, "RegisterCase", **award())
    letter = {"case_id": CASE, "kind": "award_letter", "file_name": "核定函.pdf"}
    letter["file_base64"] = "JVBERi0xLjQK"
    awards.do(OFFICER, "UploadDocument", **letter)
    form = {"case_id": CASE, "form": "L02", "content": {"goal": "百盞"}}
    awards.do(PARTNERS, "SaveForm", **form)
    assert awards.refused(STRANGER, "SaveForm", **form)["error"] == "not-permitted"
    for command in ("SubmitProposal", "CheckDraft"):
        assert awards.refused(LEADER, command, case_id=CASE)["error"] == "wrong-state"


def test_a_programme_entered_elsewhere_opens_no_draft(awards: Office):
    contact = {"contact_name": "林", "contact_email": "a@example.com"}
    awards.do(LEADER, "RegisterApplicant", ubn=LEAD, name="燈籠股份有限公司", **contact)
    draft = {"case_id": CASE, "call_id": CALL, "applicant_ubn": LEAD}
    refused = awards.refused(LEADER, "OpenDraft", **draft)
    assert "RegisterCase" in refused["message"]["en"]


def test_what_the_programme_does_not_have_is_refused_and_named(contracts: Office):
    contracts.do(OFFICER, "RegisterCase", **contract())
    change = {**example(RequestPlanChange), "removed_ubns": [], "added": []}
    refused = contracts.refused(LEADER, "RequestPlanChange", **{**change, "case_id": CASE})
    assert refused["error"] == "not-of-programme"
    notice = {"finding_id": CALL, "kind": "overpaid", "facts": "…", "rules": [], "evidence": []}
    contracts.do(OFFICER, "OpenFinding", case_id=CASE, **notice)
    given = {"finding_id": CALL, "facts": "…", "rules": [], "effects": ["終止"]}
    refused = contracts.refused(OFFICER, "GiveSanctionNotice", case_id=CASE, **given)
    assert refused["error"] == "not-of-programme"


LEADS = party(LEAD, "燈籠", True, 1_000_000, 1_500_000)
HALF = party(LEAD, "燈籠", True, 500_000, 750_000)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"parties": [party(LEAD, "燈籠", True, 900_000, 1_600_000)]}, "approved_twd"),
        ({"total_twd": 2_400_000}, "total_twd"),
        ({"parties": [{**LEADS, "self_twd": 1_500_001}]}, "parties/0/total_twd"),
        ({"parties": [{**LEADS, "lead": False}]}, "parties"),
        ({"parties": [HALF, {**HALF, "ubn": PARTNER}]}, "parties"),
        ({"parties": [{**LEADS, "ubn": PARTNER}]}, "parties"),
        ({"parties": [HALF, {**HALF, "lead": False}]}, "parties/1/ubn"),
        ({"parties": [{**LEADS, "ubn": "12345672"}]}, "parties/0/ubn"),
        ({"execution_end": "2024-01-31"}, "execution_end"),
        (
            {"conditions": [{"id": "c1", "text": "甲"}, {"id": "c1", "text": "乙"}]},
            "conditions/1/id",
        ),
        ({"enterprises": [{"name": "無號"}]}, "enterprises/0/ubn"),
        ({"contract_number": "113-1"}, "contract_number"),
        ({"forms": {"L02": {"goal": "百盞"}}}, "forms/L02"),
        ({"forms": {"L01": {"title": 5}}}, "L01/title"),
    ],
)
def test_a_bad_registration_is_refused_by_its_field_and_stores_nothing(
    awards: Office, changes, field
):
    before = awards.stored()
    refused = awards.refused(OFFICER, "RegisterCase", **award(**changes))
    assert refused["error"] == "invalid-input"
    assert field in refused["field"]
    assert awards.stored() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contract_number": ""}, "contract_number"),
        ({"signed_on": None}, "signed_on"),
        ({"instalments": []}, "instalments"),
        ({"instalments": [{"no": 1, "checkpoint": "interim", "amount_twd": 1}]}, "instalments"),
        (
            {"instalments": [{"no": 1, "checkpoint": "gone", "amount_twd": 800_000}]},
            "instalments/0/checkpoint",
        ),
    ],
)
def test_a_bad_contract_is_refused_by_its_field_and_stores_nothing(
    contracts: Office, changes, field
):
    before = contracts.stored()
    refused = contracts.refused(OFFICER, "RegisterCase", **contract(**changes))
    assert (refused["error"], refused["field"]) == ("invalid-input", field)
    assert contracts.stored() == before


def test_rules_of_the_registration_refuse_it_and_nothing_else_is_stored(awards: Office):
    twice = [party(LEAD, "燈籠", True, 1_000_000, 900_000)]
    refused = awards.refused(OFFICER, "RegisterCase", **award(parties=twice, total_twd=1_900_000))
    assert refused["rule"] == "LA-REG-01"
    assert types(awards, "intake") == ["CommandRefused"]
    assert awards.do(OFFICER, "RegisterCase", **award())["case_number"] == "LA113-0001"
