"""`grantcase lanes ...`: parked events and timers, by lane."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from grantcase.backend import SERVICES, Backend
from grantcase.cli.opening import Against, Store, backend, console
from grantcase.tables import plain_table

app = typer.Typer(help="停駐的事件與定時 parked events and timers", no_args_is_help=True)

Service = Annotated[str, typer.Argument(help="服務 service")]
Lane = Annotated[
    str,
    typer.Argument(
        help="案件編號（或事件、定時編號） the lane: a case id, or an event's or timer's"
    ),
]


@app.command("list")
def list_lanes(against: Against = "embedded", store: Store = None) -> None:
    """Every lane that waits, with its first error."""
    with backend(against, store) as services:
        rows = [row for name in SERVICES for row in services.query(name, "lanes")]
    if not rows:
        console.print("沒有停駐的事件或定時 nothing is parked")
        return
    table = plain_table(
        "停駐 parked", "服務 service", "道 lane", "件數", "首件 first", "錯誤 error"
    )
    for row in rows:
        table.add_row(
            row["service"],
            row["lane"],
            _counted(row),
            row["first"],
            f"{row['error']}（自 since {row['since'][:19]}）",
        )
    console.print(table)


@app.command()
def show(service: Service, lane: Lane, against: Against = "embedded", store: Store = None) -> None:
    """The parked events and timers of a lane, in order (JSON)."""
    with backend(against, store) as services:
        for row in services.query(service, "lane", lane=lane):
            typer.echo(json.dumps(row, ensure_ascii=False, indent=2))


@app.command()
def retry(service: Service, lane: Lane, against: Against = "embedded", store: Store = None) -> None:
    """Handle a lane again, in order; stops at the first that fails again."""
    with backend(against, store) as services:
        done = services.query(service, "retry_lane", lane=lane)
    console.print(f"✓ {done} 件已處理 handled")


@app.command()
def skip(
    service: Service,
    lane: Lane,
    reason: Annotated[str, typer.Option(help="理由 why; kept with it")],
    against: Against = "embedded",
    store: Store = None,
) -> None:
    """Give up on the first event or timer of a lane, for a written reason."""
    with backend(against, store) as services:
        services.query(service, "skip_lane", lane=lane, reason=reason)
    console.print("✓ 已略過 skipped")


def warn_of_parked(services: Backend) -> None:
    """One line when anything is parked in any service."""
    if any(services.query(service, "counts")["parked"] for service in SERVICES):
        console.print(
            "⚠ 有停駐的事件或定時，請執行 grantcase lanes list\n"
            "  events or timers are parked: see grantcase lanes list"
        )


def _counted(row: Mapping[str, Any]) -> str:
    counts = ((row["events"], "事件 events"), (row["timers"], "定時 timers"))
    return "\n".join(f"{count} {name}" for count, name in counts if count)
