"""Interest (專戶利息) on its way to the treasury: by the grantee itself, or through the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.errors import IdReused, NotInState, WrongAmount
from services.finance.domain.recovery_book import Recovery, RecoveryBook


def remit_interest(
    book: RecoveryBook, recovery_id: UUID, amount_twd: int, route: str, slip_no: str, on: date
) -> Sequence[object]:
    """A slip of the treasury; the same slip again yields no event.

    direct: the grantee remitted what is decided, demanded or not. office: we pass on what we
    received. Raises UnknownPart, NotInState (no interest), WrongAmount, IdReused.
    """
    recovery = book.get(recovery_id)
    if recovery.opened.kind != e.INTEREST:
        raise NotInState("此追回案非專戶利息", "this recovery is not about interest", "subsidy")
    known = next((r for r in recovery.remitted if r.slip_no == slip_no), None)
    if known is not None:
        if (known.amount_twd, known.route, known.remitted_on) != (amount_twd, route, on):
            raise IdReused(slip_no, field="slip_no")
        return ()
    limit = _limit(recovery, route)
    if not 0 < amount_twd <= limit:
        raise WrongAmount(amount_twd, limit, "應繳國庫利息", "the interest due")
    undemanded = recovery.demand is None and route == e.DIRECT
    return (
        e.InterestRemitted(
            case_id=recovery.opened.case_id,
            recovery_id=recovery_id,
            amount_twd=amount_twd,
            accrued_twd=amount_twd if undemanded else 0,
            route=route,
            slip_no=slip_no,
            remitted_on=on,
            party_ubn=recovery.opened.party_ubn,
        ),
    )


def _limit(recovery: Recovery, route: str) -> int:
    if route == e.OFFICE:
        return recovery.with_us_twd
    return recovery.undemanded_twd or recovery.outstanding_twd
