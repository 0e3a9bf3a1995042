"""`grantcase status` and `grantcase case ...`: reading cases as people do.

(Longer than a page: one command group.)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import typer

from grantcase import timeline as merging
from grantcase.backend import SERVICES, Backend
from grantcase.case_picture import Picture, picture
from grantcase.cli.lanes import warn_of_parked
from grantcase.cli.opening import Against, Store, backend, console, fail
from grantcase.event_words import sentence, words
from grantcase.explaining import explanations
from grantcase.tables import amount, plain_table
from shared.kernel.clock import instant_text

app = typer.Typer(help="案件 cases", no_args_is_help=True)

_WORDS = words()

Case = Annotated[str, typer.Argument(help="案號 case number, such as CP112-0001")]
AsOf = Annotated[
    str | None,
    typer.Option(help="當日結束時的事實 what was true at the end of that day, YYYY-MM-DD"),
]
KnownAt = Annotated[
    str | None, typer.Option(help="當日已記錄者 what was recorded by that day, YYYY-MM-DD")
]


def status(against: Against = "embedded", store: Store = None) -> None:
    """How the store stands: clock, cases, events per service, what is parked in lanes."""
    with backend(against, store) as services:
        cases = services.query("intake", "cases")
        console.print(f"時鐘 clock: {instant_text(services.now())}   案件 cases: {len(cases)}")
        table = plain_table(
            "", "服務 service", right=("已封存 sealed", "公開 public", "停駐 parked")
        )
        for service in SERVICES:
            counted = services.query(service, "counts")
            table.add_row(
                service, *(f"{counted[name]:,}" for name in ("sealed", "public", "parked"))
            )
        console.print(table)
        warn_of_parked(services)


@app.command("list")
def list_cases(against: Against = "embedded", store: Store = None) -> None:
    """Every case with its state and its money."""
    with backend(against, store) as services:
        table = plain_table(
            "金額單位 NT$",
            "案號與提案單位\ncase, applicant",
            "類型\ntrack",
            "狀態\nstate",
            right=("契約\ncontract", "已撥\npaid", "追回\nrecovered", "⚠"),
        )
        for row in services.query("intake", "cases"):
            seen = picture(merging.timeline(services, row["case_id"]))
            table.add_row(
                f"{row['case_number']}\n{row['applicant_name']}",
                _kind_of(seen),
                "\n".join(seen.state),
                amount(seen.contract_twd),
                amount(seen.money["paid_twd"]),
                amount(seen.money["recovered_twd"]),
                str(len(seen.alerts) or ""),
            )
        console.print(table)


@app.command()
def show(
    case: Case,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    against: Against = "embedded",
    store: Store = None,
) -> None:
    """One case: state, figures, checkpoints, alerts; as it stood on any day."""
    with backend(against, store) as services:
        row = merging.case_of(services, case)
        events = _events(services, row["case_id"], as_of, known_at)
        if not events:
            fail(f"{case} 在該日尚無紀錄", f"{case} had no record on that day")
        _show(row, picture(events), as_of, events)


@app.command()
def timeline(
    case: Case,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    against: Against = "embedded",
    store: Store = None,
    json_: Annotated[bool, typer.Option("--json", help="一列一事件 one event a line")] = False,
    all_: Annotated[bool, typer.Option("--all", help="不合併 write out every event")] = False,
) -> None:
    """Every event of the case over all services, a cause before its effect."""
    with backend(against, store) as services:
        row = merging.case_of(services, case)
        events = _events(services, row["case_id"], as_of, known_at)
    if json_:
        for event in events:
            typer.echo(json.dumps(event, ensure_ascii=False, sort_keys=True))
        return
    console.print(f"{row['case_number']}  {row['applicant_name']}", style="bold", markup=False)
    day = ""
    for alike in [[event] for event in events] if all_ else collapsed(events):
        if alike[0]["occurred_at"][:10] != day:
            day = alike[0]["occurred_at"][:10]
            console.print(f"\n{day}", style="bold cyan")
        _print_event(alike[0], len(alike))


@app.command()
def explain(case: Case, against: Against = "embedded", store: Store = None) -> None:
    """Each decision on the case: clauses with their text and section, facts, values, digest."""
    with backend(against, store) as services:
        row = merging.case_of(services, case)
        for text in explanations(services, _events(services, row["case_id"], None, None)):
            console.print(text, markup=False, soft_wrap=True)


@app.command()
def receipt(case: Case, against: Against = "embedded", store: Store = None) -> None:
    """The signed inclusion proof of the case's submission (JSON): verifiable without us."""
    with backend(against, store) as services:
        row = merging.case_of(services, case)
        events = _events(services, row["case_id"], None, None)
        submitted = [event for event in events if event["type"] == "ProposalSubmitted"]
        if not submitted:
            fail(f"{case} 未曾送件，無收據", f"{case} was never submitted: there is no receipt")
        document = services.query("intake", "receipt", event_id=submitted[0]["id"])
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


