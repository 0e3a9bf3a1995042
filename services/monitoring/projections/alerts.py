"""Compliance alerts, open and cleared."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.monitoring.domain import events as e
from services.monitoring.projections.tables import alert_list
from shared.kernel.clock import instant_text
from shared.kernel.envelope import RecordedEvent

NAME = "monitoring.alerts"
TABLES = (alert_list,)


def project(connection: Any, recorded: RecordedEvent) -> None:
    """One row per alert."""
    at = instant_text(recorded.metadata.occurred_at)
    match recorded.event:
        case e.ComplianceAlertRaised() as event:
            connection.execute(
                alert_list.insert().values(
                    alert_id=str(event.alert_id),
                    case_id=str(event.case_id),
                    case_number=event.case_number,
                    kind=event.kind,
                    obligation=event.obligation,
                    about=event.about,
                    text_zh=event.text["zh-Hant"],
                    text_en=event.text["en"],
                    raised_at=at,
                )
            )
        case e.ComplianceAlertCleared() as event:
            connection.execute(
                alert_list.update()
                .where(alert_list.c.alert_id == str(event.alert_id))
                .values(cleared_at=at, cleared_why=event.reason)
            )


def alerts(unit: Any, case: str | None = None, open: bool = False) -> list[dict[str, Any]]:
    """Alerts of one case (number or id) or of all, oldest first; open ones only on request."""
    query = sa.select(alert_list).order_by(alert_list.c.raised_at, alert_list.c.alert_id)
    if case:
        query = query.where(sa.or_(alert_list.c.case_id == case, alert_list.c.case_number == case))
    if open:
        query = query.where(alert_list.c.cleared_at.is_(None))
    return [dict(row) for row in unit.connection.execute(query).mappings()]
