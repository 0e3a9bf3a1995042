"""A case of the Mobile Smart Application Programme, from its contract to the closing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from grantcase.papers.desk import case_paper
from grantcase.papers.model import Heading, Table
from grantcase.store_folder import create_store
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.programmes.compiled import CompiledPack
from shared.programmes.examples import form_example
from shared.programmes.pack import load_pack
from shared.programmes.vectors import base_facts
from tests.support.embedded import Office, opened
from tests.support.registrations import CALL, CASE, LEADER, OFFICER, contract, newest

FOLDER = Path(__file__).parents[2] / "programmes" / "mobile-smart-110"
STARTS = "2021-09-01T09:00:00+08:00"
SUBMITTED, ANSWERED, CLOSED = (
    "2022-03-08T09:00:00+08:00",
    "2022-03-25T09:00:00+08:00",
    "2022-09-10T09:00:00+08:00",
)
ENTRIES = (
    *("app", "survey", "sales", "solution", "repurchase", "checkpoint_done", "campaign"),
    *("activity", "officer_check", "shop_log", "evidence"),
)


@pytest.fixture(scope="module")
def compiled() -> CompiledPack:
    return CompiledPack(load_pack(FOLDER))


@pytest.fixture
def office(tmp_path: Path, compiled: CompiledPack) -> Iterator[Office]:
    """The contract is registered."""
    create_store(tmp_path / "store", SimulatedClock(parse_instant(STARTS)))
    with opened(tmp_path / "store", starts=STARTS) as office:
        call = compiled.pack.calls[0]
        office.do(OFFICER, "PublishPack", document=compiled.pack.document)
        office.do(
            OFFICER,
            "PublishCall",
            call_id=CALL,
            code=call["code"],
            pack_digest=compiled.pack.digest,
            title=call["title"],
            parameters=call["parameters"],
        )
        office.do(OFFICER, "RegisterCase", **registered(compiled))
        yield office


def registered(compiled: CompiledPack, **changes: Any) -> dict[str, Any]:
    """A contract of NT$800,000 in two instalments, with its plan."""
    pack = compiled.pack
    wanted = pack.document["registration"]["forms"]
    return contract(
        execution_start="2021-09-01",
        execution_end="2022-08-31",
        track="LOWPEN",
        forms={form: form_example(pack.forms[form]) for form in wanted},
        instalments=[
            {"no": 1, "checkpoint": "midterm", "amount_twd": 300_000},
            {"no": 2, "checkpoint": "closing", "amount_twd": 500_000},
        ],
        **changes,
    )


def report(compiled: CompiledPack, base: str | None) -> Mapping[str, Any]:
    """The facts of a report of the vectors: its forms, and the entries that bear it out."""
    return base_facts(compiled, FOLDER, "report-submit", base)


def take(office: Office, step: str, forms: Mapping[str, Any], key: str = "", who: Any = OFFICER):
    return office.do(who, "TakeExecutionStep", case_id=CASE, step=step, key=key, forms=forms)


def enter(office: Office, facts: Mapping[str, Any]) -> None:
    """Record what the report draws on."""
    for step in ENTRIES:
        who = OFFICER if step == "officer_check" else LEADER
        for row in facts["steps"][step]["rows"]:
            take(office, step, row["forms"], row["key"], who)


def answer(office: Office, rule: str) -> None:
    take(office, "officer_check", {"C01": {"outcome": "ok", "note": None}}, rule)


def accept(office: Office, kind: str, note: str) -> None:
    """Checked, accepted, and the checkpoint decided."""
    take(office, f"{kind}_checked", {"C01": {"outcome": "ok", "note": note}})
    take(office, f"{kind}_accepted", {"C04": {"advice": None, "reason": "完整"}})
    named = {"case_id": CASE, "checkpoint": kind}
    assert office.do(OFFICER, "DecideCheckpoint", **named)["outcome"] == "passed"


def test_a_case_lives_from_its_contract_to_the_closing(office: Office, compiled: CompiledPack):
    first, again, last = (report(compiled, base) for base in (None, "answered", "closing"))
    named = {"case_id": CASE, "actuals": []}
    office.at(SUBMITTED)
    enter(office, first)
    take(office, "midterm_report", first["forms"], who=LEADER)
    office.do(LEADER, "ReportCheckpoint", **named, checkpoint="midterm", report="期中報告")
    failed = office.do(OFFICER, "DecideCheckpoint", case_id=CASE, checkpoint="midterm")
    assert failed["reasons"] == ["MA-FIN-01"]  # not accepted yet
    take(office, "midterm_checked", {"C01": {"outcome": "ok", "note": None}})
    comments = [{"no": 1, "text": "請補充店家回訪"}, {"no": 2, "text": "請說明落後原因"}]
    take(office, "midterm_comments", {"C03": comments})
    office.at(ANSWERED)
    take(office, "midterm_report", again["forms"], who=LEADER)
    office.do(LEADER, "ReportCheckpoint", **named, checkpoint="midterm", report="期中報告二版")
    accept(office, "midterm", "第二版")
    assert newest(office, "finance", "InstalmentBecamePayable")["instalment_no"] == 1
    office.at(CLOSED)
    enter(office, last)
    closing = {**last["forms"], "M01": again["forms"]["M01"]}
    closing["M00"]["blocks"][0] = {"block": "S01", "empty": False, "reason": None}
    take(office, "closing_report", closing, who=LEADER)
    office.do(LEADER, "ReportCheckpoint", **named, checkpoint="closing", report="結案報告")
    accept(office, "closing", "完整")
    refused = office.refused(OFFICER, "ApproveClosing", case_id=CASE)
    assert refused["rule"] == "MA-COP-04"  # no API data yet
    upload = form_example(compiled.pack.forms["E02"])
    take(office, "api_upload", {"E02": upload}, "B2", LEADER)
    for rule in ("MA-COP-05", "MA-COP-09"):
        answer(office, rule)
    office.do(OFFICER, "ApproveClosing", case_id=CASE)
    assert newest(office, "monitoring", "CaseClosed")["follow_up_ends_on"] == "2025-09-10"
    paper = case_paper(office.embedded, "MA110-0001", "closing-report")
    heads = [block.text for block in paper.blocks if isinstance(block, Heading)]
    assert len(heads) == 16  # section 7 stands there twice
    cells = {cell for t in paper.blocks if isinstance(t, Table) for row in t.rows for cell in row}
    assert {"已於S08補充", "行動支付交易總額", "1,234,500"} <= cells


def test_a_report_without_a_figure_is_refused_and_not_taken(office: Office, compiled: CompiledPack):
    facts = report(compiled, None)
    office.at(SUBMITTED)
    enter(office, facts)
    facts["forms"]["M04"]["to_be"] = []
    wanted = {"case_id": CASE, "step": "midterm_report", "forms": facts["forms"]}
    assert office.refused(LEADER, "TakeExecutionStep", **wanted)["rule"] == "MA-NAR-02"
    taken = [e["data"] for e in office.events("monitoring", CASE) if e["type"] == "StepRecorded"]
    assert "midterm_report" not in {row["step"] for row in taken}


def test_a_plan_whose_weights_do_not_sum_up_is_not_registered(
    office: Office, compiled: CompiledPack
):
    given = registered(compiled)
    given["case_id"] = CALL
    given["forms"]["P02"][2]["weight_bp"] = 2_499
    assert office.refused(OFFICER, "RegisterCase", **given)["rule"] == "MA-PRG-07"
