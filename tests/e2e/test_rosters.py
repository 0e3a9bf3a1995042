"""Rosters as offices hand them in: what is read, and what is refused row by row."""

from __future__ import annotations

import base64
import io
import itertools
import time
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest

from grantcase.demo import people, proposals
from grantcase.demo.proposing import draft
from grantcase.demo.rosters import HEADER, roster_csv, shops
from shared.kernel.business_number import is_valid_ubn
from tests.support.embedded import Office, difference

KEY = "sharp"
APPLICANT = people.applicant(proposals.BY_KEY[KEY].ubn)
LIMIT_SECONDS = 20
"""Generous: the machine may be busy. On its own 10,000 rows take about two."""


@pytest.fixture
def desk(office: Office) -> Office:
    """An office with one open draft."""
    office.at("2023-03-01T10:00:00+08:00")
    draft(office.script, _stage(office), KEY)
    return office


def _stage(office: Office) -> Any:
    assert office.stage
    return office.stage


def text(count: int = 3) -> str:
    return roster_csv(shops(count, 7), "2023-03-01").decode("utf-8-sig")


def many(count: int) -> bytes:
    """A list of so many rows, each with a valid number of its own."""
    header, line = text(1).splitlines()
    own = shops(1, 7)[0].ubn
    numbers = (n for n in itertools.count(30_000_000) if is_valid_ubn(str(n)))
    return "\n".join(
        [header, *(line.replace(own, str(n)) for n in itertools.islice(numbers, count))]
    ).encode()


def imported(desk: Office, content: bytes) -> int:
    """How many rows were taken."""
    answer = desk.do(APPLICANT, "ImportTable", **_payload(desk, content))
    return int(answer["rows"])


def rows(desk: Office) -> list[Mapping[str, Any]]:
    """The roster as it stands."""
    events = desk.events("intake", _stage(desk).case(KEY))
    return list([e for e in events if e["type"] == "TableImported"][-1]["data"]["content"])


def refusal(desk: Office, content: bytes) -> Mapping[str, Any]:
    """The error document; nothing is stored."""
    before = desk.stored()
    document = desk.refused(APPLICANT, "ImportTable", **_payload(desk, content))
    assert difference(before, desk.stored()) == {}
    assert document["error"] == "invalid-table"
    assert document["message"]["zh-Hant"]
    assert document["message"]["en"]
    return document


def _payload(desk: Office, content: bytes) -> dict[str, Any]:
    return {
        "case_id": _stage(desk).case(KEY),
        "table": "F19",
        "file_name": "F19.csv",
        "file_base64": base64.b64encode(content).decode(),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "big5"])
def test_utf8_with_and_without_bom_and_big5_are_read_alike(desk: Office, encoding: str) -> None:
    assert imported(desk, text().encode(encoding)) == 3
    assert [row["name"] for row in rows(desk)] == [shop.name for shop in shops(3, 7)]


def test_empty_lines_and_other_line_ends_are_passed_over(desk: Office) -> None:
    lines = text().splitlines()
    assert imported(desk, ("\r\n\r\n".join(lines) + "\r\n,,,\r\n  \r\n").encode()) == 3


def test_full_width_digits_become_digits(desk: Office) -> None:
    number = shops(1, 7)[0].ubn
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    assert imported(desk, text().replace(number, wide).encode()) == 3
    assert rows(desk)[0]["ubn"] == number


def test_line_breaks_and_commas_inside_quotes_belong_to_the_cell(desk: Office) -> None:
    quoted = text().replace("早餐餐飲", "x").replace(shops(1, 7)[0].name, '"甲\n乙,丙"', 1)
    assert imported(desk, quoted.encode()) == 3
    assert rows(desk)[0]["name"] == "甲\n乙,丙"


def test_chinese_labels_are_as_good_as_ids(desk: Office) -> None:
    header, *lines = text().splitlines()
    labelled = header.replace("ubn", "統編", 1).replace("name", "公司名稱", 1)
    assert imported(desk, "\n".join([labelled, *lines]).encode()) == 3


def test_duplicate_numbers_are_named_with_both_rows(desk: Office) -> None:
    lines = text().splitlines()
    document = refusal(desk, "\n".join([*lines, lines[1]]).encode())
    assert document["field"] == "/rows/5/ubn"
    assert document["problems"]["B5"]["message"]["en"] == "the same as in row 2"


