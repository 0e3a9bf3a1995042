"""The spending of a case (核銷), stream `spending-<case id>`: vouchers, audits, the accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.account_book import Movement
from services.finance.domain.errors import IdReused, UnknownPart
from services.finance.domain.shares import Accepted

ACCEPT, REDUCE, REJECT = "accept", "reduce", "reject"
OUTCOMES = (ACCEPT, REDUCE, REJECT)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spending:
    """State folded from the stream."""

    batches: Mapping[UUID, e.VouchersSubmitted] = field(default_factory=dict)
    audits: Mapping[UUID, e.VouchersAudited] = field(default_factory=dict)
    vouchers: Mapping[str, Row] = field(default_factory=dict)  # with party_ubn and submitted_on
    lines: Mapping[str, Row] = field(default_factory=dict)  # the latest line, by voucher, in the
    # order of the first audit
    movements: Mapping[str, Row] = field(default_factory=dict)  # with party_ubn

    def submit(self, batch: e.VouchersSubmitted) -> Sequence[object]:
        """A batch; the same again yields no event. Raises IdReused."""
        if batch.batch_id in self.batches:
            known = self.batches[batch.batch_id]
            if [_told(row) for row in known.vouchers] != [_told(row) for row in batch.vouchers]:
                raise IdReused(batch.batch_id, field="batch_id")
            return ()
        seen: set[str] = set(self.vouchers)
        for row in batch.vouchers:
            if row["voucher_id"] in seen:
                raise IdReused(row["voucher_id"], field="vouchers")
            seen.add(row["voucher_id"])
        return (batch,)

    def batch(self, batch_id: UUID) -> e.VouchersSubmitted:
        """Raises UnknownPart."""
        if batch_id not in self.batches:
            raise UnknownPart("憑證批次", "batch of vouchers", batch_id, field="batch_id")
        return self.batches[batch_id]

    def record(self, recorded: e.AccountMovementsRecorded) -> Sequence[object]:
        """Movements of an account; those known already are left aside. Raises IdReused."""
        fresh: dict[str, Row] = {}
        for row in recorded.movements:
            known = self.movements.get(row["movement_id"]) or fresh.get(row["movement_id"])
            own = {**row, "party_ubn": recorded.party_ubn}
            if known is None:
                fresh[row["movement_id"]] = own
            elif known != own:
                raise IdReused(row["movement_id"], field="movements")
        rows = tuple(_without(row, "party_ubn") for row in fresh.values())
        return (replace(recorded, movements=rows),) if rows else ()

    def accepted(
        self, party_ubn: str, until: date | None = None, more: Mapping[str, Row] | None = None
    ) -> tuple[Accepted, ...]:
        """What was accepted of a party's vouchers submitted by that day, in the order of the first
        audit; `more` are lines about to be audited."""
        lines = {**self.lines, **(more or {})}
        rows = ((line, self.vouchers[voucher_id]) for voucher_id, line in lines.items())
        return tuple(
            Accepted(
                voucher_id=voucher["voucher_id"],
                line=voucher["line"],
                year=line["year"],
                month=voucher["voucher_on"][:7],
                net_twd=line["net_twd"],
                self_borne=line["self_borne"],
            )
            for line, voucher in rows
            if line["outcome"] != REJECT
            and voucher["party_ubn"] == party_ubn
            and (until is None or voucher["submitted_on"] <= until.isoformat())
        )

    def account(self, party_ubn: str) -> tuple[Movement, ...]:
        """The movements of a party's account."""
        return tuple(
            Movement(
                on=date.fromisoformat(row["on"]), kind=row["kind"], amount_twd=row["amount_twd"]
            )
            for row in self.movements.values()
            if row["party_ubn"] == party_ubn
        )

    def apply(self, event: object) -> Spending:
        """Fold one fact in."""
        match event:
            case e.VouchersSubmitted():
                whose = {
                    "party_ubn": event.party_ubn,
                    "submitted_on": event.submitted_on.isoformat(),
                }
                rows = {row["voucher_id"]: {**row, **whose} for row in event.vouchers}
                return replace(
                    self,
                    batches={**self.batches, event.batch_id: event},
                    vouchers={**self.vouchers, **rows},
                )
            case e.VouchersAudited():
                lines = {line["voucher_id"]: line for line in event.lines}
                return replace(
                    self,
                    audits={**self.audits, event.audit_id: event},
                    lines={**self.lines, **lines},
                )
            case e.AccountMovementsRecorded():
                moved = {
                    row["movement_id"]: {**row, "party_ubn": event.party_ubn}
                    for row in event.movements
                }
                return replace(self, movements={**self.movements, **moved})
        return self


def _told(row: Row) -> dict[str, Any]:
    """The row as it was handed in: without what we looked up."""
    return _without(row, "used_by")


def _without(row: Row, left_out: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != left_out}
