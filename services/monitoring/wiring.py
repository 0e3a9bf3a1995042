"""The composition root of monitoring: ports to adapters."""

from __future__ import annotations

from typing import Any

from services.monitoring import projections
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain.events import EVENTS
from services.monitoring.publishing import publish
from services.monitoring.schemas import COMMANDS, REACTIONS
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings, open_units
from shared.programmes.evaluation import PackRules
from shared.projection.packs import PackShelf
from shared.projection.timers import TimerTable

NAME = "monitoring"


def build(settings: ServiceSettings) -> ServiceCore:
    """The service over the database of `settings`."""
    units = open_units(settings, EVENTS, projections.INLINE)
    compiled: dict[str, Any] = {}

    def bind(unit: Any) -> MonitoringPorts:
        shelf = PackShelf(unit.connection)
        return MonitoringPorts(
            streams=unit.streams,
            rules=PackRules(shelf, compiled),
            packs=shelf,
            timers=TimerTable(unit.connection),
        )

    return ServiceCore(
        name=NAME,
        commands=COMMANDS,
        reactions=REACTIONS,
        units=units,
        bind=bind,
        publish=publish,
        queries=projections.QUERIES,
    )
