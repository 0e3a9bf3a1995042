"""The grantcase command line: one module per command group."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import typer

from grantcase.cli import (
    audit,
    cases,
    clock,
    copies,
    forms,
    lanes,
    ledger,
    papers,
    rules,
    running,
    starting,
)
from grantcase.cli.do import do
from grantcase.cli.migrate_cases import migrate_cases
from grantcase.cli.opening import problems
from grantcase.cli.rebuild import rebuild

app = typer.Typer(
    help="補助案管 Grantcase: subsidy programmes, case by case, provable",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(running.demo)
app.command()(starting.init)
app.command()(cases.status)
app.command()(do)
cases.app.command("papers")(papers.case_papers)
cases.app.command("paper")(papers.case_paper)
cases.app.command("migrate")(migrate_cases)
app.add_typer(cases.app, name="case")
app.add_typer(papers.call_app, name="call")
app.add_typer(rules.app, name="rules")
app.add_typer(forms.app, name="forms")
app.add_typer(ledger.app, name="ledger")
app.add_typer(audit.app, name="audit")
app.add_typer(lanes.app, name="lanes")
app.add_typer(clock.app, name="clock")
app.command()(copies.backup)
app.command()(copies.restore)
app.command()(rebuild)
app.command()(running.migrate)
app.add_typer(running.run_app, name="run")
app.command()(running.up)
app.command()(running.down)

logging.getLogger("shared").addHandler(logging.NullHandler())
"""People see words; traces go to the log of a process that has one (grantcase.processes)."""

_UsageError: Any = typer.BadParameter.__base__
"""Wrong usage; typer shows its subclasses only."""


def main() -> None:
    """The entry point. Exit 1 for wrong usage, because 2 says that a rule blocks."""
    try:
        code = app(standalone_mode=False)
    except _UsageError as error:
        error.show()
        sys.exit(1)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except Exception as error:  # a fault of ours: words for the user, the rest for the operator
        sys.exit(_unforeseen(error))
    sys.exit(code if isinstance(code, int) else 0)


def _unforeseen(error: Exception) -> int:
    """Say what happened in both languages and keep the traceback in a file; the exit code."""
    path = Path(tempfile.gettempdir()) / f"grantcase-fault-{os.getpid()}.log"
    path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    text = f"{type(error).__name__}: {error}"
    problems.print(
        f"✗ 系統錯誤，請將 {path} 交給維運人員：{text}\n"
        f"  a fault of ours, for the operator: {path}",
        style="red",
        markup=False,
        soft_wrap=True,
    )
    return 70
