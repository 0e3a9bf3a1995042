"""The template workbook of a table: labels, field ids, notes, an example, checks on input.

row 1  labels (zh-Hant)         row 3  notes: type, choices, the pack's own words
row 2  field ids                row 4  an example, passed over when it is read
row 5  and on: the data         hidden sheet: programme, pack digest, table id; long choices
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from shared.documents.tables.grid import Limits
from shared.documents.tables.rows import EXAMPLE, MARK, NOTES
from shared.documents.tables.workbook_grid import STAMP, sheet_name
from shared.programmes.pack import Pack
from shared.programmes.shapes import NUMBERS
from shared.programmes.tables import Column, Table

FIRST_ROW = 5
_INLINE_MAX = 250
"""Characters of a list of choices within a check; a longer one stands on the hidden sheet."""
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed stamp, so that equal templates are equal bytes
_HEAD = PatternFill("solid", fgColor="1F4E78")
_PALE = PatternFill("solid", fgColor="DDEBF7")
_GREY = Font(color="7F7F7F", italic=True)
_KINDS = {
    "str": "文字",
    "int": "整數",
    "money": "新臺幣元，整數",
    "bp": "百分比（如 12.5%）或萬分點整數（1250）",
    "centi": "百分之一為單位之整數（1.25 填 125）",
    "bool": "是／否",
    "date": "日期（西元年-月-日，日期格式）",
    "instant": "時刻（含時區）",
    "ubn": "8 位數字（文字格式）",
    "email": "電子郵件",
    "phone": "電話（文字格式）",
    "url": "網址",
    "enum": "代碼",
}
_REQUIRED = {"yes": "必填", "conditional": "視情況必填"}


def template(pack: Pack, table: Table) -> bytes:
    """The .xlsx file; the same pack and table give the same bytes."""
    book = Workbook()
    book.properties.created = book.properties.modified = _EPOCH
    book.properties.creator = "Grantcase"
    book.properties.title = f"{table.id} {table.label['zh-Hant']}"
    sheet: Any = book.active
    sheet.title = sheet_name(table.id)
    stamp = book.create_sheet(STAMP)
    for row, text in enumerate((pack.id, pack.digest, table.id), start=1):
        stamp.cell(row, 1, text)
    stamp.sheet_state = "veryHidden"
    last = FIRST_ROW - 1 + Limits.of(pack.parameters).workbook_rows
    _marks(sheet)
    for place, column in enumerate(table.columns, start=2):
        _head(sheet, place, column)
        _check(sheet, stamp, place, column, last)
    sheet.freeze_panes = f"B{FIRST_ROW}"
    return _bytes(book)


def _marks(sheet: Any) -> None:
    for row, text in enumerate(("列別", MARK, NOTES, EXAMPLE), start=1):
        sheet.cell(row, 1, text).font = _GREY
    sheet.column_dimensions["A"].width = 14


def _head(sheet: Any, place: int, column: Column) -> None:
    label = sheet.cell(1, place, column.label["zh-Hant"])
    label.font, label.fill = Font(bold=True, color="FFFFFF"), _HEAD
    label.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.cell(2, place, column.id).font = _GREY
    notes = sheet.cell(3, place, "\n".join(_notes(column)))
    notes.alignment, notes.fill = Alignment(wrap_text=True, vertical="top"), _PALE
    sample = sheet.cell(4, place, _shown(column))
    sample.font = _GREY
    sample.number_format = _format(column)
    letter = get_column_letter(place)
    sheet.column_dimensions[letter].width = max(14, min(40, 2 * len(column.label["zh-Hant"]) + 2))
    sheet.column_dimensions[letter].number_format = _format(column)


def _notes(column: Column) -> Sequence[str]:
    kind = "代碼，多個以「、」分隔" if column.many else _KINDS[column.shape.kind]
    if column.many and column.shape.kind != "enum":
        kind = f"{_KINDS[column.shape.kind]}；多個以「、」分隔"
    lines = [f"{_REQUIRED.get(column.required, '選填')}；{kind}", column.label.get("en", "")]
    for choice in column.shape.choices:
        label = (column.choices.get(choice) or {}).get("zh-Hant")
        lines.append(f"{choice} {label}" if label else choice)
    if column.note:
        lines.append(column.note.get("zh-Hant", ""))
    return [line for line in lines if line]


def _shown(column: Column) -> Any:
    """The example as a person would type it."""
    value = column.example
    if isinstance(value, list):
        return "、".join(map(str, value)) or None
    if value is None or isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.shape.kind == "date":
        return date.fromisoformat(str(value))
    return str(value)


def _format(column: Column) -> str:
    if column.shape.kind == "date" and not column.many:
        return "yyyy-mm-dd"
    if column.shape.kind in ("money", "int", "centi") and not column.many:
        return "#,##0" if column.shape.kind == "money" else "0"
    return "General" if column.shape.kind == "bp" and not column.many else "@"


def _check(sheet: Any, stamp: Any, place: int, column: Column, last: int) -> None:
    if column.many:
        return
    check = _validation(stamp, place, column)
    if check is None:
        return
    letter = get_column_letter(place)
    check.errorTitle, check.promptTitle = column.id[:32], column.label["zh-Hant"][:32]
    check.prompt = "；".join(_notes(column))[:250]
    check.showErrorMessage = check.showInputMessage = True
    check.allow_blank = True
    sheet.add_data_validation(check)
    check.add(f"{letter}{FIRST_ROW}:{letter}{last}")


def _validation(stamp: Any, place: int, column: Column) -> DataValidation | None:
    kind = column.shape.kind
    if kind in ("enum", "bool"):
        choices = column.shape.choices if kind == "enum" else ("是", "否")
        return DataValidation("list", formula1=_list(stamp, place, choices), error="請自清單選取")
    if kind == "date":
        return DataValidation(
            "date", operator="greaterThan", formula1="1", error="須為日期（日期格式）"
        )
    if kind in NUMBERS - {"bp"}:
        return DataValidation(
            "whole", operator="between", formula1=str(-(10**15)), formula2=str(10**15),
            error="須為整數",
        )  # fmt: skip
    if kind == "ubn":
        return DataValidation(
            "textLength", operator="equal", formula1="8", error="須為 8 位數字（文字格式）"
        )
    return None


def _list(stamp: Any, place: int, choices: Sequence[str]) -> str:
    text = ",".join(choices)
    if len(text) <= _INLINE_MAX:
        return f'"{text}"'
    for row, choice in enumerate(choices, start=1):
        stamp.cell(row, place, choice)
    letter = get_column_letter(place)
    return f"{STAMP}!${letter}$1:${letter}${len(choices)}"


def _bytes(book: Workbook) -> bytes:
    """Saved with fixed times inside, so that equal templates are equal bytes."""
    saved, fixed = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w") as target:
        for part in source.infolist():
            plain = zipfile.ZipInfo(part.filename, (2000, 1, 1, 0, 0, 0))
            content = source.read(part)
            if part.filename == "docProps/core.xml":
                content = _without_time(content)
            target.writestr(plain, content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _without_time(core: bytes) -> bytes:
    """openpyxl writes the time of saving as `modified`, whatever was set."""
    start = core.find(b"<dcterms:modified")
    end = core.find(b"</dcterms:modified>")
    if start < 0 or end < 0:
        return core
    return core[:start] + core[end + len(b"</dcterms:modified>") :]
