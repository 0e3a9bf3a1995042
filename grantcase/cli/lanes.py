"""`grantcase lanes ...`: parked events, by lane."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from grantcase.backend import SERVICES
from grantcase.cli.opening import Against, Store, backend, console
from grantcase.tables import plain_table

app = typer.Typer(help="停駐事件 parked events", no_args_is_help=True)

Service = Annotated[str, typer.Argument(help="服務 service")]
Lane = Annotated[str, typer.Argument(help="案件編號或事件編號 the lane: a case id or event id")]


@app.command("list")
def list_lanes(against: Against = "embedded", store: Store = None) -> None:
    """Every lane that waits, with its first error."""
    with backend(against, store) as services:
        rows = [row for name in SERVICES for row in services.query(name, "lanes")]
    if not rows:
        console.print("沒有停駐事件 nothing is parked")
        return
    table = plain_table(
        "停駐事件 parked events", "服務 service", "道 lane", "件數", "事件 first", "錯誤 error"
    )
    for row in rows:
        table.add_row(
            row["service"],
            row["lane"],
            str(row["events"]),
            row["first"],
            f"{row['error']}（自 since {row['since'][:19]}）",
        )
    console.print(table)


@app.command()
def show(service: Service, lane: Lane, against: Against = "embedded", store: Store = None) -> None:
    """The parked events of a lane, in order (JSON)."""
    with backend(against, store) as services:
        for row in services.query(service, "lane", lane=lane):
            typer.echo(json.dumps(row, ensure_ascii=False, indent=2))


@app.command()
def retry(service: Service, lane: Lane, against: Against = "embedded", store: Store = None) -> None:
    """Handle a lane again, in order; stops at the first event that fails again."""
    with backend(against, store) as services:
        done = services.query(service, "retry_lane", lane=lane)
    console.print(f"✓ {done} 件已處理 handled")


@app.command()
def skip(
    service: Service,
    lane: Lane,
    reason: Annotated[str, typer.Option(help="理由 why; kept with the event")],
    against: Against = "embedded",
    store: Store = None,
) -> None:
    """Give up on the first event of a lane, for a written reason."""
    with backend(against, store) as services:
        services.query(service, "skip_lane", lane=lane, reason=reason)
    console.print("✓ 已略過 skipped")
