"""The composition root of finance: ports to adapters."""

from __future__ import annotations

from services.finance import projections
from services.finance.application.ports import FinancePorts
from services.finance.domain.events import EVENTS
from services.finance.projections.contracts import EnterpriseTable
from services.finance.projections.invoices import InvoiceTable
from services.finance.projections.vouchers import VoucherTable
from services.finance.publishing import publish
from services.finance.schemas import COMMANDS, REACTIONS
from shared.bus.composition import Bound, compose
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings

NAME = "finance"


def build(settings: ServiceSettings) -> ServiceCore:
    """The service over the databases of `settings`."""

    def ports(bound: Bound) -> FinancePorts:
        return bound.ports(
            FinancePorts,
            invoices=InvoiceTable(bound.connection),
            enterprises=EnterpriseTable(bound.connection),
            vouchers=VoucherTable(bound.connection),
        )

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