def test_every_wrong_cell_is_named_by_row_and_column(desk: Office) -> None:
    lines = [line.split(",") for line in text(4).splitlines()]
    lines[1][HEADER.index("ubn")] = "1234"
    lines[2][HEADER.index("employees")] = "三人"
    lines[3][HEADER.index("gov_plan_112")] = "maybe"
    document = refusal(desk, "\n".join(",".join(line) for line in lines).encode())
    assert {place: fault["field"] for place, fault in document["problems"].items()} == {
        "B2": "ubn",
        "C3": "employees",
        "I4": "gov_plan_112",
    }


def test_a_date_that_is_none_is_named_by_row(desk: Office) -> None:
    document = refusal_of_any_kind(desk, text().replace("2023-03-01", "2023-02-30", 1).encode())
    assert "lookup_on" in document["field"]


def refusal_of_any_kind(desk: Office, content: bytes) -> Mapping[str, Any]:
    before = desk.stored()
    document = desk.refused(APPLICANT, "ImportTable", **_payload(desk, content))
    assert difference(before, desk.stored()) == {}
    return document


def test_more_cells_than_columns_are_refused(desk: Office) -> None:
    lines = text().splitlines()
    document = refusal(desk, "\n".join([*lines[:2], lines[2] + ",extra", lines[3]]).encode())
    assert document["field"].startswith("/rows/3/")


def test_unknown_columns_are_named(desk: Office) -> None:
    header, *lines = text().splitlines()
    content = "\n".join([f"{header},favourite_colour", *(f"{line},blue" for line in lines)])
    document = refusal(desk, content.encode())
    (fault,) = document["problems"].values()
    assert (fault["field"], fault["message"]["en"]) == ("favourite_colour", "unknown column")


def test_a_missing_column_is_named(desk: Office) -> None:
    lines = [line.split(",") for line in text().splitlines()]
    place = HEADER.index("ubn")
    content = "\n".join(",".join([*line[:place], *line[place + 1 :]]) for line in lines)
    assert refusal(desk, content.encode())["field"] == "/rows/1/ubn"


def test_a_column_that_stands_twice_is_named(desk: Office) -> None:
    header, *lines = text().splitlines()
    content = "\n".join([f"{header},name", *(f"{line},other" for line in lines)])
    assert refusal(desk, content.encode())["field"] == "/rows/1/name"


def test_a_list_without_its_header_is_refused(desk: Office) -> None:
    content = "\n".join(text().splitlines()[1:])
    assert refusal(desk, content.encode())["field"].startswith("/rows/1/")


def test_an_empty_file_is_refused(desk: Office) -> None:
    document = refusal(desk, b"")
    assert (document["rule"], document["field"]) == ("EMPTY", "file_base64")


def test_ten_thousand_rows_are_taken_within_seconds(desk: Office) -> None:
    content = many(10_000)
    began = time.monotonic()
    assert imported(desk, content) == 10_000
    assert time.monotonic() - began < LIMIT_SECONDS


def test_one_row_more_is_refused_within_seconds(desk: Office) -> None:
    content = many(10_001)
    began = time.monotonic()
    document = refusal(desk, content)
    assert "10000" in document["message"]["en"]
    assert time.monotonic() - began < LIMIT_SECONDS


def workbook() -> bytes:
    buffer = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(list(HEADER))
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [proposals.pdf(1), workbook(), b"\x00\x01\x02\x03", bytes(range(256)), b'"never closed'],
    ids=["pdf", "xlsx", "nul bytes", "all bytes", "open quote"],
)
def test_what_is_no_table_is_refused_in_words(desk: Office, content: bytes) -> None:
    assert refusal(desk, content)["field"].startswith(("/rows/1/", "file_base64"))


def test_nul_characters_in_a_cell_are_named_by_row(desk: Office) -> None:
    content = text().replace(shops(1, 7)[0].name, "甲\0乙", 1).encode()
    assert refusal(desk, content)["field"] == "/rows/2/name"
    assert "D2" in refusal(desk, content)["problems"]


def test_what_is_no_base64_is_refused(desk: Office) -> None:
    document = desk.refused(
        APPLICANT, "ImportTable", **{**_payload(desk, b""), "file_base64": "not base64!"}
    )
    assert (document["error"], document["field"]) == ("invalid-input", "file_base64")


def test_a_faulty_list_leaves_the_earlier_one_in_place(desk: Office) -> None:
    imported(desk, text(5).encode())
    refusal(desk, b"ubn\n1\n")
    assert len(rows(desk)) == 5
