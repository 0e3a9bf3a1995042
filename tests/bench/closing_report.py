"""The closing report of a case with 80 enterprises: facts gathered, paper filled, PDF set."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from grantcase.papers.desk import case_paper
from grantcase.papers.pdf import pdf
from grantcase.papers.word import word
from grantcase.store_folder import open_store
from tests.support.embedded_demo import tell

CASE = "CP112-0001"
KIND = "closing-report"
TARGET_S = 5
ROUNDS = 3

Row = tuple[str, str, str, bool | None]
"""(label, value, target, reached)."""


def run(smoke: bool) -> list[Row]:
    """Medians of three over the demo's own store (smoke: once)."""
    rounds = 1 if smoke else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        told = tell(Path(folder) / "store")
        with open_store(told.folder) as store:
            times: dict[str, list[float]] = {"PDF": [], "DOCX": []}
            for _ in range(rounds):
                for name, write in (("PDF", pdf), ("DOCX", word)):
                    start = time.perf_counter()
                    write(case_paper(store, CASE, KIND))
                    times[name].append(time.perf_counter() - start)
    rows: list[Row] = []
    for name, taken in times.items():
        seconds = statistics.median(taken)
        target = f"< {TARGET_S} s" if name == "PDF" else ""
        reached = seconds < TARGET_S if name == "PDF" else None
        label = f"closing report, 80 enterprises, 80 usage charts, {name}"
        rows.append((label, f"{seconds:.2f} s", target, reached))
    return rows


if __name__ == "__main__":
    for row in run(smoke=False):
        print(*row)
