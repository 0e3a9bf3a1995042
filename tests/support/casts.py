"""Who plays in a fleet: the invented pair, or the four real services. The processes are the same.

What pulls nameko in is imported only when it is asked for: a service's process has to patch the
interpreter first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from grantcase import processes
from grantcase.backend import SERVICES
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings
from tests.support import pair


@dataclass(frozen=True, slots=True)
class Cast:
    """Names of services and how each of them is built. own_tables None: those of its projections.
    service_class gives the nameko class."""

    name: str
    services: Sequence[str]
    build: Callable[[str, ServiceSettings], ServiceCore]
    listeners: Callable[[], Mapping[str, Sequence[str]]]
    own_tables: sa.MetaData | None
    service_class: Callable[[str], Any]


def _pair_class(name: str) -> Any:
    from tests.support import pair_service

    return {"intake": pair_service.PairIntake, "review": pair_service.PairReview}[name]


def _real_class(name: str) -> Any:
    return getattr(import_module(f"services.{name}.service"), f"{name.capitalize()}Service")


def _build_real(name: str, settings: ServiceSettings) -> ServiceCore:
    core: ServiceCore = import_module(f"services.{name}.wiring").build(settings)
    return core


PAIR = Cast(
    "pair",
    tuple(pair.BUILDERS),
    lambda name, settings: pair.BUILDERS[name](settings),
    lambda: pair.LISTENERS,
    pair.METADATA,
    _pair_class,
)
FOUR = Cast("four", SERVICES, _build_real, processes.listeners, None, _real_class)
CASTS = {cast.name: cast for cast in (PAIR, FOUR)}
