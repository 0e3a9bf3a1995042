"""The vectors of review that need commands, run through its door."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from shared.programmes.location import programme_folder
from shared.programmes.vectors import Vector, read_vectors
from tests.support.review_vectors import ReviewRun

VECTORS = [
    vector
    for vector in read_vectors(programme_folder("coprosperity-112"))
    if vector.commands and vector.place.startswith("vectors/review")
]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector.id for vector in VECTORS])
def test_the_case_shows_what_the_catalogue_says(vector: Vector) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        run = ReviewRun(connection)
        for number, step in enumerate(vector.commands, start=1):
            found = run.step(step)
            expected = {key: step[key] for key in found}
            assert found == expected, f"{vector.place}, step {number}: {vector.says}"
    engine.dispose()


def test_there_are_vectors_to_run() -> None:
    assert VECTORS
