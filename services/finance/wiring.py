"""The composition root of finance: ports to adapters."""

from __future__ import annotations

from typing import Any

from services.finance import projections
from services.finance.application.ports import FinancePorts
from services.finance.domain.events import EVENTS
from services.finance.projections.contracts import EnterpriseTable
from services.finance.projections.invoices import InvoiceTable
from services.finance.publishing import publish
from services.finance.schemas import COMMANDS, REACTIONS
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings, open_units
from shared.programmes.evaluation import PackRules
from shared.projection.packs import PackShelf
from shared.projection.timers import TimerTable

NAME = "finance"


def build(settings: ServiceSettings) -> ServiceCore:
    """The service over the databases of `settings`."""
    units = open_units(settings, EVENTS, projections.INLINE)
    compiled: dict[str, Any] = {}

    def bind(unit: Any) -> FinancePorts:
        shelf = PackShelf(unit.connection)
        return FinancePorts(
            streams=unit.streams,
            rules=PackRules(shelf, compiled),
            packs=shelf,
            timers=TimerTable(unit.connection),
            invoices=InvoiceTable(unit.connection),
            enterprises=EnterpriseTable(unit.connection),
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
