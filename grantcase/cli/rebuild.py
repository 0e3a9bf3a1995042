"""`grantcase rebuild SERVICE`: read models made again from the log, and swapped in."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from grantcase.backend import SERVICES
from grantcase.cli.opening import Store, console, fail, told
from grantcase.store_folder import default_folder, open_store
from shared.projection.rebuild import Rebuilt
from shared.projection.rebuild import rebuild as rebuild_projections


def rebuild(
    service: Annotated[str, typer.Argument(help="intake, review, finance, monitoring")],
    check: Annotated[
        bool, typer.Option("--check", help="只比對，不更動 compare only, change nothing")
    ] = False,
    store: Store = None,
) -> None:
    """Replay a service's log into fresh read models and replace what differs. With --check
    nothing is replaced, and the exit code is 2 when something differs."""
    if service not in SERVICES:
        fail(f"沒有服務 {service}", f"there is no service {service}: {', '.join(SERVICES)}")
    with told(), open_store(store or default_folder()) as embedded:
        embedded.settle()
        with _bar() as bar:
            task = bar.add_task(f"重播 replaying {service}", total=None)
            found = rebuild_projections(
                embedded.cores[service].units,
                swap=not check,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
    console.print(_table(found, check))
    if check and any(rebuilt.differing for rebuilt in found):
        raise typer.Exit(2)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True)


def _table(found: list[Rebuilt], check: bool) -> Table:
    table = Table("讀取模型 read model", "列 rows", "不符 differing", "結果 outcome")
    for rebuilt in found:
        same = "✓ 相同 equal" if not rebuilt.differing else ""
        outcome = same or ("✗ 不符 differs" if check else "✓ 已更換 replaced")
        table.add_row(rebuilt.table, f"{rebuilt.rows:,}", f"{rebuilt.differing:,}", outcome)
    return table
