"""`grantcase do`: the one door, by hand."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID

import typer

from grantcase import commands
from grantcase.backend import Refused
from grantcase.cli.opening import (
    Against,
    Store,
    backend,
    console,
    fail,
    read_payload,
    show_refusal,
    told,
)
from shared.bus.command_schema import example, json_schema
from shared.kernel.ids import random_id


def do(
    command: Annotated[str | None, typer.Argument(help="指令名稱 the command's name")] = None,
    as_: Annotated[
        str | None,
        typer.Option("--as", help="執行者 actor: id:role[+role][@統一編號]"),
    ] = None,
    command_id: Annotated[
        str | None,
        typer.Option(help="指令編號 (UUID)；重送同一編號得到同一答覆 the same id, the same answer"),
    ] = None,
    expected_version: Annotated[
        int | None, typer.Option(help="依據的版本 the stream version you decided on")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="列出所有指令 all commands")] = False,
    schema: Annotated[str | None, typer.Option(help="指令的 JSON Schema")] = None,
    example_of: Annotated[
        str | None, typer.Option("--example", help="指令的範例內容 an example payload")
    ] = None,
    against: Against = "embedded",
    store: Store = None,
) -> None:
    """Give one command of the four services; its payload is JSON on standard input."""
    with told():
        if list_:
            _list()
        elif schema:
            _print(json_schema(commands.find(schema)[1].command))
        elif example_of:
            _print(example(commands.find(example_of)[1].command))
        elif command is None or as_ is None:
            fail(
                "用法：grantcase do 指令 --as 執行者 < payload.json；或 --list",
                "usage: grantcase do COMMAND --as ACTOR < payload.json; or --list",
            )
        else:
            _give(command, as_, command_id, expected_version, against, store)


def _give(
    command: str, as_: str, command_id: str | None, version: int | None, against: str, store: Any
) -> None:
    service, _ = commands.find(command)
    actor = commands.parse_actor(as_)
    chosen = _uuid(command_id)
    payload = _payload()
    with backend(against, store) as services:
        envelope = commands.envelope(command, payload, actor, services.now(), chosen, version)
        try:
            _print(services.do(service, envelope))
        except Refused as refused:
            show_refusal(refused.answer)
            _print(refused.answer)
            raise typer.Exit(2) from None


def _list() -> None:
    service = ""
    for name, (owner, spec) in sorted(
        commands.catalogue().items(), key=lambda item: (item[1][0], item[0])
    ):
        if owner != service:
            service = owner
            console.print(f"\n{service}", style="bold")
        first_line = (spec.command.__doc__ or "").strip().splitlines()[0]
        roles = ", ".join(commands.roles_of(name))
        console.print(f"  {name:<26} {first_line} [{roles}]", markup=False)


def _uuid(text: str | None) -> UUID:
    if text is None:
        return random_id()
    try:
        return UUID(text)
    except ValueError:
        fail(f"--command-id 不是 UUID：{text}", f"--command-id is not a UUID: {text}")


def _payload() -> Any:
    text = read_payload()
    try:
        return json.loads(text) if text.strip() else {}
    except ValueError as error:
        fail(f"標準輸入不是 JSON：{error}", f"standard input is not JSON: {error}")


def _print(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
