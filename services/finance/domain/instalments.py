"""Instalments: committed, awaiting the finance review, payable, paid, returned or cancelled; and
how a reduction is split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.finance.domain import events as e
from services.finance.domain.errors import UnknownPart

COMMITTED, AWAITING, PAYABLE, PAID, RETURNED, CANCELLED = (
    "committed",
    "awaiting-review",
    "payable",
    "paid",
    "returned",
    "cancelled",
)
_MOVABLE = (COMMITTED, AWAITING)  # a reduction of the contract still lowers it


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One instalment; amount_twd is what may still be or was paid of it."""

    no: int
    checkpoint: str
    amount_twd: int
    state: str = COMMITTED
    held_for: str | None = None
    passed_on: date | None = None
    usage_records: bool = False
    letters: frozenset[str] = frozenset()
    party_ubn: str | None = None
    retained_twd: int = 0  # kept back: awaiting its review, or carried over into it
    passed: e.InstalmentAwaitsReview | None = None

    @property
    def final(self) -> bool:
        """Nothing more will be paid of it."""
        return self.state in (PAID, CANCELLED)


@dataclass(frozen=True, slots=True)
class Instalments:
    """Part of the contract: its instalments by number."""

    by_no: Mapping[int, Instalment]

    def get(self, no: int) -> Instalment:
        """Raises UnknownPart."""
        if no not in self.by_no:
            raise UnknownPart("第幾期款項", "instalment", no, field="instalment_no")
        return self.by_no[no]

    def of_checkpoint(self, checkpoint: str) -> tuple[Instalment, ...]:
        """The instalments that a checkpoint makes payable: one, or one of each party."""
        return tuple(i for i in self.by_no.values() if i.checkpoint == checkpoint)

    def after(self, instalment: Instalment) -> Instalment | None:
        """The same party's next instalment; None for its last."""
        own = (i for i in self.by_no.values() if i.party_ubn == instalment.party_ubn)
        return next((i for i in own if i.no > instalment.no), None)

    def open(self) -> tuple[Instalment, ...]:
        """Those of which something may still be paid."""
        return tuple(i for i in self.by_no.values() if not i.final)

    def apply(self, event: object) -> Instalments:
        """Fold one fact in."""
        match event:
            case e.ContractSigned():
                return Instalments(
                    {row["no"]: _instalment(row) for row in event.instalments},
                )
            case e.ContractAmountReduced():
                amounts = {row["no"]: row["amount_twd"] for row in event.instalments}
                changed = {
                    no: replace(i, amount_twd=amounts[no]) if i.state in _MOVABLE else i
                    for no, i in self.by_no.items()
                }
                return Instalments(changed)
            case e.InstalmentBecamePayable():
                return self._with(
                    event.instalment_no,
                    state=PAYABLE,
                    amount_twd=event.amount_twd,
                    held_for=None,
                    passed_on=event.passed_on,
                    usage_records=event.usage_records,
                    letters=frozenset(event.letters),
                )
            case e.InstalmentAwaitsReview() | e.FinanceReviewClosed():
                return self._reviewed(event)
            case e.InstalmentHeld():
                return self._with(event.instalment_no, held_for=event.reason)
            case e.PaymentsResumed():
                return Instalments({no: replace(i, held_for=None) for no, i in self.by_no.items()})
        return self._settled(event)

    def _settled(self, event: object) -> Instalments:
        match event:
            case e.InstalmentCancelled():
                return self._with(event.instalment_no, state=CANCELLED, retained_twd=0)
            case e.InstalmentPortionForfeited():
                kept = self.by_no[event.instalment_no].amount_twd - event.amount_twd
                return self._with(event.instalment_no, amount_twd=kept)
            case e.FundsDisbursed():
                return self._with(event.instalment_no, state=PAID)
            case e.InstalmentBalanceReleased():
                kept = self.by_no[event.instalment_no].amount_twd - event.amount_twd
                return self._with(event.instalment_no, amount_twd=kept)
            case e.PaymentReturned():
                return self._with(event.instalment_no, state=RETURNED)
            case e.ReturnedPaymentReleased():
                return self._with(event.instalment_no, state=PAYABLE)
        return self

    def _reviewed(self, event: e.InstalmentAwaitsReview | e.FinanceReviewClosed) -> Instalments:
        known = self.by_no[event.instalment_no]
        if isinstance(event, e.InstalmentAwaitsReview):
            kept_back = known.retained_twd + event.amount_twd
            return self._with(
                known.no, state=AWAITING, held_for=None, passed=event, retained_twd=kept_back
            )
        after = self._with(known.no, retained_twd=known.retained_twd - event.released_twd)
        if event.carried_to is None:
            return after
        next_twd = after.by_no[event.carried_to].retained_twd + event.carried_twd
        return after._with(event.carried_to, retained_twd=next_twd)

    def _with(self, no: int, **changes: Any) -> Instalments:
        return Instalments({**self.by_no, no: replace(self.by_no[no], **changes)})


def reduced(
    instalments: Sequence[Instalment], fresh: Mapping[int, int], new_total_twd: int
) -> tuple[dict[int, int], int]:
    """The amounts after a reduction of the contract to new_total_twd, and the excess that could
    not be taken off.

    Named method `reduce-instalments`: what is payable, paid or cancelled keeps its amount; the
    others take the pack's amounts for the new total (`fresh`), and the last of them the rest.
    """
    amounts = {i.no: i.amount_twd for i in instalments}
    spent = sum(i.amount_twd for i in instalments if i.state not in (*_MOVABLE, CANCELLED))
    movable = [i.no for i in instalments if i.state in _MOVABLE]
    still_committed = sum(amounts[no] for no in movable)  # a balance once released stays released
    left = min(new_total_twd - spent, still_committed)
    for no in movable:
        amounts[no] = max(0, min(fresh[no], left) if no != movable[-1] else left)
        left -= amounts[no]
    return amounts, max(0, -left)


def _instalment(row: Mapping[str, Any]) -> Instalment:
    return Instalment(
        no=row["no"],
        checkpoint=row["checkpoint"],
        amount_twd=row["amount_twd"],
        party_ubn=row.get("party_ubn"),
    )
