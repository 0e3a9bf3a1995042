"""The faults of a table file: all of them at once, each with its cell and its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from shared.kernel.errors import InvalidInput

SHOWN_MAX = 200
"""So many faults are listed; how many there are is said."""


class CellFault(ValueError):
    """What is wrong with one value, in both languages."""

    def __init__(self, zh: str, en: str):
        super().__init__(en)
        self.zh = zh
        self.en = en


class InvalidTable(InvalidInput):
    """The file is not taken. `problems` maps a cell (`B5`), a row (`5`) or the file (`-`) to
    {row, column, field, label, message: {zh-Hant, en}}; row and column as in the file."""

    code = "invalid-table"


@dataclass(slots=True)
class Faults:
    """Collects faults of one table; `refuse` ends the reading when there are any."""

    table: str
    total: int = 0
    found: dict[str, dict[str, Any]] = field(default_factory=dict)

    def cell(
        self, row: int, place: int | None, name: str, label: Mapping[str, str], fault: CellFault
    ) -> None:
        """A fault of one cell; `place` is its column from 1, None where the file has none."""
        letter = get_column_letter(place) if place else ""
        self._add(
            f"{letter}{row}" if letter else f"{row}/{name}",
            {"row": row, "column": letter or None, "field": name, "label": dict(label)},
            fault,
        )

    def row(self, row: int, fault: CellFault) -> None:
        """A fault of a whole row."""
        self._add(str(row), {"row": row, "column": None, "field": None, "label": None}, fault)

    def refuse(self) -> None:
        """Raises InvalidTable naming the first fault and carrying all of them."""
        if not self.found:
            return
        place, first = next(iter(self.found.items()))
        label = first["label"] or {}
        more_zh = f"；共 {self.total} 處，列出前 {SHOWN_MAX} 處" if self.total > SHOWN_MAX else ""
        more_en = f"; {self.total} in all, {SHOWN_MAX} listed" if self.total > SHOWN_MAX else ""
        raise InvalidTable(
            f"表格 {self.table} 有 {self.total} 處不符；{place} {label.get('zh-Hant', '')}："
            f"{first['message']['zh-Hant']}{more_zh}",
            f"table {self.table} has {self.total} faults; {place} {label.get('en', '')}: "
            f"{first['message']['en']}{more_en}",
            field=f"/rows/{first['row']}/{first['field'] or first['column'] or ''}",
            problems=self.found,
        )

    def _add(self, place: str, described: dict[str, Any], fault: CellFault) -> None:
        self.total += 1
        if len(self.found) < SHOWN_MAX and place not in self.found:
            self.found[place] = {**described, "message": {"zh-Hant": fault.zh, "en": fault.en}}


def refused_file(table: str, rule: str, zh: str, en: str) -> InvalidTable:
    """The file as a whole is refused by a limit or a rule of this reader, which has a name."""
    return InvalidTable(
        f"表格 {table} 的檔案不予收受（{rule}）：{zh}",
        f"the file of table {table} is refused ({rule}): {en}",
        field="file_base64",
        rule=rule,
    )


def listed(names: Sequence[str]) -> str:
    """Names for a message, the first ten."""
    return "、".join(names[:10]) + ("…" if len(names) > 10 else "")
