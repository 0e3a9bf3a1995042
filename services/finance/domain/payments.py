"""Payments: confirmed by the bank, returned by it, reversed when wrong, or never made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.disbursing import (
    Disbursing,
    must_fit,
    released_again,
    repeat,
    voided,
)
from services.finance.domain.errors import NotInState, SamePerson, UnknownPart, WrongDay
from services.finance.domain.instalments import AWAITING, COMMITTED, RETURNED
from services.finance.domain.payment_book import Payment


@dataclass(frozen=True, slots=True)
class Payments(Disbursing):
    """The decisions after the approval."""

    def confirm(self, paid: e.FundsDisbursed, today: date) -> Sequence[object]:
        """The bank has paid the approved amount; what was not claimed is released.

        Raises IdReused, UnknownPart, NotInState, WrongDay, AboveCeiling.
        """
        if paid.payment_id in self.payments:
            return repeat(self.payments[paid.payment_id].paid, paid, "payment_id")
        known = self.open_disbursement(paid.disbursement_id)
        if known.approval is None:
            raise NotInState("尚未覆核", "nobody has approved it", "prepared")
        if not known.approval.approved_on <= paid.paid_on <= today:
            raise WrongDay(paid.paid_on, known.approval.approved_on, today, field="paid_on")
        instalment = self.instalments.get(paid.instalment_no)
        must_fit(paid.amount_twd, instalment.amount_twd)
        rest = instalment.amount_twd - paid.amount_twd
        released = e.InstalmentBalanceReleased(
            case_id=paid.case_id,
            instalment_no=paid.instalment_no,
            amount_twd=rest,
            party_ubn=paid.party_ubn,
        )
        return (paid, released) if rest else (paid,)

    def cancel(self, case_id: UUID, reason: str, *, payable_too: bool) -> Sequence[object]:
        """What is not paid is finally not payable (CP-FIN-20): approvals void, returned money
        released, then cancelled. With payable_too false only what is merely committed: what
        awaits its finance review has passed its checkpoint and keeps its claim."""
        events: list[object] = []
        for instalment in self.instalments.open():
            if not payable_too and instalment.state != COMMITTED:
                continue
            for known in self.live(instalment.no):
                events.extend(voided(known, reason))
            if instalment.state == RETURNED:
                events.append(released_again(case_id, instalment))
            events.append(
                e.InstalmentCancelled(
                    case_id=case_id,
                    instalment_no=instalment.no,
                    amount_twd=instalment.amount_twd,
                    was_payable=instalment.state not in (COMMITTED, AWAITING),
                    reason=reason,
                    retained_twd=instalment.retained_twd,
                    party_ubn=instalment.party_ubn,
                )
            )
        return tuple(events)

    def bank_return(
        self, payment_id: UUID, reason: str, case_number: str, returned_on: date, today: date
    ) -> Sequence[object]:
        """The bank sent the money back; it may be paid again. A second time yields no event.

        Raises UnknownPart, NotInState (reversed already), WrongDay.
        """
        payment = self.payment(payment_id)
        if payment.returned == "bank-return":
            return ()
        self._must_be_out(payment)
        paid_on = payment.paid.paid_on
        if not paid_on <= returned_on <= today:
            raise WrongDay(returned_on, paid_on, today, field="returned_on")
        return (_returned(payment, "bank-return", reason, case_number, returned_on),)

    def propose_reversal(self, payment_id: UUID, reason: str, maker: str) -> Sequence[object]:
        """The maker says the payment was wrong. Raises UnknownPart, NotInState."""
        payment = self.payment(payment_id)
        self._must_be_out(payment)
        if payment.reversal is not None and payment.reversal.maker == maker:
            return ()
        return (
            e.PaymentReversalProposed(
                case_id=payment.paid.case_id, payment_id=payment_id, reason=reason, maker=maker
            ),
        )

    def approve_reversal(
        self, payment_id: UUID, checker: str, case_number: str, on: date
    ) -> Sequence[object]:
        """The checker agrees: the money is a receivable until it is back.

        Raises UnknownPart, NotInState, SamePerson.
        """
        payment = self.payment(payment_id)
        if payment.returned == "reversal":
            return ()
        if payment.reversal is None:
            raise NotInState("尚未提出更正", "no reversal was proposed", "paid")
        if checker == payment.reversal.maker:
            raise SamePerson(checker)
        return (_returned(payment, "reversal", payment.reversal.reason, case_number, on),)

    def receive_reversal(
        self, payment_id: UUID, bank_reference: str, received_on: date
    ) -> Sequence[object]:
        """The money of a wrong payment is back. Raises UnknownPart, NotInState."""
        payment = self.payment(payment_id)
        if payment.returned != "reversal":
            raise NotInState("該筆款項未更正", "the payment was not reversed", "paid")
        if not payment.money_out:
            return ()
        return (
            e.ReversalMoneyReceived(
                case_id=payment.paid.case_id,
                payment_id=payment_id,
                instalment_no=payment.paid.instalment_no,
                amount_twd=payment.paid.amount_twd,
                bank_reference=bank_reference,
                received_on=received_on,
                party_ubn=payment.paid.party_ubn,
            ),
        )

    def payment(self, payment_id: UUID) -> Payment:
        """Raises UnknownPart."""
        if payment_id not in self.payments:
            raise UnknownPart("付款", "payment", payment_id, field="payment_id")
        return self.payments[payment_id]

    def _must_be_out(self, payment: Payment) -> None:
        if payment.returned is not None:
            raise NotInState("款項已退回或更正", "the payment has come back", payment.returned)


def _returned(
    payment: Payment, kind: str, reason: str, case_number: str, on: date
) -> e.PaymentReturned:
    return e.PaymentReturned(
        case_id=payment.paid.case_id,
        case_number=case_number,
        payment_id=payment.paid.payment_id,
        amount_twd=payment.paid.amount_twd,
        kind=kind,
        reason=reason,
        instalment_no=payment.paid.instalment_no,
        returned_on=on,
        party_ubn=payment.paid.party_ubn,
    )
