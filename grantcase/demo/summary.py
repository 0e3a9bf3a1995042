"""What the demo says at its end: cases, decisions, money, alerts, events, what to try next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from grantcase import timeline as merging
from grantcase.backend import SERVICES, Backend
from grantcase.case_picture import Picture, picture
from grantcase.demo.script import Script
from grantcase.demo.stories import Cast, Told
from grantcase.tables import amount, plain_table


def print_summary(
    console: Console, backend: Backend, stories: Sequence[Told], *, local: bool
) -> None:
    """The summary; every figure is read from the four services."""
    pictures: dict[str, Picture] = {}
    for told in stories:
        cast = told.cast
        events = {key: merging.timeline(backend, str(cast.case(key))) for key in cast.numbers}
        own = {key: picture(seen) for key, seen in events.items()}
        console.print()
        console.print(_cases(told, own, events))
        pictures |= {told.cast.numbers[key]: seen for key, seen in own.items()}
    console.print(_money(pictures))
    console.print(_services(backend, [told.script for told in stories]))
    alerts = sum(len(seen.alerts) + seen.cleared_alerts for seen in pictures.values())
    cleared = sum(seen.cleared_alerts for seen in pictures.values())
    console.print(f"示警 alerts: {alerts} 次提出 raised, {cleared} 次解除 cleared")
    _next_steps(console, stories[0].cast, local)


def _cases(told: Told, pictures: Mapping[str, Picture], events: Mapping[str, Any]) -> Table:
    table = plain_table(
        f"{told.story.name}：{len(pictures)} 件 cases (NT$)",
        "案號\ncase",
        "結局\nhow it stands",
        "決定依據\ndecided by",
        right=("契約\ncontract", "已撥\npaid", "追回\nrecovered"),
    )
    for key, number in sorted(told.cast.numbers.items(), key=lambda item: item[1]):
        seen = pictures[key]
        table.add_row(
            number,
            "\n".join(seen.state),
            "\n".join(_decided_by(seen, events[key])) or "–",
            amount(seen.contract_twd),
            amount(seen.money["paid_twd"]),
            amount(seen.money["recovered_twd"]),
        )
    return table


def _decided_by(seen: Picture, events: Any) -> list[str]:
    """The rules behind the state: those that stopped the case, or how many clauses it passed."""
    event = seen.deciding or {}
    decision = event.get("decision") or {}
    findings = decision.get("findings", [])
    rules = {f["rule"] for f in findings if f["severity"] == "block"}
    if event.get("type") == "ProposalNotSelected":
        rules |= {f["rule"] for f in findings}
    rules |= {r for e in events if e["type"] == "SanctionDecided" for r in e["data"]["rules"]}
    if event.get("type") == "ProposalLapsed":
        rules |= {rule for refusal in seen.refusals for rule in refusal["data"]["rules"]}
    if rules:
        return sorted(rules)[:4]
    passed = [e["decision"] for e in events if e["type"] in ("CheckpointPassed", "CaseClosed")]
    return [f"{d['moment']}: {len(d['clauses'])} 款" for d in passed if d]


def _money(pictures: Mapping[str, Picture]) -> Table:
    paid = sum(seen.money["paid_twd"] for seen in pictures.values())
    back = sum(seen.money["recovered_twd"] for seen in pictures.values())
    promised = sum(seen.contract_twd or 0 for seen in pictures.values())
    table = plain_table(
        "金額 money (NT$)",
        right=("契約 contracts", "已撥 paid", "追回 recovered", "淨額 net"),
    )
    table.add_row(amount(promised), amount(paid), amount(back), amount(paid - back))
    return table


def _services(backend: Backend, scripts: Sequence[Script]) -> Table:
    given = sum((script.given for script in scripts), Counter[str]())
    table = plain_table(
        "四個服務 the four services",
        "服務 service",
        right=("指令 commands", "事件 events", "公開 public", "停駐 parked"),
    )
    total = Counter[str]()
    for service in SERVICES:
        counted = backend.query(service, "counts")
        total.update(counted)
        table.add_row(
            service,
            f"{given[service]:,}",
            f"{counted['sealed']:,}",
            f"{counted['public']:,}",
            str(counted["parked"]),
        )
    table.add_row("合計 total", f"{given.total():,}", f"{total['sealed']:,}",
                  f"{total['public']:,}", str(total["parked"]))  # fmt: skip
    return table


def _next_steps(console: Console, cast: Cast, local: bool) -> None:
    suffix = " --against local" if local else ""
    program = ".venv/bin/grantcase"
    steps = [
        f"{program} status{suffix}",
        f"{program} case list{suffix}",
        f"{program} case timeline {cast.numbers['cured']}{suffix}",
        f"{program} case explain {cast.numbers['ineligible']}{suffix}",
        f"{program} case show {cast.numbers['abandoned']} --as-of 2023-09-19{suffix}",
        f"{program} case receipt {cast.numbers['sharp']}{suffix}",
        f"{program} ledger show --case {cast.numbers['breach']}{suffix}",
        f"{program} rules explain coprosperity-112 CP-TRK-15",
    ]
    steps.append(f"{program} audit verify{suffix}")
    if not local:
        steps.append(f"{program} audit tamper-demo")
    console.print("\n接著試試 try next:", style="bold")
    for step in steps:
        console.print(f"  {step}", markup=False, soft_wrap=True)
