"""Workbooks as people hand them in, made from the templates: filled in, disguised, broken."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import openpyxl

from shared.documents.tables import package
from shared.documents.tables.reading import TableFile, read_table
from shared.documents.tables.template import FIRST_ROW, template
from shared.documents.tables.workbook_grid import STAMP
from shared.programmes.location import programme_folder
from shared.programmes.pack import Pack, load_pack
from shared.programmes.tables import table_of

Fill = Callable[[Any], None]


@cache
def pack() -> Pack:
    return load_pack(programme_folder("coprosperity-112"))


@cache
def blank(table: str) -> bytes:
    return template(pack(), table_of(pack(), table))


def filled(table: str = "F19", *changes: Fill, rows: int = 1) -> bytes:
    """The template with its own example as data rows, then changed."""
    book = openpyxl.load_workbook(io.BytesIO(blank(table)))
    sheet = book[table]
    for row in range(FIRST_ROW, FIRST_ROW + rows):
        for column in range(2, sheet.max_column + 1):
            sheet.cell(row, column, sheet.cell(4, column).value)
            sheet.cell(row, column).number_format = sheet.cell(4, column).number_format
    for change in changes:
        change(sheet)
    return saved(book)


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def put(place: str, value: Any, number_format: str | None = None) -> Fill:
    def change(sheet: Any) -> None:
        sheet[place] = value
        if number_format:
            sheet[place].number_format = number_format

    return change


def read(content: bytes, table: str = "F19", name: str = "list.xlsx") -> list[dict[str, Any]]:
    key = "ubn" if table == "F19" else None
    rows = read_table(pack(), table_of(pack(), table), TableFile(name, content), key)
    return [row.values for row in rows]


def repacked(content: bytes, change: Callable[[str, bytes], bytes], **added: bytes) -> bytes:
    """The archive with its parts changed and others added (`a__b` stands for a/b)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(part, old.read(part)), zipfile.ZIP_DEFLATED)
        for name, data in added.items():
            new.writestr(name.replace("__", "/"), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def same(_: str, data: bytes) -> bytes:
    return data


def merged(sheet: Any) -> None:
    sheet.merge_cells("E5:F5")


def macros(content: bytes) -> bytes:
    return repacked(content, same, xl__vbaProject_bin=b"x").replace(
        b"vbaProject_bin", b"vbaProject.bin"
    )


def macro_enabled(content: bytes) -> bytes:
    return repacked(
        content,
        lambda part, data: (
            data.replace(
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            )
            if part == "[Content_Types].xml"
            else data
        ),
    )


def sheet_part(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    return repacked(content, lambda p, d: change(d) if p.endswith("sheet1.xml") else d)


def foreign() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(blank("F19")))
    book[STAMP]["A1"] = "another-1"
    return saved(book)


def renamed() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(filled("F19")))
    book["F19"].title = "名冊"
    return saved(book)


def bomb() -> bytes:
    return repacked(filled("F19"), same, xl__media__zero=b"\0" * (package.UNPACKED_MAX + 1))


def entities(content: bytes) -> bytes:
    head = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    return sheet_part(content, lambda data: data.replace(b"<worksheet", head + b"<worksheet", 1))


OLD_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "macros": (lambda: macros(filled("F19")), "MACROS"),
    "macro-enabled type": (lambda: macro_enabled(filled("F19")), "MACROS"),
    "excel 4 macro sheet": (
        lambda: repacked(filled("F19"), same, xl__macrosheets__sheet1=b"<x/>"),
        "MACROS",
    ),
    "formula": (lambda: filled("F19", put("D5", "=2+2")), "FORMULAS"),
    "merged cells": (lambda: filled("F19", merged), "MERGED_CELLS"),
    "another table's template": (lambda: filled("F03"), "WRONG_SHEET"),
    "another programme's template": (foreign, "WRONG_SHEET"),
    "another sheet name": (renamed, "WRONG_SHEET"),
    "zip bomb": (bomb, "UNPACKED_MAX"),
    "entities": (lambda: entities(filled("F19")), "XML_ENTITIES"),
    "password": (lambda: OLD_XLS + "EncryptedPackage".encode("utf-16-le"), "ENCRYPTED"),
    "old .xls": (lambda: OLD_XLS, "OLD_WORKBOOK"),
    "a picture named .xlsx": (lambda: b"\x89PNG\r\n\x1a\n", "NOT_A_WORKBOOK"),
    "some zip": (lambda: repacked(filled("F19"), same)[:200], "NOT_A_WORKBOOK"),
    "a column far away": (lambda: filled("F19", put("XFD5", "x")), "COLUMNS_MAX"),
    "a row that does not exist": (
        lambda: sheet_part(
            filled("F19"), lambda data: data.replace(b'<row r="5"', b'<row r="999999999"')
        ),
        "NOT_A_WORKBOOK",
    ),
    "broken sheet": (
        lambda: sheet_part(filled("F19"), lambda data: data[: len(data) // 2]),
        "NOT_A_WORKBOOK",
    ),
}


def with_error(data: bytes) -> bytes:
    start = data.index(b'<c r="D5"')
    end = data.index(b"</c>", start)
    return data[:start] + b'<c r="D5" t="e"><v>#REF!</v>' + data[end:]
