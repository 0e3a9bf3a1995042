"""An operator hears of a parked timer, looks at it, and re-drives its lane."""

from __future__ import annotations

from pathlib import Path

import pytest

from grantcase.store_folder import default_folder
from shared.eventstore.engines import open_engine
from shared.kernel.clock import parse_instant
from shared.kernel.ids import random_id
from shared.projection.timers import TimerTable
from tests.support.embedded import copied
from tests.support.embedded_demo import Told
from tests.support.embedded_terminal import Terminal, terminal


@pytest.fixture
def run(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """grantcase on a copy of the told store."""
    return terminal(monkeypatch, capsys, copied(told.folder, tmp_path / "store"))


def test_a_parked_timer_is_said_shown_retried_and_skipped(run: Terminal, told: Told) -> None:
    case = told.stage.case("steady")
    _set_timer(str(case), "2026-12-22T00:00:00+08:00")
    said = run("clock", "advance", "--to", "2026-12-23T00:00:00+08:00")
    assert (said.code, "timers are parked" in said.out) == (0, True)
    assert "2026-12-23" in run("clock", "show").out
    assert "timers are parked" in run("status").out
    listed = run("lanes", "list").out
    assert "1 定時 timers" in listed
    shown = run("lanes", "show", "intake", case).document
    assert (shown["command"], shown["due_at"][:10]) == ("GoneSince", "2026-12-22")
    assert run("lanes", "retry", "intake", case).complained(
        "GoneSince fails again", "UnreadableTimer"
    )
    assert run("lanes", "skip", "intake", case, "--reason", " ").complained("reason")
    assert run("lanes", "skip", "intake", case, "--reason", "letter 112-0412").code == 0
    assert "nothing is parked" in run("lanes", "list").out
    assert "parked: see" not in run("status").out


def _set_timer(case: str, due_at: str) -> None:
    """Of a command that this program does not know."""
    engine = open_engine(f"sqlite:///{default_folder() / 'intake.db'}")
    with engine.begin() as connection:
        TimerTable(connection).schedule(
            random_id(), parse_instant(due_at), "GoneSince", {"case_id": case}
        )
    engine.dispose()
