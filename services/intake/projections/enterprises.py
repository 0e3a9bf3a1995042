"""Which submitted proposal of a call holds which enterprise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.intake.domain import events as e
from services.intake.projections.tables import enterprises_in_call
from shared.kernel.envelope import RecordedEvent

NAME = "intake.enterprises"
TABLES = (enterprises_in_call,)


def project(connection: Any, recorded: RecordedEvent) -> None:
    """Written at submission, taken out when the proposal is not accepted."""
    match recorded.event:
        case e.ProposalSubmitted() as event:
            rows = [
                {
                    "case_id": str(event.case_id),
                    "ubn": ubn,
                    "call_id": str(event.call_id),
                    "case_number": event.case_number,
                }
                for ubn in event.enterprise_ubns
            ]
            if rows:
                connection.execute(enterprises_in_call.insert(), rows)
        case e.ProposalRejected() as event:
            connection.execute(
                enterprises_in_call.delete().where(
                    enterprises_in_call.c.case_id == str(event.case_id)
                )
            )


class EnterpriseTable:
    """The EnterprisesInCall port."""

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def others(self, call_id: UUID, case_id: UUID, ubns: Sequence[str]) -> list[dict[str, str]]:
        """[{ubn, case_number}] of other proposals that hold one of these numbers."""
        table = enterprises_in_call
        query = (
            sa.select(table.c.ubn, table.c.case_number)
            .where(table.c.call_id == str(call_id), table.c.case_id != str(case_id))
            .where(table.c.ubn.in_(list(ubns)))
            .order_by(table.c.ubn, table.c.case_number)
        )
        return [dict(row) for row in self._connection.execute(query).mappings()]
