"""The journal: the lines of domain.ledger, and the ledger as people read it, as of any day."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.finance.domain import events as e
from services.finance.domain.balances import Posting, balances
from services.finance.domain.ledger import ACCOUNTS, entries_of
from services.finance.projections.tables import contracts, journal
from shared.kernel.clock import taipei_date
from shared.kernel.envelope import RecordedEvent

NAME = "finance.journal"
TABLES = (journal,)
_ROC_OFFSET = 1911


def project(connection: Any, recorded: RecordedEvent) -> None:
    """The event's journals, each line with its case, programme and fiscal year (ROC)."""
    entries = entries_of(recorded.event)
    if not entries:
        return
    where = _place(connection, recorded.event)
    rows: list[dict[str, Any]] = []
    for journal_no, entry in enumerate(entries, 1):
        on = entry.on or taipei_date(recorded.metadata.occurred_at)
        for line in entry.lines:
            rows.append(
                {
                    **where,
                    "event_id": str(recorded.id),
                    "line_no": len(rows) + 1,
                    "journal_no": journal_no,
                    "event_type": recorded.type,
                    "version": recorded.version,
                    "fiscal_year": on.year - _ROC_OFFSET,
                    "occurred_on": on.isoformat(),
                    "account": line.account,
                    "party_ubn": line.party_ubn,
                    "debit_twd": line.debit_twd,
                    "credit_twd": line.credit_twd,
                }
            )
    connection.execute(journal.insert(), rows)


def ledger(
    unit: Any,
    case: str | None = None,
    programme: str | None = None,
    fiscal_year: int | None = None,
    as_of: str | date | None = None,
) -> dict[str, Any]:
    """{rows: [...], balances: {...}}: journal lines in order of day, and what they sum to.

    case is a case id or number, fiscal_year an ROC year, as_of the last day that counts.
    """
    query = sa.select(journal)
    if case:
        query = query.where(sa.or_(journal.c.case_id == case, journal.c.case_number == case))
    if programme:
        query = query.where(journal.c.programme_id == programme)
    if fiscal_year is not None:
        query = query.where(journal.c.fiscal_year == int(fiscal_year))
    if as_of:
        query = query.where(journal.c.occurred_on <= str(as_of))
    found = unit.connection.execute(query).mappings().all()
    rows = sorted((_row(row) for row in found), key=_order)
    return {"rows": rows, "balances": balances(_posting(row) for row in rows)}


def balances_of(unit: Any, case_id: str, as_of: str | date | None = None) -> dict[str, int]:
    """The balances of one case."""
    found: dict[str, int] = ledger(unit, case=str(case_id), as_of=as_of)["balances"]
    return found


def _place(connection: Any, event: Any) -> dict[str, Any]:
    if isinstance(event, e.BudgetOpened):
        return {"case_id": None, "case_number": None, "programme_id": event.programme_id}
    columns = (contracts.c.case_id, contracts.c.case_number, contracts.c.programme_id)
    query = sa.select(*columns).where(contracts.c.case_id == str(event.case_id))
    return dict(connection.execute(query).mappings().one())


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    """By day, then as the case's own stream tells it: a rebuild gives the same order."""
    case = row["case_number"] or ""
    return (row["occurred_on"], case, row["version"], row["event_id"], row["line_no"])


def _row(row: Any) -> dict[str, Any]:
    return {**dict(row), "account_name": ACCOUNTS[row["account"]]}


def _posting(row: dict[str, Any]) -> Posting:
    return Posting(row["event_type"], row["account"], row["debit_twd"], row["credit_twd"])
