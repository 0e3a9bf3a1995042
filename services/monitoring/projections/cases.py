"""The list of monitored cases."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.monitoring.domain import events as e
from services.monitoring.projections.tables import case_list
from shared.kernel.envelope import RecordedEvent

NAME = "monitoring.cases"
TABLES = (case_list,)


def project(connection: Any, recorded: RecordedEvent) -> None:
    """One row per case, from its own stream."""
    match recorded.event:
        case e.MonitoringOpened() as event:
            connection.execute(case_list.insert().values(**_opened(event)))
        case e.MonitoringStopped() as event:
            _update(connection, event.case_id, state=event.outcome)
        case e.PlanChangeApproved() as event:
            _update(
                connection,
                event.case_id,
                amount_twd=event.amount_twd,
                enterprises=case_list.c.enterprises + len(event.added) - len(event.removed_ubns),
            )
        case e.CaseClosed() as event:
            _update(
                connection,
                event.case_id,
                state="closed",
                closed_on=event.closed_on.isoformat(),
                follow_up_ends_on=event.follow_up_ends_on.isoformat()
                if event.follow_up_ends_on
                else None,
            )
        case e.FollowUpOpened() as event:
            _update(connection, event.case_id, follow_up_ends_on=event.ends_on.isoformat())
        case e.CaseArchived() as event:
            _update(connection, event.case_id, state="archived")


def cases(unit: Any, programme: str | None = None) -> list[dict[str, Any]]:
    """All monitored cases, by number."""
    query = sa.select(case_list).order_by(case_list.c.case_number)
    if programme:
        query = query.where(case_list.c.programme_id == programme)
    return [dict(row) for row in unit.connection.execute(query).mappings()]


def _opened(event: e.MonitoringOpened) -> dict[str, Any]:
    return {
        "case_id": str(event.case_id),
        "case_number": event.case_number,
        "programme_id": event.programme_id,
        "applicant_ubn": event.applicant_ubn,
        "applicant_name": event.applicant_name,
        "state": "executing",
        "amount_twd": event.amount_twd,
        "enterprises": len(event.enterprises),
        "signed_on": event.signed_on.isoformat(),
    }


def _update(connection: Any, case_id: Any, **values: Any) -> None:
    connection.execute(
        case_list.update().where(case_list.c.case_id == str(case_id)).values(**values)
    )
