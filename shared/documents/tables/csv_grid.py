"""A CSV file as a grid: UTF-8 with or without BOM, or Big5."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from shared.documents.tables.faults import refused_file
from shared.documents.tables.grid import Cell, Grid, Row

FIELD_MAX = 200_000
"""Characters of one cell; the csv module's own limit is lower and raises without a place."""


def csv_grid(table: str, content: bytes) -> Grid:
    """Raises InvalidTable when the bytes are no text, or no table."""
    return Grid(_rows(table, _text(table, content)), typed=False)


def _rows(table: str, text: str) -> Iterator[Row]:
    """Lines as a spreadsheet counts them: line breaks within quotes belong to the cell."""
    csv.field_size_limit(FIELD_MAX)
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        for number, line in enumerate(lines, start=1):
            if any(cell.strip() for cell in line):
                yield number, tuple(Cell(cell or None) for cell in line)
    except csv.Error as error:
        raise refused_file(
            table, "CSV_TEXT", f"第 {lines.line_num} 行：{error}", f"line {lines.line_num}: {error}"
        ) from None


def _text(table: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "big5hkscs"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused_file(
        table, "CSV_TEXT", "編碼須為 UTF-8 或 Big5", "it is neither UTF-8 nor Big5 text"
    )
