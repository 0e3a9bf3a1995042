"""The composition root of review: ports to adapters."""

from __future__ import annotations

from typing import Any

from services.review import projections
from services.review.application.ports import ReviewPorts
from services.review.domain.events import EVENTS
from services.review.projections.reviews import FileTable
from services.review.publishing import publish
from services.review.schemas import COMMANDS, REACTIONS
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings, open_units
from shared.programmes.evaluation import PackRules
from shared.projection.packs import PackShelf

NAME = "review"


def build(settings: ServiceSettings) -> ServiceCore:
    """The service over the databases of `settings`."""
    compiled: dict[str, Any] = {}

    def bind(unit: Any) -> ReviewPorts:
        shelf = PackShelf(unit.connection)
        return ReviewPorts(
            streams=unit.streams,
            rules=PackRules(shelf, compiled),
            packs=shelf,
            files=FileTable(unit.connection),
        )

    return ServiceCore(
        name=NAME,
        commands=COMMANDS,
        reactions=REACTIONS,
        units=open_units(settings, EVENTS, projections.INLINE),
        bind=bind,
        publish=publish,
        queries=projections.QUERIES,
    )
