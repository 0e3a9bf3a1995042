"""Vouchers and account movements of all cases: what was claimed, and by whom before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from services.finance.domain import events as e
from services.finance.domain.errors import VoucherUsed
from services.finance.domain.spending import REJECT
from services.finance.projections.tables import accounts, contracts, voucher_keys, vouchers
from shared.kernel.envelope import RecordedEvent

NAME = "finance.vouchers"
TABLES = (vouchers, voucher_keys, accounts)


def project(connection: Any, recorded: RecordedEvent) -> None:
    """Take the keys, note the audits. Raises VoucherUsed when a concurrent batch was first."""
    match recorded.event:
        case e.VouchersSubmitted() as event:
            number = _number(connection, str(event.case_id))
            for row in event.vouchers:
                connection.execute(vouchers.insert().values(**_submitted(event, row, number)))
                if row["key"] and not row["used_by"]:
                    _take(connection, row, number)
        case e.VouchersAudited() as event:
            for line in event.lines:
                _audited(connection, str(event.case_id), line)
        case e.AccountMovementsRecorded() as event:
            rows = [_moved(event, row) for row in event.movements]
            connection.execute(accounts.insert(), rows)


class VoucherTable:
    """The Vouchers port."""

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def used(self, key: str, voucher_id: str) -> str | None:
        """The case number whose other voucher has this key, or None."""
        query = sa.select(voucher_keys.c.case_number).where(
            voucher_keys.c.key == key, voucher_keys.c.voucher_id != voucher_id
        )
        return self._connection.execute(query).scalar()

    def person_month_bp(self, person_ref: str, month: str, besides: str) -> int:
        """How much of a person's month is accepted in vouchers but that one (bp)."""
        query = sa.select(sa.func.coalesce(sa.func.sum(vouchers.c.person_bp), 0)).where(
            vouchers.c.person_ref == person_ref,
            vouchers.c.person_month == month,
            vouchers.c.voucher_id != besides,
            vouchers.c.outcome.is_not(None),
            vouchers.c.outcome != REJECT,
        )
        return int(self._connection.execute(query).scalar_one())


def vouchers_of(unit: Any, case: str) -> list[dict[str, Any]]:
    """The vouchers of a case (id or number), by date."""
    query = (
        sa.select(vouchers)
        .where(sa.or_(vouchers.c.case_id == case, vouchers.c.case_number == case))
        .order_by(vouchers.c.party_ubn, vouchers.c.voucher_on, vouchers.c.voucher_id)
    )
    return [dict(row) for row in unit.connection.execute(query).mappings()]


def account_of(unit: Any, case: str) -> list[dict[str, Any]]:
    """The account movements of a case (id or number), by party and day."""
    number = sa.select(contracts.c.case_id).where(contracts.c.case_number == case)
    query = (
        sa.select(accounts)
        .where(sa.or_(accounts.c.case_id == case, accounts.c.case_id.in_(number)))
        .order_by(accounts.c.party_ubn, accounts.c.moved_on, accounts.c.movement_id)
    )
    return [dict(row) for row in unit.connection.execute(query).mappings()]


def _number(connection: Any, case_id: str) -> str:
    query = sa.select(contracts.c.case_number).where(contracts.c.case_id == case_id)
    return str(connection.execute(query).scalar_one())


def _submitted(event: e.VouchersSubmitted, row: Mapping[str, Any], number: str) -> dict[str, Any]:
    copied = ("voucher_id", "line", "voucher_on", "item_name", "claimed_twd")
    return {
        **{name: row[name] for name in copied},
        "case_id": str(event.case_id),
        "case_number": number,
        "party_ubn": event.party_ubn,
        "person_ref": row["person_ref"],
        "person_month": row["person_month"],
        "person_bp": row["person_fraction_bp"] or 0,
    }


def _take(connection: Any, row: Mapping[str, Any], number: str) -> None:
    taken = {"key": row["key"], "voucher_id": row["voucher_id"], "case_number": number}
    try:
        connection.execute(voucher_keys.insert().values(**taken))
    except sa.exc.IntegrityError:
        raise VoucherUsed(row["key"]) from None


def _audited(connection: Any, case_id: str, line: Mapping[str, Any]) -> None:
    connection.execute(
        vouchers.update()
        .where(vouchers.c.case_id == case_id, vouchers.c.voucher_id == line["voucher_id"])
        .values(
            outcome=line["outcome"],
            net_twd=line["net_twd"],
            government_twd=line["government_twd"],
        )
    )


def _moved(event: e.AccountMovementsRecorded, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "movement_id": row["movement_id"],
        "case_id": str(event.case_id),
        "party_ubn": event.party_ubn,
        "origin": event.origin,
        "moved_on": row["on"],
        "kind": row["kind"],
        "amount_twd": row["amount_twd"],
        "reference": row["reference"],
    }
