"""A grid as the rows of a table: its header, its marked lines, and every fault at once.

The header is one line of field ids or labels, or (as in a template) a line of labels above a line
of ids. Column A of a template marks its lines of notes and example; they are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from shared.documents.tables.cells import normal, value_of
from shared.documents.tables.faults import CellFault, Faults, refused_file
from shared.documents.tables.grid import Cell, Grid, Limits, Row
from shared.programmes.tables import OWNER, Column, Table

MARK = "#"
"""Id of a template's first column; its cells are NOTES, EXAMPLE or empty."""
NOTES, EXAMPLE = "說明 notes", "範例 example"
_MARKED = (NOTES.split()[0], EXAMPLE.split()[0])
_MARKED_LINES = 4
"""A marked line further down is a row that somebody copied: a fault, lest it get lost."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """`values` follow the form; `owners` are the row numbers (from 1) of the outer tables."""

    number: int
    owners: tuple[int, ...]
    values: dict[str, Any]


def read_rows(grid: Grid, table: Table, limits: Limits, key: str | None) -> list[TableRow]:
    """The rows of a table, `key` distinct where given. Raises InvalidTable."""
    faults = Faults(table.id)
    lines = iter(grid.rows)
    header, body = _header(lines, table, faults)
    rows_max, name = (
        (limits.workbook_rows, limits.workbook_name)
        if grid.typed
        else (limits.csv_rows, limits.csv_name)
    )
    rows: list[TableRow] = []
    seen: dict[Any, int] = {}
    for number, cells in body:
        if _is_marked(number, cells, header, faults):
            continue
        if len(rows) >= rows_max:
            raise refused_file(
                table.id, name, f"超過 {rows_max} 列", f"it has more than {rows_max} rows"
            )
        row = _row(number, cells, header, faults, grid.typed)
        _check_key(row, key, header, seen, faults)
        rows.append(row)
    faults.refuse()
    return rows


def _header(
    lines: Iterator[Row], table: Table, faults: Faults
) -> tuple[Sequence[Column | None], Iterator[Row]]:
    first = next(lines, None)
    if first is None:
        raise refused_file(table.id, "EMPTY", "檔案為空", "it is empty")
    second = next(lines, None)
    ids = {MARK, *(column.id for column in table.columns)}
    if second and {normal(str(cell.value)) for cell in second[1] if not cell.blank} <= ids:
        return _columns(*second, table, faults), lines
    return _columns(*first, table, faults), chain([second] if second else [], lines)


def _columns(
    number: int, cells: Sequence[Cell], table: Table, faults: Faults
) -> Sequence[Column | None]:
    known = _names(table)
    found: list[Column | None] = []
    for place, cell in enumerate(cells, start=1):
        name = "" if cell.blank else normal(str(cell.value))
        column = known.get(name.lower())
        if name and column is None and name != MARK:
            faults.cell(number, place, name, {}, CellFault("不認識的欄位", "unknown column"))
        elif column is not None and column in found:
            faults.cell(
                number, place, column.id, column.label, CellFault("欄位重複", "column twice")
            )
        found.append(_MARK_COLUMN if name == MARK else column)
    for column in table.columns:
        if column.required == "yes" and column not in found:
            missing = CellFault("缺少欄位", "missing column")
            faults.cell(number, None, column.id, column.label, missing)
    faults.refuse()
    return found


def _names(table: Table) -> Mapping[str, Column]:
    """Column by lower-case id or label; an id wins, a label of two columns names neither."""
    labels: dict[str, list[Column]] = {}
    for column in table.columns:
        for label in {column.label.get("zh-Hant", ""), column.label.get("en", "")} - {""}:
            labels.setdefault(normal(label).lower(), []).append(column)
    single = {label: found[0] for label, found in labels.items() if len(found) == 1}
    return {**single, **{column.id.lower(): column for column in table.columns}}


def _is_marked(
    number: int, cells: Sequence[Cell], header: Sequence[Column | None], faults: Faults
) -> bool:
    if _MARK_COLUMN not in header:
        return False
    place = header.index(_MARK_COLUMN)
    cell = cells[place] if place < len(cells) else Cell(None)
    if cell.blank:
        return False
    if number <= _MARKED_LINES and str(cell.value).strip().startswith(_MARKED):
        return True
    text = CellFault(
        f"此欄僅供說明與範例列使用；請清除「{cell.value}」",
        f"this column is for the lines of notes and example; clear {cell.value}",
    )
    faults.cell(number, place + 1, MARK, {}, text)
    return False


def _row(
    number: int,
    cells: Sequence[Cell],
    header: Sequence[Column | None],
    faults: Faults,
    typed: bool,
) -> TableRow:
    values: dict[str, Any] = {}
    owners: list[int] = []
    for place, cell in enumerate(cells, start=1):
        column = header[place - 1] if place <= len(header) else None
        if column is _MARK_COLUMN:
            continue
        if column is None:
            if not cell.blank:
                text = CellFault("此欄沒有欄名", "a cell beyond the named columns")
                faults.cell(number, place, "", {}, text)
            continue
        try:
            value = value_of(cell, column, typed=typed)
            if column.id.startswith(OWNER):
                owners.append(_owner(value))
            else:
                _place(values, column.id, value)
        except CellFault as fault:
            faults.cell(number, place, column.id, column.label, fault)
    return TableRow(number, tuple(owners), values)


def _owner(value: Any) -> int:
    if value is None or value < 1:
        raise CellFault("須填所屬列次（自 1 起）", "the row it belongs to, from 1")
    return int(value)


def _check_key(
    row: TableRow,
    key: str | None,
    header: Sequence[Column | None],
    seen: dict[Any, int],
    faults: Faults,
) -> None:
    value = row.values.get(key) if key else None
    if value is None:
        return
    if value in seen:
        place = next(i for i, c in enumerate(header, start=1) if c is not None and c.id == key)
        column = header[place - 1]
        text = CellFault(f"與第 {seen[value]} 列重複", f"the same as in row {seen[value]}")
        faults.cell(row.number, place, str(key), column.label if column else {}, text)
    seen.setdefault(value, row.number)


def _place(row: dict[str, Any], path: str, value: Any) -> None:
    *groups, name = path.split(".")
    for group in groups:
        row = row.setdefault(group, {})
    row[name] = value


_MARK_COLUMN = Column(MARK, {"zh-Hant": "列別", "en": "Line"}, None)  # type: ignore[arg-type]
