"""A report that an applicant hands in as forms of a step is printed section by section."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from grantcase.papers.facts import Case, gathered, item_of
from grantcase.papers.filling import filled
from grantcase.papers.model import Figure, Heading, Paper, Table
from grantcase.papers.templates import CASE, template
from shared.programmes.examples import form_example
from shared.programmes.location import programme_folder
from shared.programmes.pack import load_pack

SECTIONS = "一二三四五六七七八九"


def event(type_: str, **data: Any) -> dict[str, Any]:
    """One event as the timeline gives it."""
    return {
        "id": type_,
        "service": "monitoring",
        "type": type_,
        "occurred_at": "2022-08-20T10:00:00.000000+08:00",
        "actor": {"id": "applicant.1"},
        "decision": None,
        "data": data,
    }


@pytest.fixture(scope="module")
def report() -> Paper:
    """The closing report of a case whose forms are the pack's examples."""
    pack = load_pack(programme_folder("mobile-smart-110")).document
    forms = {name: form_example(form) for name, form in pack["forms"].items()}
    handed_in = {name: content for name, content in forms.items() if name.startswith("M")}
    events = [
        event("FormSaved", form="P06", content=forms["P06"]),
        event("StepTaken", step="closing_report", forms=handed_in),
    ]
    row = {
        "case_id": "x",
        "case_number": "MA110-0001",
        "applicant_name": "甲",
        "applicant_ubn": "1",
    }
    facts = gathered(Case(row, pack, {}, events), date(2022, 8, 20))
    facts["item"] = {**item_of(events[-1]), "no": 1, "of": 1}
    return filled("closing-report", template(pack, "closing-report", CASE), facts)


def test_its_fifteen_sections_stand_in_order_the_seventh_twice(report: Paper) -> None:
    heads = [block.text.split("、")[0] for block in report.blocks if isinstance(block, Heading)]
    assert heads == [*SECTIONS, "十", "十一", "十二", "十三", "十四", "十五"]


def test_the_forms_of_the_step_are_its_tables(report: Paper) -> None:
    cells = {cell for t in report.blocks if isinstance(t, Table) for row in t.rows for cell in row}
    assert {"A-1 點餐系統建置", "行動支付交易總額", "1,234,500", "法規協處需求"} <= cells


def test_its_charts_show_progress_and_attainment(report: Paper) -> None:
    first, second = (block.chart for block in report.blocks if isinstance(block, Figure))
    assert first.rows[0] == ("A-1 點餐系統建置", 10_000)  # type: ignore[union-attr]
    assert ("K02 服務體驗人次", 5_200) in second.rows  # type: ignore[union-attr]
