"""`grantcase forms`: the tables of a programme as workbooks - list, template, check, import."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table as Grid

from grantcase import commands
from grantcase.backend import Refused
from grantcase.cli.opened_packs import pack_of
from grantcase.cli.opening import Against, Store, backend, console, fail, problems
from shared.documents.tables.faults import InvalidTable
from shared.documents.tables.reading import TableFile, read_table
from shared.documents.tables.template import template as template_of
from shared.kernel.ids import random_id
from shared.programmes.pack import Pack
from shared.programmes.tables import Table, UnknownTable, table_of, tables_of

app = typer.Typer(help="表格範本與匯入 template workbooks and their import", no_args_is_help=True)

Programme = Annotated[str, typer.Argument(help="計畫代號或資料夾 programme id or folder")]
TableId = Annotated[str, typer.Argument(metavar="FORM", help="表格代碼 a form, or form.group")]
File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help=".xlsx 或 or .csv")
]


@app.command("list")
def list_(programme: Programme) -> None:
    """List every repeatable form and group of a programme with its columns."""
    pack = pack_of(programme)
    grid = Grid("表格 table", "名稱 name", "欄 columns", "所屬 inside", box=None, pad_edge=False)
    tables = tables_of(pack)
    for table in tables:
        name = f"{table.label['zh-Hant']} {table.label['en']}"
        grid.add_row(table.id, name, str(len(table.columns)), "、".join(table.owners))
    console.print(grid, markup=False)
    console.print(f"{len(tables)} · {pack.id} v{pack.version} · {pack.digest[:12]}", markup=False)


@app.command()
def template(
    programme: Programme,
    table: TableId,
    out: Annotated[Path, typer.Option(help="要寫入的檔案 the .xlsx file to write")],
) -> None:
    """Write the template workbook of one table."""
    pack = pack_of(programme)
    if out.suffix.lower() != ".xlsx":
        fail("--out 須為 .xlsx 檔", "--out names an .xlsx file")
    content = template_of(pack, _table(pack, table))
    try:
        out.write_bytes(content)
    except OSError as error:
        fail(f"無法寫入 {out}：{error}", f"{out} cannot be written: {error}")
    console.print(f"✓ {table} → {out}", markup=False)


@app.command()
def check(programme: Programme, table: TableId, file: File) -> None:
    """Read a filled-in table as an import would and name every fault; nothing is stored. Exit 2
    when there is one."""
    pack = pack_of(programme)
    known = _table(pack, table)
    key = _key(pack, known)
    try:
        rows = read_table(pack, known, TableFile(file.name, file.read_bytes()), key)
    except InvalidTable as fault:
        _show(fault.as_dict())
        raise typer.Exit(2) from None
    console.print(f"✓ {table}：{len(rows)} 列 rows", markup=False)


@app.command("import")
def import_(
    case_id: Annotated[str, typer.Argument(metavar="CASE", help="案件編號 (UUID) case id")],
    table: TableId,
    file: File,
    as_: Annotated[str, typer.Option("--as", help="執行者 actor: id:role@統一編號")],
    against: Against = "embedded",
    store: Store = None,
) -> None:
    """Import a filled-in table into a draft (ImportTable); one fault, and nothing is stored."""
    payload = {
        "case_id": case_id,
        "table": table,
        "file_name": file.name,
        "file_base64": base64.b64encode(file.read_bytes()).decode(),
    }
    service, _ = commands.find("ImportTable")
    with backend(against, store) as services:
        actor = commands.parse_actor(as_)
        envelope = commands.envelope("ImportTable", payload, actor, services.now(), random_id())
        try:
            answer = services.do(service, envelope)
        except Refused as refused:
            _show(refused.answer)
            raise typer.Exit(2) from None
    console.print(f"✓ {table}：{answer['rows']} 列 rows", markup=False)


def _table(pack: Pack, table: str) -> Table:
    try:
        return table_of(pack, table)
    except UnknownTable:
        known = "、".join(one.id for one in tables_of(pack))
        fail(f"{pack.id} 沒有表格 {table}；有：{known}", f"there is no table {table}; see {known}")


def _key(pack: Pack, table: Table) -> str | None:
    roster = (pack.document.get("intake") or {}).get("roster") or {}
    return roster.get("ubn") if roster.get("form") == table.id else None


def _show(answer: Any) -> None:
    """The refusal, then a line for each faulty cell, in the order of the file."""
    message = answer["message"]
    problems.print(f"✗ {message['zh-Hant']}\n  {message['en']}", style="red", markup=False)
    for place, fault in (answer.get("problems") or {}).items():
        if not isinstance(fault, dict) or "message" not in fault:
            problems.print(f"  · {place}: {fault}", markup=False)
            continue
        label = (fault["label"] or {}).get("zh-Hant") or fault["field"] or ""
        text = fault["message"]
        problems.print(f"  · {place} {label}：{text['zh-Hant']} {text['en']}", markup=False)
