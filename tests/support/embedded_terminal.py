"""`grantcase` as a user types it, in this process: exit code, output, complaints."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grantcase.cli import main


@dataclass(frozen=True, slots=True)
class Said:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    def complained(self, *texts: str) -> bool:
        """Failed in words, both languages, and no traceback."""
        chinese = any("\u4e00" <= sign <= "\u9fff" for sign in self.err)
        return (
            self.code != 0
            and chinese
            and "Traceback" not in self.err + self.out
            and all(text in self.err for text in texts)
        )


Terminal = Callable[..., Said]


def terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], store: Path | None = None
) -> Terminal:
    """run("case", "list", stdin="...") -> Said. Every command works on the one store."""
    monkeypatch.setenv("COLUMNS", "400")
    if store:
        monkeypatch.setenv("GRANTCASE_HOME", str(store))

    def run(*arguments: object, stdin: str = "") -> Said:
        monkeypatch.setattr(sys, "argv", ["grantcase", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Said(int(ended.value.code or 0), out, err)

    return run
