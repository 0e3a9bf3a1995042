"""Reading a planned enterprise list from CSV: every fault with its row and column."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from services.intake.application.roster import ROWS_MAX, RosterFaults, read_roster


@dataclass(frozen=True)
class Shape:
    kind: str


@dataclass(frozen=True)
class Column:
    id: str
    label: dict
    shape: Shape
    required: str = "yes"


COLUMNS = (
    Column("ubn", {"zh-Hant": "統編", "en": "Business number"}, Shape("ubn")),
    Column("name", {"zh-Hant": "公司名稱", "en": "Name"}, Shape("str")),
    Column("employees", {"zh-Hant": "人數", "en": "Employees"}, Shape("int"), "no"),
    Column("helped", {"zh-Hant": "是否參與", "en": "Took part"}, Shape("bool"), "no"),
)


def read(text: str, encoding: str = "utf-8"):
    return read_roster(text.encode(encoding), COLUMNS, "ubn")


def faults(text: str, encoding: str = "utf-8"):
    with pytest.raises(RosterFaults) as caught:
        read(text, encoding)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "big5"])
@pytest.mark.parametrize(
    "header", ["ubn,name,employees", "統編,公司名稱,人數", "UBN,Name,employees"]
)
def test_headers_by_id_or_label_in_every_encoding(encoding, header):
    assert read(f"{header}\r\n12345676,甲店,4\r\n", encoding) == [
        {"ubn": "12345676", "name": "甲店", "employees": 4}
    ]


def test_empty_lines_are_passed_over_and_rows_keep_their_number_in_the_file():
    problem = faults("ubn,name\n\n12345676,甲\n,,\n1234567,乙\n")
    assert problem.problems == {"5": {"ubn": "「1234567」須為 8 位數字 must be 8 digits"}}
    assert problem.field == "/rows/5/ubn"


def test_full_width_digits_and_separators_are_read_as_digits():
    (row,) = read(
        "ubn,name,employees\n１２３４５６７６,甲,「1,234」\n".replace("「1,234」", '"１，２３４"')
    )
    assert row == {"ubn": "12345676", "name": "甲", "employees": 1234}


@pytest.mark.parametrize(
    ("text", "value"), [("是", True), ("否", False), ("Y", True), ("0", False)]
)
def test_yes_and_no_in_both_languages(text, value):
    (row,) = read(f"ubn,name,helped\n12345676,甲,{text}\n")
    assert row["helped"] is value


def test_the_same_number_twice_names_both_rows():
    problem = faults("ubn,name\n12345676,甲\n22099131,乙\n12345676,丙\n")
    assert problem.problems == {"4": {"ubn": "與第 2 列重複 same number as in row 2"}}


def test_every_faulty_row_is_reported_at_once():
    problem = faults("ubn,name,employees,helped\nabc,甲,四,也許\n12345676,乙,-1.5,是\n")
    assert set(problem.problems) == {"2", "3"}
    assert set(problem.problems["2"]) == {"ubn", "employees", "helped"}


def test_unknown_and_missing_columns_are_named():
    problem = faults("ubn,shoe size\n12345676,44\n")
    assert problem.problems["1"] == {
        "shoe size": "不認識的欄位 unknown column",
        "name": "缺少欄位 missing column",
    }


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x80\xff"])
def test_an_empty_file_and_unreadable_bytes_are_refused(content):
    with pytest.raises(RosterFaults):
        read_roster(content, COLUMNS, "ubn")


def test_as_many_rows_as_allowed_and_one_more():
    lines = [f"{20_000_000 + number},店{number}" for number in range(ROWS_MAX + 1)]
    assert len(read("ubn,name\n" + "\n".join(lines[:-1]))) == ROWS_MAX
    assert faults("ubn,name\n" + "\n".join(lines)).field == f"/rows/{ROWS_MAX + 2}/"
