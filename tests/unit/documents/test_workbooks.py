"""Template workbooks, and workbooks as people hand them in: each refusal names its rule."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from shared.documents.tables.faults import InvalidTable
from shared.documents.tables.reading import TableFile, read_table, with_rows
from shared.documents.tables.template import template
from shared.documents.tables.workbook_grid import STAMP
from shared.programmes.tables import table_of, tables_of
from tests.support.workbooks import (
    REFUSED,
    blank,
    filled,
    pack,
    put,
    read,
    saved,
    sheet_part,
    with_error,
)


def refused(content: bytes, table: str = "F19", name: str = "list.xlsx") -> InvalidTable:
    with pytest.raises(InvalidTable) as caught:
        read(content, table, name)
    assert caught.value.zh
    assert caught.value.en
    return caught.value


def test_every_table_has_a_template_that_reads_back_empty_and_is_stable() -> None:
    tables = tables_of(pack())
    assert {"F19", "F15.projects", "F17.lines.details", "F08.security_tests"} <= {
        table.id for table in tables
    }
    for table in tables:
        content = template(pack(), table)
        assert content == template(pack(), table)
        assert read_table(pack(), table, TableFile("t.xlsx", content)) == []


def test_the_example_of_every_template_is_valid_data() -> None:
    for table in tables_of(pack()):
        assert len(read(filled(table.id), table.id)) == 1


def test_a_template_has_labels_ids_notes_an_example_checks_and_a_hidden_stamp() -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank("F19")))
    sheet = book["F19"]
    assert [sheet.cell(row, 3).value for row in (1, 2, 4)] == ["統編", "ubn", "12345676"]
    assert "必填" in sheet["C3"].value
    assert book[STAMP].sheet_state == "veryHidden"
    assert [row[0].value for row in book[STAMP]["A1:A3"]] == [pack().id, pack().digest, "F19"]
    checks = {str(check.sqref): check.type for check in sheet.data_validations.dataValidation}
    kinds = {place.rstrip("0123456789:")[0]: kind for place, kind in checks.items()}
    assert (kinds["B"], kinds["C"], kinds["I"], kinds["P"]) == (
        "whole",
        "textLength",
        "list",
        "date",
    )


def test_a_filled_template_becomes_the_rows_of_the_form() -> None:
    (row,) = read(filled("F19", put("E5", "　示範（股）公司 "), put("C5", "２２０９９１３１")))
    assert row["name"] == "示範（股）公司"
    assert row["ubn"] == "22099131"
    assert row["lookup_on"] == "2023-03-01"
    assert row["lookup_clear"] is True


def test_a_group_with_owners_goes_to_the_rows_it_names() -> None:
    table = table_of(pack(), "F17.lines.details")
    form = {"lines": [{"details": [{"old": 1}]}, {"details": []}]}
    content = filled("F17.lines.details", put("B5", 2), put("B6", 2), put("B7", 1), rows=3)
    rows = read_table(pack(), table, TableFile("d.xlsx", content))
    lines = with_rows(table, form, rows)["lines"]
    assert [len(line["details"]) for line in lines] == [1, 2]
    assert form["lines"][0]["details"] == [{"old": 1}]


def test_a_group_that_names_no_row_of_the_draft_is_refused() -> None:
    table = table_of(pack(), "F17.lines.details")
    rows = read_table(pack(), table, TableFile("d.xlsx", filled("F17.lines.details", put("B5", 3))))
    with pytest.raises(InvalidTable) as caught:
        with_rows(table, {"lines": [{"details": []}]}, rows)
    assert caught.value.field == "/rows/5/#F17.lines"


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("D5", 4.5, "decimals"),
        ("D5", "四", "whole number"),
        ("D5", True, "whole number"),
        ("D5", date(2023, 3, 1), "whole number"),
        ("C5", 1234567, "8 digits"),
        ("I5", "3", "none of 1、2"),
        ("J5", "maybe", "yes or no"),
        ("P5", "2023-03-01", "not a date"),
        ("P5", "112/3/1", "not a date"),
        ("P5", datetime(2023, 3, 1, 10, 0), "time of day"),  # noqa: DTZ001
        ("H5", date(2023, 3, 1), "made a date of it"),
        ("R5", "stray", "beyond the named columns"),
        ("A5", "範例 example", "lines of notes and example"),  # below the marked lines
    ],
)
def test_a_wrong_cell_is_named_in_a1_with_its_label(place: str, value: Any, message: str) -> None:
    problem = refused(filled("F19", put(place, value)))
    fault = problem.problems[place]
    assert (fault["row"], fault["column"]) == (5, place[0])
    assert message in fault["message"]["en"]
    if fault["field"] not in ("", "#"):
        assert fault["label"]["zh-Hant"]


def test_a_number_without_a_date_format_is_no_date() -> None:
    problem = refused(filled("F19", put("P5", 44986, "0")))
    assert "not a date" in problem.problems["P5"]["message"]["en"]


def test_all_wrong_cells_of_all_rows_are_named_at_once() -> None:
    problem = refused(filled("F19", put("D5", 1.5), put("P6", "x"), put("C7", "1"), rows=3))
    assert {"D5", "P6", "C7", "C6"} <= set(problem.problems)  # C6: the number of row 5 again


def test_a_percent_cell_becomes_basis_points_exactly() -> None:
    (row,) = read(filled("F03", put("C5", 0.1015, "0.00%"), put("D5", 1015)), "F03")
    assert (row["work_month_pct"], row["work_cum_pct"]) == (1015, 1015)
    assert "D5" in refused(filled("F03", put("D5", 0.10155, "0.00%")), "F03").problems


def test_an_error_value_of_the_spreadsheet_is_a_fault() -> None:
    content = sheet_part(filled("F19", put("D5", 4)), with_error)
    assert "#REF!" in refused(content).problems["D5"]["message"]["en"]


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_may_not_be_read_is_refused_by_a_rule_with_a_name(case: str) -> None:
    made, rule = REFUSED[case]
    problem = refused(made())
    assert problem.rule == rule
    assert rule in problem.en
    assert problem.field == "file_base64"


def test_a_formula_is_named_by_its_cell_and_never_evaluated() -> None:
    assert "D5" in refused(filled("F19", put("D5", "=2+2"), put("B5", "=1"))).en


def test_ten_thousand_rows_are_refused_by_the_limit_that_names_itself() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("F19")
    sheet.append([column.id for column in table_of(pack(), "F19").columns])
    for number in range(10_000):
        sheet.append([number + 1])
    problem = refused(saved(book))
    assert problem.rule == "WORKBOOK_ROWS_MAX"
    assert "5000" in problem.en


def test_an_own_workbook_with_the_right_sheet_and_header_is_taken() -> None:
    book = openpyxl.Workbook()
    book.active.title = "F03"
    book.active.append(
        ["月", "工作執行進度 當月", "工作執行進度 累計", "經費運用進度 當月", "經費運用進度 累計"]
    )
    book.active.append([3, 100, 100, 100, 100])
    book.create_sheet("notes").append(["=1+1"])
    assert read(saved(book), "F03")[0]["month"] == 3
