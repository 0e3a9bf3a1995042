"""The list of contracts, and which of them holds which enterprise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.finance.domain import events as e
from services.finance.projections.tables import contracts as table
from services.finance.projections.tables import enterprises
from shared.kernel.envelope import RecordedEvent

NAME = "finance.contracts"
TABLES = (table, enterprises)
_STATES: dict[type, str] = {
    e.ContractFileStopped: "stopped",
    e.ContractForfeited: "forfeited",
    e.ContractAbandoned: "abandoned",
    e.ContractTerminated: "terminated",
    e.ContractRescinded: "rescinded",
    e.ClosingNoted: "closed",
    e.ContractSettled: "settled",
}


def project(connection: Any, recorded: RecordedEvent) -> None:
    """One row per case, from its own stream."""
    event = recorded.event
    match event:
        case e.ContractFileOpened():
            connection.execute(table.insert().values(**_opened(event)))
            _hold_enterprises(connection, event)
        case e.SigningExtended():
            _update(connection, event.case_id, signing_due_on=event.until.isoformat())
        case e.ContractSigned():
            _update(
                connection,
                event.case_id,
                state="signed",
                amount_twd=event.amount_twd,
                contract_number=event.contract_number,
                signed_on=event.signed_on.isoformat(),
            )
        case e.EnterprisesChanged():
            _change_enterprises(connection, event)
        case e.ContractAmountReduced():
            _update(connection, event.case_id, amount_twd=event.amount_twd)
        case _ if type(event) in _STATES:
            _update(connection, event.case_id, state=_STATES[type(event)])
            if isinstance(event, e.ContractFileStopped | e.ContractForfeited):
                _release_enterprises(connection, event.case_id)


class EnterpriseTable:
    """The Enterprises port."""

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def others(self, call_id: UUID, case_id: UUID, ubns: Sequence[str]) -> list[dict[str, str]]:
        """[{ubn, case_number}] of other files that hold one of these numbers."""
        query = (
            sa.select(enterprises.c.ubn, enterprises.c.case_number)
            .where(enterprises.c.call_id == str(call_id), enterprises.c.case_id != str(case_id))
            .where(enterprises.c.ubn.in_(list(ubns)))
            .order_by(enterprises.c.ubn, enterprises.c.case_number)
        )
        return [dict(row) for row in self._connection.execute(query).mappings()]


def contracts(unit: Any, programme: str | None = None) -> list[dict[str, Any]]:
    """All contracts, by case number."""
    query = sa.select(table).order_by(table.c.case_number)
    if programme:
        query = query.where(table.c.programme_id == programme)
    return [dict(row) for row in unit.connection.execute(query).mappings()]


def contract(unit: Any, case: str) -> dict[str, Any] | None:
    """One contract by case id or case number; None when there is none."""
    query = sa.select(table).where(sa.or_(table.c.case_id == case, table.c.case_number == case))
    row = unit.connection.execute(query).mappings().first()
    return dict(row) if row else None


def _opened(event: e.ContractFileOpened) -> dict[str, Any]:
    return {
        "case_id": str(event.case_id),
        "case_number": event.case_number,
        "call_id": str(event.call_id),
        "programme_id": event.programme_id,
        "applicant_ubn": event.applicant_ubn,
        "applicant_name": event.applicant_name,
        "state": "preparing",
        "amount_twd": event.approved_twd,
        "signing_due_on": event.signing_due_on.isoformat(),
    }


def _hold_enterprises(connection: Any, event: e.ContractFileOpened) -> None:
    rows = [
        {
            "case_id": str(event.case_id),
            "ubn": ubn,
            "call_id": str(event.call_id),
            "case_number": event.case_number,
        }
        for ubn in sorted(set(event.enterprise_ubns))
    ]
    if rows:
        connection.execute(enterprises.insert(), rows)


def _change_enterprises(connection: Any, event: e.EnterprisesChanged) -> None:
    case_id = str(event.case_id)
    connection.execute(
        enterprises.delete().where(
            enterprises.c.case_id == case_id, enterprises.c.ubn.in_(event.removed_ubns)
        )
    )
    if event.added_ubns:
        of_case = sa.select(table.c.call_id, table.c.case_number).where(table.c.case_id == case_id)
        held = dict(connection.execute(of_case).mappings().one())
        rows = [{"case_id": case_id, "ubn": ubn, **held} for ubn in event.added_ubns]
        connection.execute(enterprises.insert(), rows)


def _release_enterprises(connection: Any, case_id: UUID) -> None:
    connection.execute(enterprises.delete().where(enterprises.c.case_id == str(case_id)))


def _update(connection: Any, case_id: UUID, **values: Any) -> None:
    connection.execute(table.update().where(table.c.case_id == str(case_id)).values(**values))
