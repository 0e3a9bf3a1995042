"""A workbook's sheet as a grid, read as it stands: values only, nothing is evaluated."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from shared.documents.tables.faults import listed, refused_file
from shared.documents.tables.grid import EMPTY, Cell, Grid, Row
from shared.documents.tables.package import Package
from shared.kernel.canonical import sha256_hex

STAMP = "_grantcase"
NAME_MAX = 31
"""The hidden sheet of a template: programme, pack digest and table id in A1, A2 and A3."""


def sheet_name(table: str) -> str:
    """The table's id; one that is too long for a sheet ends in its hash."""
    return table if len(table) <= NAME_MAX else f"{table[:22]}~{sha256_hex(table.encode())[:8]}"


def workbook_grid(table: str, content: bytes, programme: str) -> Grid:
    """The sheet named by the table. Raises InvalidTable, for a workbook of another table or
    programme too; a workbook without the stamp is taken when its sheet has the right name."""
    package, name = Package(table, content), sheet_name(table)
    book: Any = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that are not read
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            _check_stamp(table, book, programme)
        if name not in package.sheets or name not in book.sheetnames:
            shown = [other for other in book.sheetnames if other != STAMP]
            raise refused_file(
                table,
                "WRONG_SHEET",
                f"沒有名為「{name}」的工作表；檔案內有：{listed(shown)}",
                f"it has no sheet named {name}; there are: {listed(shown)}",
            )
        package.check_sheet(name)
        return Grid(tuple(_rows(book[name])), typed=True)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError) as error:
        raise refused_file(
            table,
            "NOT_A_WORKBOOK",
            f"不是可讀取的 .xlsx 檔：{error}",
            f"it is no .xlsx workbook that can be read: {error}",
        ) from None
    finally:
        if book is not None:
            book.close()


def _check_stamp(table: str, book: Any, programme: str) -> None:
    if STAMP not in book.sheetnames:
        return
    cells = [row[0] for row in book[STAMP].iter_rows(max_row=3, max_col=1, values_only=True) if row]
    known, _, stamped = [*map(str, cells), "", "", ""][:3]
    if (known, stamped) != (programme, table):
        raise refused_file(
            table,
            "WRONG_SHEET",
            f"這是 {known} 的 {stamped} 範本，不是 {programme} 的 {table}",
            f"it is the template of {stamped} of {known}, not of {table} of {programme}",
        )


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    for number, line in enumerate(sheet.iter_rows(), start=1):
        cells = tuple(EMPTY if cell.value is None else _cell(cell) for cell in line)
        if not all(cell.blank for cell in cells):
            yield number, cells


def _cell(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e":
        return Cell(str(value), broken=True)
    if isinstance(value, float):
        exact = Decimal(repr(value))
        whole = exact == int(exact)
        return Cell(int(exact) if whole else exact, percent="%" in (cell.number_format or ""))
    if isinstance(value, int) and not isinstance(value, bool):
        return Cell(value, percent="%" in (cell.number_format or ""))
    if isinstance(value, date | bool | str):
        return Cell(value)
    return Cell(str(value))
