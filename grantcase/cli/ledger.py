"""`grantcase ledger show`: the money of a case, a programme or a fiscal year, as of any day."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import typer
from rich.table import Table

from grantcase.cli.opening import Against, Store, backend, console, fail

app = typer.Typer(help="帳務 the money ledger", no_args_is_help=True)

COLUMNS = (
    ("occurred_on", "日期", "day"),
    ("case_number", "案號", "case"),
    ("programme_id", "計畫", "programme"),
    ("fiscal_year", "年度", "fiscal year"),
    ("event_type", "事件", "event"),
    ("account", "科目", "account"),
    ("debit_twd", "借方", "debit"),
    ("credit_twd", "貸方", "credit"),
    ("party_ubn", "單位", "party"),
)
"""Key of a row, zh-Hant label, English label."""

BALANCES = (
    ("appropriation_twd", "預算核定", "appropriation"),
    ("available_twd", "可支用", "available"),
    ("committed_twd", "已承諾", "committed"),
    ("payable_twd", "應付", "payable"),
    ("paid_twd", "已付", "paid"),
    ("returned_twd", "退回", "returned"),
    ("retained_twd", "保留款", "retained"),
    ("forfeited_twd", "不予撥付", "forfeited"),
    ("refundable_twd", "應繳還未發函", "refundable"),
    ("recovered_twd", "已追回", "recovered"),
    ("written_off_twd", "註銷", "written off"),
    ("outstanding_twd", "未收回", "outstanding"),
    ("interest_due_twd", "應繳國庫利息", "interest due to the treasury"),
    ("remitted_twd", "已繳國庫利息", "interest remitted"),
    ("penalty_twd", "罰款", "penalty"),
    ("costs_twd", "費用求償", "costs"),
    ("trial_twd", "借貸差額", "trial balance"),
)
"""Key of a balance, zh-Hant label, English label."""


@app.command()
def show(
    case: Annotated[str | None, typer.Option(help="案號 case number")] = None,
    programme: Annotated[str | None, typer.Option(help="計畫代號 programme id")] = None,
    fiscal_year: Annotated[int | None, typer.Option(help="民國年度 ROC fiscal year")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="截至該日（含） up to and including that day, YYYY-MM-DD")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="輸出 CSV print CSV")] = False,
    against: Against = "embedded",
    store: Store = None,
) -> None:
    """Journal lines and what they sum to: committed, payable, paid, returned, recovered."""
    _must_be_a_day(as_of)
    with backend(against, store) as services:
        found = services.query(
            "finance",
            "ledger",
            case=case,
            programme=programme,
            fiscal_year=fiscal_year,
            as_of=as_of,
        )
    if as_csv:
        typer.echo(as_csv_text(found["rows"]), nl=False)
        return
    if not found["rows"]:
        console.print("查無分錄 no journal lines")
        return
    console.print(rows_table(found["rows"]))
    console.print(balances_table(found["balances"]))


def as_csv_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """The journal lines as CSV with a header of English labels; amounts are plain integers."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([en for _, _, en in COLUMNS])
    for row in rows:
        writer.writerow([_plain(row[key]) for key, _, _ in COLUMNS])
    return text.getvalue()


def rows_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """The journal lines for people: accounts by name, empty sides left blank; what is the same in
    every line stands in the title."""
    same = {key for key in _PLACES if len({row[key] for row in rows}) == 1}
    shown = [column for column in COLUMNS if column[0] not in same]
    place = "、".join(str(rows[0][key]) for key in _PLACES if key in same and rows[0][key])
    table = Table(title=f"分錄 journal {place}（{len(rows)}）")
    for key, zh, en in shown:
        table.add_column(f"{zh}\n{en}", justify="right" if key.endswith("_twd") else "left")
    for row in rows:
        table.add_row(*(_cell(row, key) for key, _, _ in shown))
    return table


def balances_table(balances: Mapping[str, int]) -> Table:
    """What the lines sum to; the budget only where it is among the lines, what only some programmes
    know only where there is some."""
    table = Table(title="餘額 balances（NT$）")
    table.add_column("項目 item")
    table.add_column("金額 NT$", justify="right")
    for key, zh, en in BALANCES:
        if key in _RARE and not balances[key]:
            continue
        if balances["appropriation_twd"] or key not in _BUDGET:
            table.add_row(f"{zh} {en}", f"{balances[key]:,}")
    return table


_PLACES = ("case_number", "programme_id", "fiscal_year", "party_ubn")
_RARE = {
    "retained_twd",
    "forfeited_twd",
    "refundable_twd",
    "interest_due_twd",
    "remitted_twd",
    "penalty_twd",
    "costs_twd",
}
_BUDGET = ("appropriation_twd", "available_twd")  # a single case has none


def _cell(row: Mapping[str, Any], key: str) -> str:
    value = row[key]
    if key == "account":
        names = row["account_name"]
        return f"{names['zh-Hant']}\n{names['en']}"
    if key.endswith("_twd"):
        return f"{value:,}" if value else ""
    return "" if value is None else str(value)


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _must_be_a_day(text: str | None) -> None:
    try:
        date.fromisoformat(text or "2000-01-01")
    except ValueError:
        fail(f"--as-of {text} 不是日期（YYYY-MM-DD）", f"--as-of {text} is no day (YYYY-MM-DD)")
