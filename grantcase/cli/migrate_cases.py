"""`grantcase case migrate`: running cases to a later published version of their pack."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
import typer

from grantcase import commands
from grantcase.backend import Refused
from grantcase.cli import simulate as simulation
from grantcase.cli.opening import Store, console, fail, told
from grantcase.embedded import Embedded
from grantcase.simulating import Call, NoSuchCall, call_of
from grantcase.store_folder import default_folder, open_store
from shared.bus.command_schema import load_command
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.errors import DomainError
from shared.kernel.ids import random_id
from shared.programmes.pack import Pack
from shared.projection.packs import PackShelf
from shared.projection.tables import packs

COMMAND = "RebindCase"


def migrate_cases(
    to: Annotated[
        str, typer.Option("--to", help="已公告之版次或摘要 published version or (start of) digest")
    ],
    call: Annotated[str, typer.Option("--call", help="梯次代號或編號 code or id of the call")],
    case: Annotated[
        list[str] | None, typer.Option("--case", help="只移轉此案號 only these case numbers")
    ] = None,
    programme: Annotated[
        str | None, typer.Option("--programme", help="計畫代號 programme, where several have it")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="實際移轉 do it")] = False,
    reason: Annotated[str, typer.Option("--reason", help="理由（--apply 必填） why")] = "",
    as_: Annotated[
        str, typer.Option("--as", help="執行者 actor: id:role")
    ] = "office:programme_officer",
    as_json: Annotated[bool, typer.Option("--json", help="輸出 JSON print JSON")] = False,
    store: Store = None,
) -> None:
    """Move running cases to a later version. Without --apply nothing is written: it says which
    cases may move and whose past decisions that version would have turned. Exit 2 when a case may
    not be moved."""
    if apply and not reason.strip():
        fail("--apply 須附理由（--reason）", "--apply needs a --reason: it is recorded")
    with told(), open_store(store or default_folder()) as embedded:
        actor = commands.parse_actor(as_)
        new = _published(embedded, to, call, programme)
        chosen = _only(simulation.call_named(embedded, new.id, call), case or [])
        rows = [_row(embedded, new, case_id, chosen, actor, reason) for case_id in chosen.cases]
        movable = {UUID(r["case_id"]): r["case_number"] for r in rows if r["moves"]}
        report: dict[str, Any] = {"to": new.digest, "applied": apply, "cases": rows}
        if apply:
            _apply(embedded, rows, new, actor, reason)
        else:
            outcomes = simulation.run(embedded, new, Call(chosen.data, movable))
            outcomes = [outcome for outcome in outcomes if outcome.digest != new.digest]
            part = Call(chosen.data, movable)
            report["simulation"] = simulation.report_of(new, part, outcomes)
    _show(report, as_json)
    if any(row["refused"] for row in rows):
        raise typer.Exit(2)


def _published(embedded: Embedded, to: str, call: str, programme: str | None) -> Pack:
    """The published pack of that version or digest, of the call's programme."""
    core = embedded.cores["intake"]
    with core.units.begin() as unit:
        known = unit.connection.execute(
            sa.select(packs.c.programme_id, packs.c.version, packs.c.digest)
        ).all()
    ours = programme or _programme_of(embedded, call, {row.programme_id for row in known})
    found = [
        row.digest
        for row in known
        if row.programme_id == ours
        and ((to.isdecimal() and row.version == int(to)) or _begins(row.digest, to))
    ]
    if len(found) != 1:
        names = "、".join(f"{r.programme_id} v{r.version} {r.digest[:12]}" for r in known)
        fail(
            f"{ours} 沒有已公告之版本 {to}；現有：{names}",
            f"{ours} has no published version {to}; there are: {names}",
        )
    with core.units.begin() as unit:
        return Pack(PackShelf(unit.connection).document(found[0]), found[0])


def _begins(digest: str, text: str) -> bool:
    """Eight characters of a digest name it."""
    return len(text) >= 8 and digest.startswith(text.lower())


def _programme_of(embedded: Embedded, call: str, programmes: set[str]) -> str:
    """The one programme that has a call of that code or id."""
    found: list[str] = []
    codes = "-"
    for name in sorted(programmes):
        try:
            call_of(embedded, name, call)
        except NoSuchCall as known:
            codes = str(known)
        else:
            found.append(name)
    if not found:
        fail(f"沒有梯次 {call}；現有：{codes}", f"there is no call {call}; there are: {codes}")
    if len(found) > 1:
        names = "、".join(found)
        fail(f"梯次 {call} 不只一個計畫有：{names}；請加 --programme", f"say --programme: {names}")
    return found[0]


def _only(call: Call, numbers: Sequence[str]) -> Call:
    """The call with these cases only; ends the program for a number it does not have."""
    if not numbers:
        return call
    for number in numbers:
        if number not in call.cases.values():
            fail(
                f"梯次 {call.data['call_code']} 沒有案件 {number}",
                f"call {call.data['call_code']} has no case {number}",
            )
    cases = {case_id: number for case_id, number in call.cases.items() if number in numbers}
    return Call(call.data, cases)


def _row(
    embedded: Embedded, new: Pack, case_id: UUID, call: Call, actor: Actor, reason: str
) -> dict[str, Any]:
    """Whether the case may be moved: the command carried out and taken back."""
    core = embedded.cores["intake"]
    spec = core.commands[COMMAND]
    envelope = _envelope(embedded, new, case_id, actor, reason or "試算 dry run")
    refused, before = None, None
    with core.units.begin() as unit:  # not committed
        try:
            before = (spec.handler(load_command(spec.command, envelope), core.bind(unit)) or {})[
                "from_digest"
            ]
        except DomainError as error:
            refused = error.as_dict()["message"]
        moves = bool(unit.recorded)
    return {
        "case_id": str(case_id),
        "case_number": call.cases[case_id],
        "from": before,
        "moves": moves,
        "refused": refused,
    }


def _apply(
    embedded: Embedded, rows: Sequence[dict[str, Any]], new: Pack, actor: Actor, reason: str
) -> None:
    """One command per case; a case that was refused meanwhile is told and the others go on."""
    for row in rows:
        if not row["moves"]:
            continue
        envelope = _envelope(embedded, new, UUID(row["case_id"]), actor, reason)
        try:
            answer = embedded.do("intake", envelope)
        except Refused as refused:
            row["moves"], row["refused"] = False, refused.answer["message"]
        else:
            row["event"] = answer["events"][0]["id"] if answer["events"] else None


def _envelope(
    embedded: Embedded, new: Pack, case_id: UUID, actor: Actor, reason: str
) -> CommandEnvelope:
    payload = {"case_id": str(case_id), "to_digest": new.digest, "reason": reason}
    return commands.envelope(COMMAND, payload, actor, embedded.now(), random_id())


def _show(report: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    done = "已移轉 moved" if report["applied"] else "可移轉 may move"
    for row in report["cases"]:
        if row["refused"]:
            text = f"✗ {row['refused']['zh-Hant']} {row['refused']['en']}"
        elif row["moves"]:
            text = f"✓ {done}：{row['from'][:12]} → {report['to'][:12]}"
        else:
            text = "－ 已適用該版 at this version already"
        console.print(f"{row['case_number']}  {text}", markup=False, soft_wrap=True)
    if "simulation" in report:
        simulation.show(report["simulation"])
        console.print("未寫入任何資料；實際移轉請加 --apply --reason … nothing was written")
