"""Invoice numbers: one may pay once, over all cases. The primary key is the guard."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.finance.domain import events as e
from services.finance.domain.errors import InvoiceUsed
from services.finance.projections.tables import contracts, invoices
from shared.kernel.envelope import RecordedEvent

NAME = "finance.invoices"
TABLES = (invoices,)


def project(connection: Any, recorded: RecordedEvent) -> None:
    """Take the number. Raises InvoiceUsed when a concurrent claim was first."""
    match recorded.event:
        case e.ClaimSubmitted(invoice_number=str()) as event:
            number = sa.select(contracts.c.case_number).where(
                contracts.c.case_id == str(event.case_id)
            )
            row = {
                "invoice_number": event.invoice_number,
                "case_id": str(event.case_id),
                "claim_id": str(event.claim_id),
                "case_number": connection.execute(number).scalar_one(),
            }
            try:
                connection.execute(invoices.insert().values(**row))
            except sa.exc.IntegrityError:
                raise InvoiceUsed(str(event.invoice_number)) from None


class InvoiceTable:
    """The Invoices port."""

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def used(self, number: str) -> str | None:
        """The case number that used it, or None."""
        query = sa.select(invoices.c.case_number).where(invoices.c.invoice_number == number)
        return self._connection.execute(query).scalar()
