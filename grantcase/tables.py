"""Tables that fit a terminal of 80 columns: rules between rows, none between columns."""

from __future__ import annotations

from rich import box
from rich.table import Table


def plain_table(title: str, *headings: str, right: tuple[str, ...] = ()) -> Table:
    """A table with two-line headings; columns of `right` hold numbers."""
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for heading in right:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def amount(twd: int | None) -> str:
    """An amount with separators; nothing where there is none."""
    return f"{twd:,}" if twd else "–"
