"""A store with the programme published, made once, and a copy of it for every test."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from grantcase.demo.proposing import Stage
from tests.support.embedded import Office, copied, opened, prepared
from tests.support.embedded_demo import Told, tell, tell_probed
from tests.support.embedded_probes import ProbingBackend


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Stage]:
    """A closed store with pack and call, and what was published; not to be written to."""
    folder = tmp_path_factory.mktemp("published") / "store"
    return folder, prepared(folder)


@pytest.fixture
def office(published: tuple[Path, Stage], tmp_path: Path) -> Iterator[Office]:
    """The services over a copy of the published store."""
    template, stage = published
    with opened(copied(template, tmp_path / "store"), deepcopy(stage)) as services:
        yield services


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The whole demo story, told once; its store is not to be written to."""
    return tell(tmp_path_factory.mktemp("demo") / "store")


@pytest.fixture(scope="session")
def probed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, ProbingBackend]:
    """The story told again, with bad input tried around every command of it."""
    return tell_probed(tmp_path_factory.mktemp("probed") / "store")
