"""The composition root of review: ports to adapters."""

from __future__ import annotations

from services.review import projections
from services.review.application.ports import ReviewPorts
from services.review.domain.events import EVENTS
from services.review.projections.reviews import FileTable
from services.review.publishing import publish
from services.review.schemas import COMMANDS, REACTIONS
from shared.bus.composition import Bound, compose
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings

NAME = "review"


def build(settings: ServiceSettings) -> ServiceCore:
    """The service over the databases of `settings`."""

    def ports(bound: Bound) -> ReviewPorts:
        return bound.ports(ReviewPorts, files=FileTable(bound.connection))

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
