"""The catalogue's vectors that named methods of monitoring decide, run through its door."""

from __future__ import annotations

import pytest

from shared.programmes.location import programme_folder
from shared.programmes.vectors import Vector, read_vectors
from tests.support.monitoring_vectors import MonitoringRun

VECTORS = [
    vector
    for vector in read_vectors(programme_folder("coprosperity-112"))
    if vector.commands and vector.place.startswith("vectors/monitoring")
]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector.id for vector in VECTORS])
def test_the_case_shows_what_the_catalogue_says(vector: Vector) -> None:
    run = MonitoringRun()
    for number, step in enumerate(vector.commands, start=1):
        found = run.step(step)
        expected = {key: step[key] for key in found}
        assert found == expected, f"{vector.place}, step {number}: {vector.says}"


def test_there_are_vectors_to_run() -> None:
    assert {"CP-T113", "CP-T114", "CP-T115", "CP-T128"} <= {vector.id for vector in VECTORS}
