"""From a file to the form that it belongs to: the one door of this package for imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from shared.documents.tables.csv_grid import csv_grid
from shared.documents.tables.faults import CellFault, Faults, refused_file
from shared.documents.tables.grid import Grid, Limits
from shared.documents.tables.rows import TableRow, read_rows
from shared.documents.tables.workbook_grid import workbook_grid
from shared.programmes.pack import Pack
from shared.programmes.tables import OWNER, Table

FILE_BYTES_MAX = 20 * 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file as handed in; what it is, its bytes say."""

    name: str
    content: bytes


def read_table(pack: Pack, table: Table, file: TableFile, key: str | None = None) -> list[TableRow]:
    """The rows that a file holds of a table. Raises InvalidTable: every fault with its cell."""
    return read_rows(_grid(pack, table, file), table, Limits.of(pack.parameters), key)


def with_rows(table: Table, form: Any, rows: Sequence[TableRow]) -> Any:
    """The form's content with the table's rows replaced; the given form stays as it is.

    Rows of an inner table go to the outer rows that they name; of a whole form the outer rows are
    new, and their inner tables empty. Raises InvalidTable when an outer row does not exist.
    """
    if not table.path:
        return [row.values for row in rows]
    content = deepcopy(form)
    if not table.owners:
        _set(content, table.path, [row.values for row in rows])
        return content
    _distribute(table, content, rows)
    return content


def _grid(pack: Pack, table: Table, file: TableFile) -> Grid:
    if len(file.content) > FILE_BYTES_MAX:
        raise refused_file(
            table.id,
            "FILE_BYTES_MAX",
            f"{len(file.content):,} 位元組，上限 {FILE_BYTES_MAX:,}",
            f"{len(file.content):,} bytes; at most {FILE_BYTES_MAX:,}",
        )
    if file.content.startswith((_ZIP, _OLE)):
        return workbook_grid(table.id, file.content, pack.id)
    if file.name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        raise refused_file(
            table.id,
            "NOT_A_WORKBOOK",
            f"{file.name} 的內容不是活頁簿",
            f"the content of {file.name} is no workbook",
        )
    return csv_grid(table.id, file.content)


def _distribute(table: Table, content: Any, rows: Sequence[TableRow]) -> None:
    faults = Faults(table.id)
    owners = [tuple(_path_in(table, owner)) for owner in table.owners]
    inner = table.path[sum(map(len, owners)) :]
    outer = _outer_rows(content, owners)
    for held in outer.values():
        _set(held, inner, [])
    for row in rows:
        owner = outer.get(row.owners)
        if owner is None:
            text = CellFault(
                f"沒有第 {'.'.join(map(str, row.owners))} 列", "there is no such row in the draft"
            )
            faults.cell(row.number, None, f"{OWNER}{table.owners[-1]}", {}, text)
            continue
        _get(owner, inner).append(row.values)
    faults.refuse()


def _path_in(table: Table, owner: str) -> Sequence[str]:
    """Steps from the outer table before it (or the form) to the table `owner`."""
    steps = owner.split(".")[1:]
    before = [o for o in table.owners if len(o) < len(owner)]
    return steps[len(before[-1].split(".")) - 1 :] if before else steps


def _outer_rows(
    content: Any, owners: Sequence[tuple[str, ...]]
) -> Mapping[tuple[int, ...], dict[str, Any]]:
    found: dict[tuple[int, ...], Any] = {(): content}
    for steps in owners:
        found = {
            (*numbers, number): row
            for numbers, held in found.items()
            for number, row in enumerate(_get(held, steps), start=1)
        }
    return found


def _get(content: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        content = content[step]
    return content


def _set(content: Any, steps: Sequence[str], value: Any) -> None:
    _get(content, steps[:-1])[steps[-1]] = value
