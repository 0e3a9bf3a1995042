"""The grantcase command line: one module per command group."""

from __future__ import annotations

import sys
from typing import Any

import typer

from grantcase.cli import audit, cases, clock, copies, lanes, ledger, rules, running, starting
from grantcase.cli.do import do
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
app.add_typer(cases.app, name="case")
app.add_typer(rules.app, name="rules")
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

_UsageError: Any = typer.BadParameter.__base__
"""Wrong usage; typer shows its subclasses only."""


def main() -> None:
    """The entry point. Exit 1 for wrong usage, because 2 says that a rule blocks."""
    try:
        code = app(standalone_mode=False)
    except _UsageError as error:
        error.show()
        sys.exit(1)
    except typer.Abort:
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
