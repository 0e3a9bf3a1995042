"""The register of bars, by 統一編號."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from services.intake.domain import events as e
from services.intake.projections.tables import bar_list
from shared.kernel.envelope import RecordedEvent

NAME = "intake.bars"
TABLES = (bar_list,)


def project(connection: Any, recorded: RecordedEvent) -> None:
    """One row per bar; a lifted one goes."""
    match recorded.event:
        case e.BarRegistered() as event:
            connection.execute(
                bar_list.insert().values(
                    bar_id=str(event.bar_id),
                    ubn=event.ubn,
                    programme_id=event.programme_id,
                    decided_on=event.decided_on.isoformat(),
                    until=event.until.isoformat(),
                    reason=event.reason,
                    years_roc=list(event.years_roc),
                )
            )
        case e.BarRemoved() as event:
            connection.execute(bar_list.delete().where(bar_list.c.bar_id == str(event.bar_id)))


class BarTable:
    """The Bars port."""

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def of(self, ubns: Sequence[str], programme_id: str) -> list[dict[str, Any]]:
        """[{ubn, decided_on, until, years_roc}] of bars that were not lifted."""
        shown = (bar_list.c.ubn, bar_list.c.decided_on, bar_list.c.until, bar_list.c.years_roc)
        query = (
            sa.select(*shown)
            .where(bar_list.c.programme_id == programme_id, bar_list.c.ubn.in_(list(ubns)))
            .order_by(bar_list.c.ubn, bar_list.c.decided_on)
        )
        return [dict(row) for row in self._connection.execute(query).mappings()]


def bars(unit: Any) -> list[dict[str, Any]]:
    """The whole register."""
    query = sa.select(bar_list).order_by(bar_list.c.decided_on, bar_list.c.ubn)
    return [dict(row) for row in unit.connection.execute(query).mappings()]
