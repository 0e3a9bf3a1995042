"""The planned enterprise list from CSV: every fault with its row and column, or every row."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from shared.kernel.errors import InvalidInput

ROWS_MAX = 10_000
"""A longer list is refused before it is read to its end."""

_TRUE = {"是", "y", "yes", "true", "1", "有"}
_FALSE = {"否", "n", "no", "false", "0", "無"}


class RosterFaults(InvalidInput):
    """A list with faults: `problems` maps row numbers (as in the file, header = 1) to
    {column: text}."""

    code = "invalid-roster"


def read_roster(content: bytes, columns: Sequence[Any], key: str) -> list[dict[str, Any]]:
    """Rows as the form's fields. UTF-8 with or without BOM, or Big5; a header of column ids or
    labels in either language; empty lines are passed over; full-width digits become digits.

    Raises RosterFaults naming every faulty row and column, duplicates of `key` included.
    """
    lines = list(csv.reader(io.StringIO(_text(content), newline="")))
    if not lines:
        raise _refused({"1": {"": "檔案為空 empty file"}})
    header = _header(lines[0], columns)
    rows: list[dict[str, Any]] = []
    faults: dict[str, dict[str, str]] = {}
    first_seen: dict[Any, int] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(rows) >= ROWS_MAX:
            raise _refused({str(number): {"": f"超過 {ROWS_MAX} 列 more than {ROWS_MAX} rows"}})
        row, problems = _row(line, header)
        value = row.get(key)
        if value is not None and value in first_seen:
            problems[key] = (
                f"與第 {first_seen[value]} 列重複 same number as in row {first_seen[value]}"
            )
        first_seen.setdefault(value, number)
        if problems:
            faults[str(number)] = problems
        rows.append(row)
    if faults:
        raise _refused(faults)
    return rows


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "big5hkscs"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused({"1": {"": "編碼須為 UTF-8 或 Big5 neither UTF-8 nor Big5"}})


def _header(cells: Sequence[str], columns: Sequence[Any]) -> list[Any]:
    known = {}
    for column in columns:
        for name in (column.id, column.label.get("zh-Hant", ""), column.label.get("en", "")):
            known[_normal(name).lower()] = column
    found = [known.get(_normal(cell).lower()) for cell in cells]
    unknown = [
        cell for cell, column in zip(cells, found, strict=True) if column is None and cell.strip()
    ]
    missing = [column.id for column in columns if column.required == "yes" and column not in found]
    problems = {cell: "不認識的欄位 unknown column" for cell in unknown}
    problems.update({name: "缺少欄位 missing column" for name in missing})
    ids = [column.id for column in found if column is not None]
    problems.update({id: "欄位重複 column twice" for id in ids if ids.count(id) > 1})
    if problems:
        raise _refused({"1": problems})
    return found


def _row(line: Sequence[str], header: Sequence[Any]) -> tuple[dict[str, Any], dict[str, str]]:
    row: dict[str, Any] = {}
    problems: dict[str, str] = {}
    if len(line) > len(header) and any(cell.strip() for cell in line[len(header) :]):
        problems[""] = "欄位過多 more cells than columns"
    for column, cell in zip(header, line, strict=False):
        if column is None:
            continue
        try:
            _place(row, column.id, _value(_normal(cell), column.shape.kind))
        except ValueError as fault:
            problems[column.id] = str(fault)
    return row, problems


def _value(text: str, kind: str) -> Any:
    if text == "":
        return None
    if any(unicodedata.category(sign) == "Cc" and sign not in "\r\n\t" for sign in text):
        raise ValueError("含有控制字元 control characters")
    if kind in ("int", "money", "bp", "centi"):
        digits = text.replace(",", "")
        if not digits.removeprefix("-").isascii() or not digits.removeprefix("-").isdigit():
            raise ValueError(f"「{text}」不是整數 not a whole number")
        return int(digits)
    if kind == "bool":
        if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        raise ValueError(f"「{text}」須為 是／否 must be yes or no")
    if kind == "ubn" and not (len(text) == 8 and text.isascii() and text.isdigit()):
        raise ValueError(f"「{text}」須為 8 位數字 must be 8 digits")
    return text


def _place(row: dict[str, Any], path: str, value: Any) -> None:
    *groups, name = path.split(".")
    for group in groups:
        row = row.setdefault(group, {})
    row[name] = value


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _refused(problems: Mapping[str, Mapping[str, str]]) -> RosterFaults:
    number, first = next(iter(problems.items()))
    column, text = next(iter(first.items()))
    return RosterFaults(
        f"名冊有 {len(problems)} 列不符；第 {number} 列 {column}：{text}",
        f"{len(problems)} rows of the roster are faulty; row {number} {column}: {text}",
        field=f"/rows/{number}/{column}",
        problems={key: dict(value) for key, value in problems.items()},
    )
