"""`grantcase init`: an empty store to work in by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grantcase.cli.opening import console, fail, told
from grantcase.store_folder import create_store, open_store
from shared.kernel.clock import Clock, SimulatedClock, SystemClock, instant_text, parse_instant


def init(
    folder: Annotated[Path, typer.Argument(help="資料夾（須為空） an empty folder")],
    at: Annotated[
        str | None,
        typer.Option(
            help="模擬時鐘的起始時間；未填為真實時間 simulated, starting then; else real time"
        ),
    ] = None,
) -> None:
    """Make an empty store. With --at it runs on a simulated clock, for training and trying out."""
    if folder.exists() and any(folder.iterdir()):
        fail(f"{folder} 不是空的資料夾", f"{folder} is not empty")
    with told():
        create_store(folder, _clock(at))
        with open_store(folder) as store:
            console.print(
                f"✓ {folder}  時鐘 clock: {instant_text(store.now())}", markup=False, soft_wrap=True
            )


def _clock(at: str | None) -> Clock:
    if at is None:
        return SystemClock()
    try:
        return SimulatedClock(parse_instant(at))
    except ValueError as error:
        fail(f"時間格式不符（須含時區）：{error}", f"not an instant with its offset: {error}")
