"""`python -m tests.bench [--smoke] [row ...]`: the table of speeds, beside its peers.

One module per row (or few rows) with `run(smoke: bool) -> list[Row]`; Row = (label, value, target,
reached), reached None where there is no target. Ratios are taken within one run, medians of three.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROWS = tuple(
    name
    for name in (
        "append_single",
        "append_batches",
        "sequencing",
        "audit_verify",
        "relay",
        "rebuild",
        "reaction",
        "submitting",
        "rules_submit",
        "simulate",
        "closing_report",
    )
    if (Path(__file__).parent / f"{name}.py").exists()
)
_MARKS = {True: "[green]reached[/]", False: "[red]missed[/]", None: ""}


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 0 when every row could be measured (reached or not)."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: does every row run?")
    parser.add_argument("rows", nargs="*", default=ROWS, help=f"of: {', '.join(ROWS)}")
    chosen = parser.parse_args(arguments)
    console = Console()
    table = Table("what", "value", "to reach", "")
    broken = 0
    for name in chosen.rows:
        console.print(f"[dim]measuring {name} ...[/]")
        try:
            rows = importlib.import_module(f"tests.bench.{name}").run(chosen.smoke)
        except Exception as error:  # one row that fails must not hide the others
            broken += 1
            rows = [(name, f"{type(error).__name__}: {error}", "", False)]
        for label, value, target, reached in rows:
            table.add_row(label, value, target, _MARKS[reached])
    console.print(table)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    console.print(f"{os.cpu_count()} cores, load {load}{'; smoke sizes' if chosen.smoke else ''}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
