"""`grantcase rules`: rule packs as data - validate, list, facts, check, coverage, explain,
schema, simulate, publish."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from grantcase import commands
from grantcase.cli import rule_text
from grantcase.cli.coverage import coverage
from grantcase.cli.opened_packs import (
    event_of,
    facts_of,
    folder_of,
    no_moment,
    pack_of,
    pack_then,
    valid,
)
from grantcase.cli.opening import Against, Store, backend, console, fail, read_payload
from grantcase.cli.schema import schema
from grantcase.cli.simulate import simulate_command
from shared.kernel.errors import RuleError
from shared.kernel.ids import random_id
from shared.programmes.compiled import CompiledPack, UnknownMoment
from shared.programmes.evaluation import evaluate
from shared.programmes.examples import example_facts
from shared.programmes.facts import UnusableFacts
from shared.programmes.facts_schema import facts_schema
from shared.programmes.location import programme_folders
from shared.programmes.pack import load_pack

app = typer.Typer(help="計畫規則 the rules of programmes", no_args_is_help=True)
app.command()(coverage)
app.command()(schema)
app.command("simulate")(simulate_command)

Programme = Annotated[str, typer.Argument(help="計畫代號或資料夾 programme id or folder")]
AsJson = Annotated[bool, typer.Option("--json", help="輸出 JSON print JSON")]


@app.command()
def validate(
    programme: Annotated[
        str | None,
        typer.Argument(help="計畫代號或資料夾；省略為全部 id or folder; all when left out"),
    ] = None,
) -> None:
    """Name every fault of a pack by file, line, column and field. Exit 1 when there is one."""
    folders = programme_folders() if programme is None else [folder_of(programme)]
    if not folders:
        fail("找不到任何計畫", "there are no programmes here")
    if any([not valid(folder) for folder in folders]):  # all of them are told
        raise typer.Exit(1)


@app.command("list")
def list_(
    programme: Programme,
    moment: Annotated[str | None, typer.Option(help="只列此時點 only this moment")] = None,
    as_json: AsJson = False,
) -> None:
    """List the clauses, values and guards of a programme, or of one of its moments."""
    pack = pack_of(programme)
    if moment is not None and moment not in pack.moments:
        no_moment(pack, moment)
    rows = rule_text.rows(pack, moment)
    if as_json:
        _print([dict(zip(rule_text.HEADINGS, row, strict=True)) for row in rows])
        return
    table = Table(*rule_text.HEADINGS, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    console.print(table, markup=False)
    console.print(f"{len(rows)} · {pack.id} v{pack.version} · {pack.digest[:12]}", markup=False)


@app.command()
def facts(
    programme: Programme,
    moment: str,
    example: Annotated[
        bool, typer.Option("--example", help="只印範例，可直接交給 check only the example")
    ] = False,
) -> None:
    """Print the schema of a moment's facts and a valid example."""
    pack = pack_of(programme)
    if moment not in pack.moments:
        no_moment(pack, moment)
    valid = example_facts(pack, moment)
    if example:
        _print(valid)
        return
    _print(
        {
            "programme": pack.id,
            "digest": pack.digest,
            "moment": moment,
            "schema": facts_schema(pack, moment),
            "example": valid,
        }
    )


@app.command()
def check(programme: Programme, moment: str) -> None:
    """Evaluate the clauses of a moment on facts from standard input.

    Exit 0: nothing blocks; 2: a clause of severity block spoke; 1: unusable input (a missing or
    unknown key, a wrong type) or a rule that could not be evaluated.
    """
    pack = pack_of(programme)
    given = facts_of(read_payload())
    try:
        evaluation = evaluate(CompiledPack(pack), moment, given, complete=True)
    except UnknownMoment:
        no_moment(pack, moment)
        return
    except UnusableFacts as fault:
        path = fault.path or "/"
        fail(f"輸入無法使用：{path}：{fault.zh}", f"unusable input: {path}: {fault.en}")
        return
    except RuleError as error:
        fail(f"規則無法執行：{error}", str(error))
        return
    _print(
        {
            "programme": evaluation.programme,
            "digest": evaluation.digest,
            "moment": evaluation.moment,
            "findings": [finding.as_dict() for finding in evaluation.findings],
            "values": dict(evaluation.values),
        }
    )
    if evaluation.of("block"):
        raise typer.Exit(2)


@app.command()
def explain(
    programme: Programme,
    rule: str,
    decision: Annotated[
        str | None,
        typer.Option(help="事件編號：該決定的事實與數值 event id: facts of that decision"),
    ] = None,
    against: Against = "embedded",
    store: Store = None,
) -> None:
    """Print a rule's clauses, values, parameters and source; with --decision as they stood when
    that event was decided, and the facts and values recorded with it."""
    pack, event = pack_of(programme), None
    if decision is not None:
        with backend(against, store) as services:
            event = event_of(services, decision)
            pack = pack_then(services, event) or pack
    rule_id = rule.partition("/")[0].upper()
    if rule_id not in pack.rules:
        near = "、".join(known for known in pack.rules if known.startswith(rule_id[:6])) or "-"
        fail(
            f"{pack.id} 沒有規則 {rule}；相近：{near}",
            f"{pack.id} has no rule {rule}; near: {near}",
        )
    lines = [*rule_text.explained(pack, rule_id)]
    lines += rule_text.decided(event, rule_id) if event else []
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


@app.command()
def publish(
    programme: Programme,
    as_: Annotated[
        str, typer.Option("--as", help="執行者 actor: id:role")
    ] = "office:programme_officer",
    against: Against = "embedded",
    store: Store = None,
) -> None:
    """Validate a pack and put it in force; every service then stores it under its digest."""
    folder = folder_of(programme)
    if not valid(folder):
        raise typer.Exit(1)
    pack = load_pack(folder)
    service, _ = commands.find("PublishPack")
    with backend(against, store) as services:
        payload = {"document": pack.document}
        actor = commands.parse_actor(as_)
        envelope = commands.envelope("PublishPack", payload, actor, services.now(), random_id())
        _print(services.do(service, envelope))


def _print(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
