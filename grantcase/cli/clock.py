"""`grantcase clock`: the simulated clock of a training or demo store."""

from __future__ import annotations

from typing import Annotated

import typer

from grantcase.cli.lanes import warn_of_parked
from grantcase.cli.opening import Against, Store, backend, console, fail
from shared.bus.inbox import INFRASTRUCTURE
from shared.kernel.clock import instant_text, parse_instant

app = typer.Typer(help="模擬時鐘 the simulated clock", no_args_is_help=True)


@app.command()
def advance(
    to: Annotated[str, typer.Option("--to", help="時間 ISO 8601, 2023-04-01T09:00:00+08:00")],
    against: Against = "embedded",
    store: Store = None,
) -> None:
    """Move the simulated clock forward; every timer that falls due is fired in order.

    One that fails for good is parked, and the clock goes on."""
    try:
        target = parse_instant(to)
    except ValueError as error:
        fail(f"時間格式不符（須含時區）：{error}", f"not an instant with its offset: {error}")
        return
    with backend(against, store) as services:
        if target < services.now():
            now = instant_text(services.now())
            fail(f"時鐘不能倒退，現為 {now}", f"the clock does not go back: it stands at {now}")
        try:
            services.advance(target)
        except (RuntimeError, ValueError) as error:
            fail(f"時鐘無法前進：{error}", f"the clock does not advance: {error}")
        except INFRASTRUCTURE as error:  # a timer met it, has not fired, and will the next time
            fail(
                f"時鐘停在 {instant_text(services.now())}，請重試：{error}",
                f"the clock stands at {instant_text(services.now())}; try again: {error}",
            )
        console.print(f"時鐘 clock: {instant_text(services.now())}")
        warn_of_parked(services)


@app.command()
def show(against: Against = "embedded", store: Store = None) -> None:
    """What the clock says."""
    with backend(against, store) as services:
        console.print(instant_text(services.now()))
