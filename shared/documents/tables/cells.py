"""One cell as the value of its column: whole numbers stay whole, and nothing is guessed.

A workbook types its cells; text where a date belongs, or a date where text belongs, is a slip of
the hand (or of the spreadsheet) and refused. (Longer than a page: one kind of value after another.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shared.documents.tables.faults import CellFault
from shared.documents.tables.grid import Cell, Content
from shared.kernel.clock import parse_instant
from shared.programmes.drafts import TEXT_MAX
from shared.programmes.shapes import NUMBERS
from shared.programmes.tables import Column

_TRUE = {"是", "y", "yes", "true", "1", "有"}
_FALSE = {"否", "n", "no", "false", "0", "無"}
_EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number; what is longer is no longer what was typed."""
_SEPARATORS = re.compile(r"[、;；\n]")


def normal(text: str) -> str:
    """Full-width digits and letters as ordinary ones, no white space around."""
    return unicodedata.normalize("NFKC", text).strip()


def value_of(cell: Cell, column: Column, *, typed: bool) -> Any:
    """The value for the form: str, int, bool, a list where the column holds many, or None.

    `typed`: the cell comes from a workbook. Raises CellFault.
    """
    if cell.broken:
        raise CellFault(f"試算表錯誤 {cell.value}", f"the spreadsheet shows {cell.value} there")
    if cell.blank:
        return [] if column.many else None
    if column.many:
        return [_one(Cell(part), column, False) for part in _parts(_text(cell.value))]
    return _one(cell, column, typed)


def _one(cell: Cell, column: Column, typed: bool) -> Any:
    kind = column.shape.kind
    if kind in NUMBERS:
        return _whole(cell, kind)
    if kind == "enum":
        return _choice(_text(cell.value), column)
    if kind == "date":
        return _date(cell.value, typed)
    return _OTHERS.get(kind, _free_text)(cell.value)


def _whole(cell: Cell, kind: str) -> int:
    number, percent = _number(cell)
    if percent and kind == "bp":
        number *= 10_000
    elif percent:
        raise CellFault("不得為百分比", "a percentage where a plain number belongs")
    if number != int(number):
        raise CellFault(f"「{_figure(number)}」有小數，須為整數", "decimals in a whole number")
    if abs(number) >= _EXACT:
        raise CellFault("數字過大（15 位以內）", "too large: at most fifteen digits")
    return int(number)


def _number(cell: Cell) -> tuple[Decimal, bool]:
    """The exact number and whether it is a percentage (0.1 for 10 %)."""
    value = cell.value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value), cell.percent
    if isinstance(value, str):
        text = normal(value).replace(",", "")
        percent = text.endswith("%")
        text = text.removesuffix("%").strip()
        if re.fullmatch(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", text, re.ASCII):
            return Decimal(text) / (100 if percent else 1), percent
    raise CellFault(f"「{value}」不是整數", "not a whole number")


def _choice(text: str, column: Column) -> str:
    for choice in column.shape.choices:
        labels = column.choices.get(choice) or {}
        if text in (choice, *map(normal, labels.values())):
            return choice
    known = "、".join(column.shape.choices)
    raise CellFault(f"「{text}」須為其一：{known}", f"{text} is none of {known}")


def _date(value: Content, typed: bool) -> str:
    if isinstance(value, datetime):
        if value.hour or value.minute or value.second or value.microsecond:
            raise CellFault("日期不得帶時刻", "a date with a time of day")
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if typed:
        raise CellFault(
            f"「{value}」是文字或數字，不是日期；請以日期格式輸入",
            "text or a number, not a date: format the cell as a date",
        )
    text = _text(value)
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise CellFault(f"「{text}」不是日期 (YYYY-MM-DD)", "not a date (YYYY-MM-DD)") from None


def _bool(value: Content) -> bool:
    if isinstance(value, bool):
        return value
    text = _text(value).lower()
    if text not in _TRUE | _FALSE:
        raise CellFault(f"「{text}」須為 是／否", "must be yes or no")
    return text in _TRUE


def _ubn(value: Content) -> str:
    text = _text(value)
    if not re.fullmatch(r"[0-9]{8}", text, re.ASCII):
        raise CellFault(
            f"「{text}」須為 8 位數字（首位為 0 者請設為文字格式）",
            "must be 8 digits (a leading zero needs a cell of text)",
        )
    return text


def _phone(value: Content) -> str:
    if not isinstance(value, str):
        raise CellFault(
            "電話須為文字格式，否則首位 0 會遺失", "a number: the leading zero is lost; use text"
        )
    return _text(value)


def _instant(value: Content) -> str:
    text = _text(value)
    try:
        parse_instant(text)
    except ValueError:
        raise CellFault(f"「{text}」不是含時區之時刻", "not an instant with its offset") from None
    return text


def _email(value: Content) -> str:
    text = _text(value)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise CellFault(f"「{text}」不是電子郵件", "not an e-mail address")
    return text


def _free_text(value: Content) -> str:
    """Prose and names as they were written; only white space around them goes."""
    text = _text(value)
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else text


def _text(value: Content) -> str:
    """The cell as text, full-width forms made ordinary."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        raise CellFault(
            f"「{value}」被試算表轉為日期；請設為文字格式",
            "the spreadsheet made a date of it: format the cell as text",
        )
    text = normal(value if isinstance(value, str) else _figure(value))
    if any(unicodedata.category(sign) == "Cc" and sign not in "\r\n\t" for sign in text):
        raise CellFault("含有控制字元", "control characters")
    if len(text) > TEXT_MAX:
        raise CellFault(f"超過 {TEXT_MAX} 字", f"more than {TEXT_MAX} characters")
    return text


def _figure(value: Content) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _parts(text: str) -> list[str]:
    return [part for part in map(str.strip, _SEPARATORS.split(text)) if part]


_OTHERS: dict[str, Callable[[Content], Any]] = {
    "bool": _bool,
    "ubn": _ubn,
    "phone": _phone,
    "instant": _instant,
    "email": _email,
}
