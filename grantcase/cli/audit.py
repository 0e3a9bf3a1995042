"""`grantcase audit ...`: derive every log again and name the first bad record."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from grantcase.auditing import Verdict, flip_one_byte, public_keys, verify_folder
from grantcase.cli.opening import Against, Store, console, must_be_known, told
from grantcase.store_folder import NoStore, default_folder

app = typer.Typer(help="稽核 verify the trail", no_args_is_help=True)


@app.command()
def verify(against: Against = "embedded", store: Store = None) -> None:
    """Re-derive every event hash, tree node and signed head of the four logs; exit 2 if bad.

    With --against local the four databases are read, whether or not the services run.
    """
    with told():
        verdicts = _verdicts(against, store)
        _print(verdicts)
    if not all(verdict.report.ok for verdict in verdicts):
        raise typer.Exit(2)


@app.command()
def keys(store: Store = None) -> None:
    """The public keys (hex) that verify the services' signed heads and receipts."""
    with told():
        for service, key in public_keys(_folder(store)).items():
            typer.echo(f"{service} {key}")


@app.command("tamper-demo")
def tamper_demo(
    store: Store = None,
    service: Annotated[str, typer.Option(help="服務 which log")] = "finance",
) -> None:
    """On a copy: change one byte of one event behind the system's back, and see it named."""
    with told(), tempfile.TemporaryDirectory(prefix="grantcase-tamper-") as scratch:
        folder = _folder(store)
        copy = Path(scratch) / "copy"
        shutil.copytree(folder, copy)
        _checkpoint(copy, service)
        changed = flip_one_byte(copy / f"{service}.db")
        console.print(
            f"在副本中竄改 changed one byte in a copy of {service}.db：\n"
            f"  sequence {changed.sequence}  {changed.type}  {changed.stream}\n"
            f"  {changed.before}\n  {changed.after}",
            markup=False,
        )
        verdicts = verify_folder(copy)
        _print(verdicts)
        found = next(v for v in verdicts if v.service == service)
        if found.report.problem and found.report.problem.sequence == changed.sequence:
            console.print("✓ 稽核指出同一筆紀錄 the audit names the very record", style="green")
            return
        console.print("✗ 未被發現 it was not found", style="red")
        raise typer.Exit(2)


def _verdicts(against: str, store: Path | None) -> list[Verdict]:
    must_be_known(against)
    if against == "embedded":
        return verify_folder(_folder(store))
    from grantcase.local import verify_local  # the message broker's client, only when asked

    return verify_local()


def _folder(store: Path | None) -> Path:
    folder = store or default_folder()
    if not (folder / "store.json").exists():
        raise NoStore(folder)
    return folder


def _checkpoint(folder: Path, service: str) -> None:
    """Bring the write-ahead log into the file, so that one file holds everything."""
    connection = sqlite3.connect(folder / f"{service}.db")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _print(verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        report = verdict.report
        if report.ok:
            console.print(
                f"✓ {verdict.service:<10} {report.events:,} 事件 events, "
                f"{report.feed_events:,} 公開 public, {report.heads} 簽章 signed heads, "
                f"未封存 unsealed {report.unsealed}, 未簽 unsigned {report.unsigned}",
                style="green",
                markup=False,
                soft_wrap=True,
            )
        elif report.problem:
            console.print(
                f"✗ {verdict.service:<10} {report.problem.zh}\n  {report.problem.en}",
                style="red",
                markup=False,
                soft_wrap=True,
            )
