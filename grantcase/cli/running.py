"""`grantcase migrate`, `run`, `up`, `down` and `demo`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from grantcase.backend import SERVICES, Backend
from grantcase.cli.opening import Against, Store, console, fail, must_be_known, told
from grantcase.demo.script import UnexpectedAnswer
from grantcase.demo.stories import begins, tell_stories
from grantcase.demo.summary import print_summary
from grantcase.embedded import Embedded
from grantcase.store_folder import create_store, default_folder, write_clock
from shared.kernel.clock import SimulatedClock
from shared.kernel.ids import seeded_ids

run_app = typer.Typer(help="分散式的單一程序 one process of the distributed run")

Name = Annotated[str, typer.Argument(help="intake, review, finance, monitoring")]


def demo(against: Against = "embedded", store: Store = None) -> None:
    """Run real cases of the co-prosperity programme through their whole life, in simulated time.

    Embedded, a demo replaces the demo before it. With --against local the services must be empty:
    `grantcase up --fresh` makes them so.
    """
    with told():
        must_be_known(against)
        if against == "local":
            _demo_local()
        else:
            _demo_embedded(store or default_folder())


def _demo_local() -> None:
    from grantcase.local import open_local  # the message broker's client, only when asked

    with open_local() as services:
        if not services.clock.simulated:
            fail(
                "示範需要模擬時鐘：grantcase up --fresh（不加 --system-clock）",
                "the demo needs the simulated clock: `grantcase up --fresh`, no --system-clock",
            )
        _must_be_empty(services)
        services.advance(begins())
        _run_demo(services, local=True)


def _demo_embedded(folder: Path) -> None:
    if not _cleared(folder):
        fail(
            f"{folder} 已有非示範用的資料，請以 --store 指定其他資料夾",
            f"{folder} holds a store that is not a demo; name another folder with --store",
        )
    clock = SimulatedClock(begins())
    create_store(folder, clock)
    (folder / "demo").touch()
    embedded = Embedded(folder, clock=clock, new_ids=seeded_ids)
    try:
        _run_demo(embedded, local=False)
    finally:
        write_clock(folder, clock)
        embedded.close()


def _run_demo(services: Backend, *, local: bool) -> None:
    try:
        told_stories = tell_stories(services, _tell)
    except UnexpectedAnswer as surprise:
        fail(f"示範中斷：{surprise}", f"the demo stopped: {surprise}")
        return
    print_summary(console, services, told_stories, local=local)


@run_app.command("service")
def run_service(name: Name) -> None:
    """The nameko process of a service."""
    from grantcase import processes  # the broker's client, only in the distributed run

    with told():
        processes.run_service(name)


@run_app.command("sequencer")
def run_sequencer(name: Name) -> None:
    """Seals the log of a service."""
    from grantcase import processes

    with told():
        processes.run_sequencer(name)


@run_app.command("relay")
def run_relay(name: Name) -> None:
    """Publishes the feed of a service to RabbitMQ."""
    from grantcase import processes

    with told():
        processes.run_relay(name)


def migrate(
    name: Annotated[
        str | None, typer.Argument(help="服務 the service; none: only the queues")
    ] = None,
) -> None:
    """Bring a service's databases to the newest schema and declare the queues."""
    from grantcase import processes

    with told():
        for queue in processes.run_migrate(name):
            console.print(f"✓ {queue}", markup=False)


def up(
    system_clock: Annotated[
        bool, typer.Option(help="真實時間 real time instead of a simulated clock")
    ] = False,
    fresh: Annotated[
        bool, typer.Option(help="清空先前資料重新開始 throw away the data of earlier runs first")
    ] = False,
    replicas: Annotated[
        int, typer.Option(min=1, max=9, help="每一服務的份數 how many of each service")
    ] = 1,
) -> None:
    """Start PostgreSQL, RabbitMQ and the services on this machine, and wait until ready.

    Starts what does not run yet: once more after a process was killed is right. Data stay over
    `down` and `up`; --fresh throws them away, which another demo and another clock need.
    """
    from grantcase import local

    with told():
        local.up(simulated_clock=not system_clock, fresh=fresh, replicas=replicas, tell=_tell)


def down() -> None:
    """Stop what `grantcase up` started, and nothing else."""
    from grantcase import local

    with told():
        if not local.down(tell=_tell):
            _tell("沒有執行中的程序 nothing of ours ran")


def _must_be_empty(services: Backend) -> None:
    if any(services.query(service, "counts")["sealed"] for service in SERVICES):
        fail(
            "服務已有資料（可能是先前的示範）；重新開始請執行 grantcase up --fresh",
            "the services hold data already, of an earlier demo perhaps; to start afresh run "
            "`grantcase up --fresh`",
        )


def _cleared(folder: Path) -> bool:
    """Make way for a new demo; a store that is not a demo's stays untouched."""
    if not folder.exists() or not any(folder.iterdir()):
        return True
    if not (folder / "demo").exists():
        return False
    shutil.rmtree(folder)
    return True


def _tell(line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)
