"""Reading a table from CSV: every fault with its cell, or every row."""

from __future__ import annotations

import pytest

from shared.documents.tables.csv_grid import csv_grid
from shared.documents.tables.faults import SHOWN_MAX, InvalidTable
from shared.documents.tables.grid import Limits
from shared.documents.tables.rows import read_rows
from shared.programmes.shapes import Scalar
from shared.programmes.tables import Column, Table

COLUMNS = (
    Column("ubn", {"zh-Hant": "統編", "en": "Business number"}, Scalar("ubn"), "yes"),
    Column("name", {"zh-Hant": "公司名稱", "en": "Name"}, Scalar("str"), "yes"),
    Column("employees", {"zh-Hant": "人數", "en": "Employees"}, Scalar("int")),
    Column("helped", {"zh-Hant": "是否參與", "en": "Took part"}, Scalar("bool")),
    Column("share", {"zh-Hant": "比率", "en": "Share"}, Scalar("bp")),
    Column("cycle", {"zh-Hant": "週期", "en": "Cycle"}, Scalar("enum", choices=("DAY", "WEEK"))),
    Column("looked_on", {"zh-Hant": "查詢日", "en": "Looked up"}, Scalar("date")),
    Column("kinds", {"zh-Hant": "類別"}, Scalar("enum", choices=("A", "B")), many=True),
    Column("pm.phone", {"zh-Hant": "電話", "en": "Phone"}, Scalar("phone")),
)  # fmt: skip
TABLE = Table("T01", "T01", (), {"zh-Hant": "企業", "en": "Enterprises"}, None, (), COLUMNS)


def read(text: str, encoding: str = "utf-8", limits: Limits | None = None):
    grid = csv_grid("T01", text.encode(encoding))
    return [row.values for row in read_rows(grid, TABLE, limits or Limits(), "ubn")]


def faults(text: str, **more):
    with pytest.raises(InvalidTable) as caught:
        read(text, **more)
    return caught.value


def said(problem: InvalidTable) -> dict[str, str]:
    """Cell -> what is wrong, in English."""
    return {place: fault["message"]["en"] for place, fault in problem.problems.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "big5"])
@pytest.mark.parametrize(
    "header", ["ubn,name,employees", "統編,公司名稱,人數", "UBN,Name,employees"]
)
def test_headers_by_id_or_label_in_every_encoding(encoding, header):
    assert read(f"{header}\r\n12345676,甲店,4\r\n", encoding) == [
        {"ubn": "12345676", "name": "甲店", "employees": 4}
    ]


def test_labels_above_ids_are_one_header_and_marked_lines_are_passed_over():
    text = "列別,統編,公司名稱\n#,ubn,name\n說明 notes,8 位,文字\n範例 example,22099131,例\n"
    assert read(text + ",12345676,甲\n") == [{"ubn": "12345676", "name": "甲"}]


def test_a_marked_line_among_the_data_is_not_lost_silently():
    marked = "範例 example,22099131,例\n"
    text = f"#,ubn,name\n{marked},12345676,甲\n,00000000,乙\n{marked}"
    assert set(faults(text).problems) == {"A5"}


def test_empty_lines_are_passed_over_and_rows_keep_their_number_in_the_file():
    problem = faults("ubn,name\n\n12345676,甲\n,,\n1234567,乙\n")
    assert problem.field == "/rows/5/ubn"
    assert problem.problems["A5"] == {
        "row": 5,
        "column": "A",
        "field": "ubn",
        "label": {"zh-Hant": "統編", "en": "Business number"},
        "message": {
            "zh-Hant": "「1234567」須為 8 位數字（首位為 0 者請設為文字格式）",
            "en": "must be 8 digits (a leading zero needs a cell of text)",
        },
    }
    assert "A5 統編" in problem.zh


def test_full_width_digits_separators_and_spaces_are_read_as_digits():
    (row,) = read('ubn,name,employees\n １２３４５６７６　,甲 ,"１，２３４"\n')
    assert row == {"ubn": "12345676", "name": "甲", "employees": 1234}


def test_prose_keeps_its_full_width_punctuation():
    (row,) = read("ubn,name\n12345676,甲（股）公司，乙\n")
    assert row["name"] == "甲（股）公司，乙"


@pytest.mark.parametrize(
    ("text", "value"), [("是", True), ("否", False), ("Y", True), ("0", False)]
)
def test_yes_and_no_in_both_languages(text, value):
    (row,) = read(f"ubn,name,helped\n12345676,甲,{text}\n")
    assert row["helped"] is value


@pytest.mark.parametrize(("text", "value"), [("12.5%", 1250), ("１００％", 10_000), ("1250", 1250)])
def test_a_percentage_becomes_basis_points_exactly(text, value):
    (row,) = read(f"ubn,name,share\n12345676,甲,{text}\n")
    assert row["share"] == value


def test_several_values_in_a_cell_and_groups_with_dots():
    (row,) = read("ubn,name,kinds,pm.phone\n12345676,甲,A、B,02-1234\n")
    assert row == {"ubn": "12345676", "name": "甲", "kinds": ["A", "B"], "pm": {"phone": "02-1234"}}


def test_the_same_number_twice_names_both_rows():
    problem = faults("ubn,name\n12345676,甲\n22099131,乙\n12345676,丙\n")
    assert said(problem) == {"A4": "the same as in row 2"}


def test_every_faulty_cell_is_reported_at_once():
    problem = faults(
        "ubn,name,employees,helped,share,cycle,looked_on,kinds\n"
        "abc,甲,四,也許,1.5,YEAR,112/3/1,A、C\n"
        "12345676,乙,-1.5,是,12.345%,DAY,2023-02-30,A\n"
        "22099131,丙,9999999999999999,是,1,DAY,2023-02-28,A\n"
    )
    assert set(said(problem)) == {
        *("A2", "C2", "D2", "E2", "F2", "G2", "H2"),
        *("C3", "E3", "G3"),
        "C4",
    }
    assert "11" in problem.en


def test_of_very_many_faults_the_first_are_listed_and_all_are_counted():
    problem = faults("ubn,name\n" + "x,甲\n" * (SHOWN_MAX + 50))
    assert len(problem.problems) == SHOWN_MAX
    assert f"{SHOWN_MAX + 50} in all" in problem.en


def test_unknown_missing_and_double_columns_are_named():
    assert said(faults("ubn,shoe size,ubn\n12345676,44,1\n")) == {
        "B1": "unknown column",
        "C1": "column twice",
        "1/name": "missing column",
    }


def test_a_cell_beyond_the_header_is_named():
    assert said(faults("ubn,name\n12345676,甲,extra\n")) == {
        "C2": "a cell beyond the named columns"
    }


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x80\xff"])
def test_an_empty_file_and_unreadable_bytes_are_refused(content):
    with pytest.raises(InvalidTable):
        read_rows(csv_grid("T01", content), TABLE, Limits(), "ubn")


def test_as_many_rows_as_allowed_and_one_more():
    limits = Limits.of({"table_rows_max": 3})
    lines = [f"{20_000_000 + number},店{number}" for number in range(4)]
    assert len(read("ubn,name\n" + "\n".join(lines[:-1]), limits=limits)) == 3
    problem = faults("ubn,name\n" + "\n".join(lines), limits=limits)
    assert problem.rule == "param.table_rows_max"
    assert "3" in problem.en
