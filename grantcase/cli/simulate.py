"""`grantcase rules simulate`: a new version of a pack on the past cases of a call.

(A little over a page: what is computed, printed and told is one report.)
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from grantcase.cli.opened_packs import folder_of, valid
from grantcase.cli.opening import Store, console, fail, told
from grantcase.embedded import Embedded
from grantcase.simulating import (
    FLIPPED,
    NOT_REBUILT,
    Call,
    NoSuchCall,
    Outcome,
    call_of,
    simulate,
)
from grantcase.store_folder import default_folder, open_store
from shared.programmes.pack import Pack, load_pack
from shared.programmes.validation import validate

SHOWN = 30
"""Rows of a table; the rest stands in --json."""


def simulate_command(
    pack: Annotated[
        str, typer.Option("--pack", help="新版規則包資料夾或代號 folder or id of the new version")
    ],
    call: Annotated[str, typer.Option("--call", help="梯次代號或編號 code or id of the call")],
    moment: Annotated[
        list[str] | None, typer.Option("--moment", help="只看此時點 only this moment")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="輸出 JSON print JSON")] = False,
    store: Store = None,
) -> None:
    """Re-run a new version over the past cases of a call, without writing: who flips, by which
    clause, and what it does to the money. Exit 0: nobody flips; 2: somebody does; 1: unusable
    input."""
    new = _new_version(pack)
    if unknown := [name for name in moment or () if name not in new.moments]:
        fail(
            f"新版沒有時點 {unknown[0]}；現有：{'、'.join(new.moments)}",
            f"the version has no moment {unknown[0]}; there are: {', '.join(new.moments)}",
        )
    with told(), open_store(store or default_folder()) as embedded:
        chosen = call_named(embedded, new.id, call)
        if chosen.data["pack_digest"] == new.digest:
            fail(
                f"梯次 {call} 即適用此版（v{new.version} {new.digest[:12]}），無從比較",
                f"call {call} is under this very version (v{new.version}, {new.digest[:12]})",
            )
        outcomes = run(embedded, new, chosen, moment or ())
    report = report_of(new, chosen, outcomes)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        show(report)
    if report["flips"]:
        raise typer.Exit(2)


def call_named(embedded: Embedded, programme: str, wanted: str) -> Call:
    """The call of that code or id; ends the program when there is none."""
    try:
        return call_of(embedded, programme, wanted)
    except NoSuchCall as known:
        fail(
            f"{programme} 沒有梯次 {wanted}；現有：{known}",
            f"{programme} has no call {wanted}; there are: {known}",
        )


def run(embedded: Embedded, new: Pack, call: Call, moments: Sequence[str] = ()) -> list[Outcome]:
    """Every past decision under the new version, with the progress shown."""
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), transient=True) as bar:
        task = bar.add_task("", total=None)
        found: list[Outcome] = []
        for outcome in simulate(embedded, new, call.cases, moments=moments):
            found.append(outcome)
            text = f"{outcome.service}: {len(found)} 件決定 decisions ({outcome.case_number})"
            bar.update(task, description=text)
    return found


def report_of(new: Pack, call: Call, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What --json prints."""
    statuses = Counter(outcome.status for outcome in outcomes)
    return {
        "programme": new.id,
        "from": sorted({outcome.digest for outcome in outcomes}),
        "to": {"version": new.version, "digest": new.digest},
        "call": {"id": str(call.data["call_id"]), "code": call.data["call_code"]},
        "cases": len(call.cases),
        "decisions": len(outcomes),
        "by_status": dict(sorted(statuses.items())),
        "flips": [_row(outcome) for outcome in outcomes if outcome.status == FLIPPED],
        "changes": [_row(outcome) for outcome in outcomes if outcome.status == "changed"],
        "not_rebuilt": [_row(o) for o in outcomes if o.status == NOT_REBUILT],
        "money": _money(outcomes),
    }


def show(report: Mapping[str, Any]) -> None:
    """The report for people."""
    console.print(
        f"{report['programme']} v{report['to']['version']} {report['to']['digest'][:12]} · "
        f"梯次 call {report['call']['code']} · {report['cases']} 案 cases · "
        f"{report['decisions']} 項決定 decisions",
        markup=False,
    )
    _flips(report["flips"])
    _money_table(report["money"])
    other = len(report["changes"])
    console.print(f"其他差異 other differences: {other}（--json）", markup=False)
    missing = Counter(
        (row["command"], row["moment"], row["reason"]["zh-Hant"], row["reason"]["en"])
        for row in report["not_rebuilt"]
    )
    total = sum(missing.values())
    console.print(f"無法重建 not rebuilt: {total}", markup=False)
    for (command, moment, zh, en), number in missing.most_common(SHOWN):
        console.print(f"  {number} × {command}/{moment}：{zh} {en}", markup=False, soft_wrap=True)


def _flips(rows: Sequence[Mapping[str, Any]]) -> None:
    console.print(f"結果翻轉 flips: {len(rows)}", markup=False)
    if not rows:
        return
    table = Table("案號 case", "時點 moment", "原 before", "新 after", "條款 clauses", box=None)
    for row in rows[:SHOWN]:
        why = "、".join(row["clauses"]) or (row["reason"] or {}).get("zh-Hant", "")
        later = " *" if row["after_flip"] else ""
        table.add_row(row["case_number"] + later, row["moment"], row["before"], row["after"], why)
    console.print(table, markup=False)
    if any(row["after_flip"] for row in rows):
        console.print("* 先前即已翻轉為不通過 refused at an earlier decision already", markup=False)


def _money_table(money: Mapping[str, Any]) -> None:
    if not money:
        console.print("金額無差異 no difference in money", markup=False)
        return
    table = Table("時點 moment", "數值 value", "案數 cases", "差額 difference NT$", box=None)
    for key, row in money.items():
        moment, _, name = key.partition(":")
        table.add_row(moment, name, str(row["cases"]), f"{row['difference_twd']:+,}")
    console.print(table, markup=False)


def _money(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """moment:value -> how many cases, the sum of differences, and each case's own. The last
    decision of a case on a moment counts: an earlier one was replaced by it."""
    by_case: dict[str, dict[str, int]] = {}
    for outcome in outcomes:
        for name in outcome.values:
            by_case.get(f"{outcome.moment}:{name}", {}).pop(outcome.case_number, None)
        for name, difference in outcome.money().items():
            rows = by_case.setdefault(f"{outcome.moment}:{name}", {})
            rows[outcome.case_number] = difference
    return {
        key: {"cases": len(rows), "difference_twd": sum(rows.values()), "by_case": rows}
        for key, rows in sorted(by_case.items())
        if rows
    }


def _row(outcome: Outcome) -> dict[str, Any]:
    return {
        "case_id": str(outcome.case_id),
        "case_number": outcome.case_number,
        "service": outcome.service,
        "decision": str(outcome.event_id),
        "command": outcome.command,
        "moment": outcome.moment,
        "decided_at": outcome.decided_at,
        "digest": outcome.digest,
        "before": outcome.before,
        "after": outcome.after,
        "clauses": list(outcome.clauses),
        "values": {name: list(pair) for name, pair in outcome.values.items()},
        "money": outcome.money(),
        "reason": outcome.reason,
        "after_flip": outcome.after_flip,
    }


def _new_version(pack: str) -> Pack:
    """A folder without faults: refused with file, line, field and reason before anything else."""
    folder: Path = folder_of(pack)
    if validate(folder):
        valid(folder)  # once more, to tell them
        raise typer.Exit(1)
    return load_pack(folder)
