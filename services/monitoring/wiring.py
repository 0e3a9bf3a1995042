"""The composition root of monitoring: ports to adapters."""

from __future__ import annotations

from services.monitoring import projections
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain.events import EVENTS
from services.monitoring.publishing import publish
from services.monitoring.schemas import COMMANDS, REACTIONS
from shared.bus.composition import Bound, compose
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings

NAME = "monitoring"


def build(settings: ServiceSettings) -> ServiceCore:
    """The service over the databases of `settings`."""

    def ports(bound: Bound) -> MonitoringPorts:
        return bound.ports(MonitoringPorts)

    return compose(
        NAME,
        settings,
        events=EVENTS,
        projections=projections,
        commands=COMMANDS,
        reactions=REACTIONS,
        publish=publish,
        ports=ports,
    )