@app.command()
def subjects(case: Case, against: Against = "embedded", store: Store = None) -> None:
    """The case's data subjects, and the open cases that hold their data (EraseSubject)."""
    with backend(against, store) as services:
        row = merging.case_of(services, case)
        found = services.query("intake", "subjects", case_id=row["case_id"])
    for subject in found:
        held = "、".join(c["case_number"] for c in subject["cases"] if c["open"])
        shown = f"保留中 held by {held}" if held else "可刪除 may be erased"
        console.print(f"{subject['subject']}  {shown}", markup=False)


def _events(
    services: Backend, case_id: str, as_of: str | None, known_at: str | None
) -> Sequence[Mapping[str, Any]]:
    return merging.timeline(services, case_id, as_of=_day(as_of), known_at=_day(known_at))


def _kind_of(seen: Picture) -> str:
    """Its track and how many enterprises, as far as it has them."""
    number = f"{seen.enterprises} 家" if seen.enterprises else ""
    return "\n".join(filter(None, (seen.track, number))) or "–"


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"日期須為 YYYY-MM-DD：{text}", f"a date is YYYY-MM-DD: {text}")


def _show(row: Mapping[str, Any], seen: Picture, as_of: str | None, events: Any) -> None:
    when = f"（{as_of} 之狀態 as of {as_of}）" if as_of else ""
    console.print(f"{row['case_number']}  {row['applicant_name']} {when}", style="bold")
    lines = [
        ("狀態 state", " ".join(seen.state)),
        ("統一編號 business no.", row["applicant_ubn"]),
        ("類型 track", seen.track or "–"),
        ("家數 enterprises", str(seen.enterprises or "–")),
        ("契約 contract", f"{seen.contract_number or '–'}  {_twd(seen.contract_twd)}"),
        ("已撥 paid", _twd(seen.money["paid_twd"])),
        ("退回 returned", _twd(seen.money["returned_twd"])),
        (
            "追回 demanded / recovered",
            f"{_twd(seen.money['demanded_twd'])} / {_twd(seen.money['recovered_twd'])}",
        ),
        ("事件 events", f"{len(events)}；最後 last {events[-1]['occurred_at'][:19]}"),
    ]
    for label, value in lines:
        console.print(f"  {label:<24} {value}", markup=False)
    for name, (outcome, progress) in seen.checkpoints.items():
        shown = f"{progress // 100}.{progress % 100:02d}%" if progress is not None else ""
        console.print(f"  查核點 checkpoint {name}: {outcome} {shown}", markup=False)
    for alert in seen.alerts.values():
        console.print(
            f"  ⚠ {alert['kind']}: {alert['text']['zh-Hant']} {alert['text']['en']}",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )
    for event in seen.refusals:
        message = event["data"]["message"]
        console.print(
            f"  ✗ {event['occurred_at'][:19]} {event['data']['command']} "
            f"〔{'、'.join(event['data']['rules'])}〕 {message['zh-Hant']} {message['en']}",
            markup=False,
            soft_wrap=True,
        )


def collapsed(events: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Runs of events of one type, instant, service and actor, such as the forms of a draft."""
    runs: list[list[Mapping[str, Any]]] = []
    for event in events:
        if runs and _alike(runs[-1][0], event):
            runs[-1].append(event)
        else:
            runs.append([event])
    return runs


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    names = ("type", "occurred_at", "service", "actor")
    return one["type"] != "CommandRefused" and all(one[name] == other[name] for name in names)


def _print_event(event: Mapping[str, Any], count: int) -> None:
    rules = _rules(event)
    console.print(
        f"  {_time(event['occurred_at'])} {event['service']:<10} {sentence(event, _WORDS)}"
        f"{f'  ×{count}' if count > 1 else ''}{'  〔' + rules + '〕' if rules else ''}"
        f"  — {event['actor']['id']}",
        markup=False,
        soft_wrap=True,
    )


def _rules(event: Mapping[str, Any]) -> str:
    decision = event["decision"] or {}
    spoke = {finding["rule"] for finding in decision.get("findings", [])}
    shown = sorted(spoke | set(decision.get("rules", [])))
    return "、".join(shown[:6]) + ("…" if len(shown) > 6 else "")


def _time(text: str) -> str:
    fraction = text[19:26]
    return text[11:19] + (fraction.rstrip("0") if fraction != ".000000" else "")


def _twd(amount: int | None) -> str:
    return f"NT${amount:,}" if amount else "–"
