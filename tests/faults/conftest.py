from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.bus_servers import bus_servers, fleets
from tests.support.fleet import Fleet
from tests.support.four_fleet import FourFleet, four_fleet, without_faults
from tests.support.outcome import Outcome


@pytest.fixture(scope="session")
def servers() -> Iterator[Any]:
    with bus_servers() as both:
        yield both


@pytest.fixture
def new_fleet(tmp_path: Any, servers: Any) -> Iterator[Callable[[], Fleet]]:
    """Maker of the invented pair."""
    with fleets(tmp_path, servers) as make:
        yield make


@pytest.fixture
def four(tmp_path: Any, servers: Any) -> Iterator[FourFleet]:
    """The four services, nothing started yet."""
    with fleets(tmp_path, servers, four_fleet) as make:
        yield make()


@pytest.fixture(scope="session")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the story comes to without faults."""
    return without_faults(tmp_path_factory.mktemp("without-faults"))
