"""What both kinds of file become: numbered rows of cells, and how large a table may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Content = str | int | Decimal | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as the file types it; `percent`: a number shown as percent, 0.1 for 10 %;
    `broken`: the spreadsheet shows an error there (#REF!)."""

    value: Content
    percent: bool = False
    broken: bool = False

    @property
    def blank(self) -> bool:
        """Nothing, or white space."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


EMPTY = Cell(None)
Row = tuple[int, tuple[Cell, ...]]
"""Number in the file from 1, cells from column A; empty rows are left out."""


@dataclass(frozen=True, slots=True)
class Grid:
    """`typed`: the file knows dates and numbers (a workbook), so text in their place is a slip."""

    rows: Iterable[Row]
    typed: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows of data a table may have; the names stand in the refusal.

    A workbook has to be unpacked and takes thirty times the memory of a CSV file.
    """

    csv_rows: int = 10_000
    workbook_rows: int = 5_000
    csv_name: str = "CSV_ROWS_MAX"
    workbook_name: str = "WORKBOOK_ROWS_MAX"

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Limits:
        """A pack's parameter `table_rows_max` takes the place of both."""
        own = parameters.get("table_rows_max")
        if not isinstance(own, int):
            return cls()
        return cls(own, own, "param.table_rows_max", "param.table_rows_max")
