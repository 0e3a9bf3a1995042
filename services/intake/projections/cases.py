"""The list of cases, and the case numbers (案號) taken so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from services.intake.domain import events as e
from services.intake.projections.tables import case_list, case_numbers
from shared.kernel.clock import instant_text
from shared.kernel.envelope import RecordedEvent

_FIRST = sa.text(
    "INSERT INTO intake_case_numbers (prefix, last) VALUES (:prefix, 0) ON CONFLICT DO NOTHING"
)
_NEXT = sa.text(
    "UPDATE intake_case_numbers SET last = last + 1 WHERE prefix = :prefix RETURNING last"
)
NAME = "intake.cases"
TABLES = (case_list, case_numbers)
_STATES = {
    e.ProposalLapsed: "lapsed",
    e.ProposalAccepted: "accepted",
    e.ProposalRejected: "rejected",
    e.CaseEnded: "ended",
    e.CaseResumed: "accepted",
}
OPEN = ("draft", "submitted", "accepted", "registered")
"""States in which a case still needs the data of its subjects."""


def project(connection: Any, recorded: RecordedEvent) -> None:
    """One row per case, from its own stream."""
    event = recorded.event
    match event:
        case e.CaseRegistered():
            connection.execute(case_list.insert().values(**_opened(event)))
            _note_number(connection, event.case_number)
        case e.ProposalSubmitted():
            _update(
                connection,
                event.case_id,
                state="submitted",
                track=event.track,
                enterprise_count=event.enterprise_count,
                requested_twd=event.requested_twd,
                submitted_at=instant_text(event.submitted_at),
            )
        case _ if type(event) in _STATES:
            _update(connection, event.case_id, state=_STATES[type(event)])


class CaseNumberTable:
    """The CaseNumbers port: a locked counter per prefix, without gaps."""

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def next(self, prefix: str) -> str:
        """CP112-0007. The row stays locked until the command commits or rolls back."""
        self._connection.execute(_FIRST, {"prefix": prefix})
        return f"{prefix}-{self._connection.execute(_NEXT, {'prefix': prefix}).scalar_one():04d}"


def cases(unit: Any, programme: str | None = None) -> list[dict[str, Any]]:
    """All cases, by number."""
    query = sa.select(case_list).order_by(case_list.c.case_number)
    if programme:
        query = query.where(case_list.c.programme_id == programme)
    return [dict(row) for row in unit.connection.execute(query).mappings()]


def case(unit: Any, case: str) -> dict[str, Any] | None:
    """One case by its number or id."""
    query = sa.select(case_list).where(
        sa.or_(case_list.c.case_number == case, case_list.c.case_id == case)
    )
    row = unit.connection.execute(query).mappings().first()
    return dict(row) if row else None


def _opened(event: e.CaseRegistered) -> dict[str, Any]:
    return {
        "case_id": str(event.case_id),
        "case_number": event.case_number,
        "call_id": str(event.call_id) if event.call_id else None,
        "programme_id": event.programme_id,
        "applicant_ubn": event.applicant_ubn,
        "applicant_name": event.applicant_name,
        **_entered(event.registration),
    }


def _entered(registration: Mapping[str, Any] | None) -> dict[str, Any]:
    if registration is None:
        return {"state": "draft"}
    return {
        "state": "registered",
        "track": registration["track"],
        "enterprise_count": len(registration["enterprises"]),
        "requested_twd": registration["amount_twd"],
    }


def _update(connection: Any, case_id: Any, **values: Any) -> None:
    connection.execute(
        case_list.update().where(case_list.c.case_id == str(case_id)).values(**values)
    )


def _note_number(connection: Any, number: str) -> None:
    prefix, _, last = number.rpartition("-")
    changed = connection.execute(
        case_numbers.update().where(case_numbers.c.prefix == prefix).values(last=int(last))
    )
    if changed.rowcount == 0:
        connection.execute(case_numbers.insert().values(prefix=prefix, last=int(last)))
