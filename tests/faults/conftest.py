from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.bus_servers import bus_servers, fleets
from tests.support.fleet import Fleet


@pytest.fixture(scope="session")
def servers() -> Iterator[Any]:
    with bus_servers() as both:
        yield both


@pytest.fixture
def new_fleet(tmp_path: Any, servers: Any) -> Iterator[Callable[[], Fleet]]:
    with fleets(tmp_path, servers) as make:
        yield make
