"""The vectors of the catalogue that need commands of intake, run through the four services.

Those of monitoring run in tests/unit/monitoring/test_vectors.py.
"""

from __future__ import annotations

import pytest

from shared.programmes.location import programme_folder
from shared.programmes.vectors import Vector, read_vectors
from tests.support.embedded import PROGRAMME, Office
from tests.support.embedded_vectors import VectorRun

VECTORS = [
    vector
    for vector in read_vectors(programme_folder(PROGRAMME))
    if vector.commands and vector.place.startswith("vectors/intake")
]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector.id for vector in VECTORS])
def test_the_case_shows_what_the_catalogue_says(office: Office, vector: Vector) -> None:
    run = VectorRun(office)
    for number, step in enumerate(vector.commands, start=1):
        found = run.step(step)
        expected = {key: step[key] for key in found}
        assert found == expected, f"{vector.place}, step {number}: {vector.says}"


def test_there_are_vectors_to_run() -> None:
    assert len(VECTORS) >= 7
