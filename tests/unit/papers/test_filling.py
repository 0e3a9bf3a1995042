"""A template and facts become a paper."""

from __future__ import annotations

from typing import Any

import pytest

from grantcase.papers import model
from grantcase.papers.errors import FaultyTemplate
from grantcase.papers.filling import filled

FACTS: dict[str, Any] = {
    "pack": {"name": {"zh-Hant": "示範計畫", "en": "x"}, "unit": "示範單位"},
    "head": {"contact": ["電話：1"], "issuer": "{pack.unit}"},
    "case": {"number": "T1-0001", "applicant": "甲公司"},
    "today": "2023-05-01",
    "words": {"A": "甲類"},
    "money": {"paid_twd": 570_500},
    "rows": [{"no": 1, "kind": "A", "bp": 5_000}, {"no": 2, "kind": "B", "bp": None}],
    "months": [3, 4, 5],
}


def paper(*blocks: dict[str, Any], **head: Any) -> model.Paper:
    """A paper of these blocks over the facts."""
    return filled("test", {"title": "題", "blocks": list(blocks), **head}, FACTS)


def only(*blocks: dict[str, Any]) -> Any:
    """The one block that comes out."""
    (block,) = paper(*blocks).blocks
    return block


def test_the_head_is_filled_from_the_facts() -> None:
    made = paper(addressee="{case.applicant}", number="{case.number}-R")
    assert (made.issuer, made.addressee, made.number) == ("示範單位", "甲公司", "T1-0001-R")
    assert (made.date, made.programme) == ("中華民國112年5月1日", "示範計畫")


def test_a_block_whose_condition_fails_is_left_out() -> None:
    assert only({"heading": "有", "when": "money.paid_twd > 0"}, {"page": True, "when": "1 > 2"})


def test_a_table_has_a_row_for_each_row_of_its_source() -> None:
    table = only(
        {
            "table": "rows",
            "columns": [
                {"label": "號", "text": "{row.no}"},
                {"label": "類", "text": "{row.kind|word}"},
            ],
            "total": ["合計", "{money.paid_twd|money}"],
        }
    )
    assert table.rows == (("1", "甲類"), ("2", "B"))
    assert table.total == ("合計", "570,500")


def test_an_empty_table_has_no_total() -> None:
    table = only({"table": "[]", "columns": [{"label": "號", "text": "{row}"}], "total": ["x"]})
    assert (table.rows, table.total, table.empty) == ((), (), "（無）")


def test_each_repeats_its_blocks_with_the_element_bound() -> None:
    made = paper({"each": "rows", "blocks": [{"heading": "第{each.no}件"}]})
    assert [block.text for block in made.blocks if isinstance(block, model.Heading)] == [
        "第1件",
        "第2件",
    ]


def test_clauses_may_have_conditions_of_their_own() -> None:
    block = only({"clauses": "說明", "texts": ["甲", {"when": "false", "text": "乙"}, "丙"]})
    assert block == model.Clauses("說明", ("甲", "丙"))


def test_a_gantt_chart_places_its_bars_by_the_values_of_its_columns() -> None:
    figure = only(
        {
            "gantt": "[{'start': 4, 'end': 5, 'name': '甲'}, {'start': 9, 'end': 9, 'name': '乙'}]",
            "columns": "months",
            "column": "{row}月",
            "label": "{row.name}",
        }
    )
    assert figure.chart.columns == ("3月", "4月", "5月")
    assert figure.chart.bars == (model.Bar("甲", 1, 2),)


def test_shares_leave_out_rows_without_a_figure() -> None:
    figure = only({"shares": "rows", "label": "{row.no}", "value": "bp"})
    assert figure.chart.rows == (("1", 5_000),)


def test_panels_are_cut_into_figures_that_fit_a_page() -> None:
    facts = {**FACTS, "shops": [{"name": f"店{n}", "values": [1, 2]} for n in range(16)]}
    block = {
        "panels": "shops",
        "columns": "['2023-05-01', '2023-05-08']",
        "column": "{row|monthday}",
        "title": "{row.name}",
        "values": "values",
        "threshold": "1",
    }
    made = filled("test", {"title": "題", "blocks": [block]}, facts)
    figures = [one for one in made.blocks if isinstance(one, model.Figure)]
    assert [one.caption for one in figures] == ["（1－15／16）", "（16－16／16）"]
    assert isinstance(figures[0].chart, model.Panels)
    assert figures[0].chart.columns == ("5/1", "5/8")


def test_a_value_that_is_not_there_is_a_dash() -> None:
    assert only({"paragraph": "{case.nothing.at.all} {rows.7.no}"}).text == "－ －"


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ({"unheard": "of"}, "no block"),
        ({"table": "nowhere", "columns": []}, "nowhere"),
        ({"table": "rows +", "columns": []}, "rows"),
        ({"paragraph": "{case.number|nonsense}"}, "nonsense"),
        ({"paragraph": "{case.number|money}"}, "case.number"),
    ],
)
def test_a_template_that_cannot_be_filled_names_its_block(block: dict[str, Any], why: str) -> None:
    with pytest.raises(FaultyTemplate, match=why) as refused:
        paper({"heading": "甲"}, block)
    assert refused.value.field == "test/blocks/1"
