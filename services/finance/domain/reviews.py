"""The finance review (財務審查): it sets what an instalment pays, and what comes back. One decision
with all its events, on a page of 200 lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.contract import Contract
from services.finance.domain.disbursing import repeat
from services.finance.domain.errors import (
    AboveCeiling,
    NotInState,
    PaymentsStopped,
    UnknownPart,
    WrongAmount,
)
from services.finance.domain.instalments import AWAITING, CANCELLED, COMMITTED, Instalment
from shared.kernel.ids import derived_id

REVIEWED = "finance-review"
"""Why an instalment's rest is forfeited, or nothing of it is paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the programme's rules gave (NT$): to be paid, to come back, earned and kept back for the
    next instalment, and every whole number among their values."""

    payable_twd: int
    refund_twd: int
    carried_twd: int
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Who closes which review, of what."""

    review_id: UUID
    checkpoint: str
    party_ubn: str | None
    cut_off_on: date
    interest_twd: int
    note: str
    reviewer: str
    closed_on: date


def awaiting(contract: Contract, checkpoint: str, party_ubn: str | None) -> Instalment:
    """The instalment under review. Raises UnknownPart, NotInState, PaymentsStopped."""
    of_checkpoint = contract.payments.instalments.of_checkpoint(checkpoint)
    instalment = next((i for i in of_checkpoint if i.party_ubn == party_ubn), None)
    if instalment is None:
        place = f"{checkpoint} {party_ubn or ''}".strip()
        raise UnknownPart("款項", "instalment", place, field="checkpoint")
    if instalment.state != AWAITING:
        raise NotInState(
            f"第 {instalment.no} 期款不在財務審查中",
            f"instalment {instalment.no} awaits no finance review",
            instalment.state,
            field="checkpoint",
        )
    if stops := contract.stops():
        raise PaymentsStopped(stops)
    return instalment


def close_review(contract: Contract, closing: Closing, outcome: Outcome) -> Sequence[object]:
    """The review's figures become money: payable at most the ceiling and the party's subsidy, the
    rest forfeited, a refund and interest as recoveries of their own. The same review again yields
    no event.

    Raises IdReused, UnknownPart, NotInState, PaymentsStopped, AboveCeiling, WrongAmount.
    """
    if (known := contract.payments.reviews.get(closing.review_id)) is not None:
        return repeat(known, _again(known, closing), "review_id")
    instalment = awaiting(contract, closing.checkpoint, closing.party_ubn)
    _must_fit(contract, instalment, outcome)
    closed = _closed(contract, instalment, closing, outcome)
    return (
        closed,
        *_paid_out(instalment, closed),
        *_owed(contract, instalment, closed),
    )


def _must_fit(contract: Contract, instalment: Instalment, outcome: Outcome) -> None:
    if outcome.payable_twd < 0 or outcome.refund_twd < 0 or outcome.carried_twd < 0:
        lowest = min(outcome.payable_twd, outcome.refund_twd, outcome.carried_twd)
        raise WrongAmount(lowest, instalment.amount_twd, "本期金額", "the instalment")
    own = [
        i
        for i in contract.payments.instalments.by_no.values()
        if i.party_ubn == instalment.party_ubn and i.state not in (CANCELLED, AWAITING, COMMITTED)
    ]
    subsidy = contract.amount_twd
    if instalment.party_ubn is not None:
        subsidy = contract.shares.twd[instalment.party_ubn]
    left = min(instalment.amount_twd, subsidy - sum(i.amount_twd for i in own))
    if outcome.payable_twd > left:
        raise AboveCeiling(outcome.payable_twd, left)
    recoverable_twd = contract.recoverable_of(instalment.party_ubn)
    if outcome.refund_twd > recoverable_twd:
        raise WrongAmount(
            outcome.refund_twd, recoverable_twd, "可追回金額", "what may be recovered"
        )


def _closed(
    contract: Contract, instalment: Instalment, closing: Closing, outcome: Outcome
) -> e.FinanceReviewClosed:
    following = contract.payments.instalments.after(instalment)
    still_open = following is not None and following.state in (COMMITTED, AWAITING)
    carried = outcome.carried_twd if still_open else 0
    return e.FinanceReviewClosed(
        case_id=contract.must_be_signed().case_id,
        review_id=closing.review_id,
        instalment_no=instalment.no,
        checkpoint=closing.checkpoint,
        cut_off_on=closing.cut_off_on,
        ceiling_twd=instalment.amount_twd,
        payable_twd=outcome.payable_twd,
        carried_twd=carried,
        carried_to=following.no if following and carried else None,
        released_twd=instalment.retained_twd,
        refund_twd=outcome.refund_twd,
        interest_twd=closing.interest_twd,
        figures=outcome.figures,
        note=closing.note,
        reviewer=closing.reviewer,
        closed_on=closing.closed_on,
        party_ubn=instalment.party_ubn,
    )


def _paid_out(instalment: Instalment, closed: e.FinanceReviewClosed) -> tuple[object, ...]:
    forfeited = e.InstalmentPortionForfeited(
        case_id=closed.case_id,
        instalment_no=instalment.no,
        amount_twd=closed.ceiling_twd - closed.payable_twd,
        reason=REVIEWED,
        party_ubn=instalment.party_ubn,
    )
    rest = (forfeited,) if forfeited.amount_twd else ()
    passed = instalment.passed
    if closed.payable_twd == 0 or passed is None:
        cancelled = e.InstalmentCancelled(
            case_id=closed.case_id,
            instalment_no=instalment.no,
            amount_twd=0,
            was_payable=False,
            reason=REVIEWED,
            party_ubn=instalment.party_ubn,
        )
        return (*rest, cancelled)
    became = e.InstalmentBecamePayable(
        case_id=closed.case_id,
        instalment_no=instalment.no,
        checkpoint=closed.checkpoint,
        amount_twd=closed.payable_twd,
        passed_on=passed.passed_on,
        usage_records=passed.usage_records,
        letters=passed.letters,
        accepted_by=passed.accepted_by,
        party_ubn=instalment.party_ubn,
    )
    return (*rest, became)


def _owed(
    contract: Contract, instalment: Instalment, closed: e.FinanceReviewClosed
) -> tuple[object, ...]:
    last = contract.payments.instalments.after(instalment) is None
    owed = {e.SUBSIDY: closed.refund_twd, e.INTEREST: closed.interest_twd if last else 0}
    return tuple(
        e.RecoveryOpened(
            case_id=closed.case_id,
            recovery_id=derived_id(closed.review_id, kind),
            amount_twd=amount_twd,
            reason=closed.note or REVIEWED,
            kind=kind,
            party_ubn=instalment.party_ubn,
        )
        for kind, amount_twd in owed.items()
        if amount_twd
    )


def _again(known: e.FinanceReviewClosed, closing: Closing) -> e.FinanceReviewClosed:
    """The first review with what is now asked for: equal when it is a repeat."""
    return replace(
        known,
        checkpoint=closing.checkpoint,
        party_ubn=closing.party_ubn,
        cut_off_on=closing.cut_off_on,
        interest_twd=closing.interest_twd,
        note=closing.note,
    )
