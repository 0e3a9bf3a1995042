"""Claims, disbursements and payments of a contract as folded, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.errors import NotInState, UnknownPart
from services.finance.domain.instalments import Instalments


@dataclass(frozen=True, slots=True, kw_only=True)
class Disbursement:
    """Folded: the latest revision, everyone who made one, and whether this one is approved."""

    prepared: e.DisbursementPrepared
    makers: frozenset[str]
    approval: e.InstalmentApproved | None = None
    done: bool = False  # paid or cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Folded: a payment, whether it came back, and whether its money did."""

    paid: e.FundsDisbursed
    returned: str | None = None  # bank-return | reversal
    money_out: bool = True
    reversal: e.PaymentReversalProposed | None = None


@dataclass(frozen=True, slots=True)
class PaymentBook:
    """Part of the contract: everything from a passed checkpoint to the money."""

    instalments: Instalments = field(default_factory=lambda: Instalments({}))
    claims: Mapping[UUID, e.ClaimSubmitted] = field(default_factory=dict)
    returned_claims: frozenset[UUID] = frozenset()
    disbursements: Mapping[UUID, Disbursement] = field(default_factory=dict)
    payments: Mapping[UUID, Payment] = field(default_factory=dict)
    reviews: Mapping[UUID, e.FinanceReviewClosed] = field(default_factory=dict)

    def claim(self, claim_id: UUID) -> e.ClaimSubmitted:
        """Raises UnknownPart."""
        if claim_id not in self.claims:
            raise UnknownPart("請款", "claim", claim_id, field="claim_id")
        return self.claims[claim_id]

    def live_claim(self, instalment_no: int) -> e.ClaimSubmitted | None:
        """The claim of an instalment that was not sent back."""
        return next(
            (
                claim
                for claim in self.claims.values()
                if claim.instalment_no == instalment_no
                and claim.claim_id not in self.returned_claims
            ),
            None,
        )

    def open_disbursement(self, disbursement_id: UUID) -> Disbursement:
        """One that is neither paid nor cancelled. Raises UnknownPart, NotInState."""
        known = self.disbursements.get(disbursement_id)
        if known is None:
            raise UnknownPart("撥款案", "disbursement", disbursement_id, field="disbursement_id")
        if known.done:
            raise NotInState("撥款案已結", "the disbursement is done", "done")
        return known

    def makers(self, disbursement_id: UUID) -> frozenset[str]:
        """Who may not approve it, in any programme: everyone who made a revision of it."""
        return self.disbursements[disbursement_id].makers

    @property
    def net_paid_twd(self) -> int:
        """Paid and not returned."""
        return sum(p.paid.amount_twd for p in self.payments.values() if p.returned is None)

    def net_paid_to(self, party_ubn: str | None) -> int:
        """The same of one party."""
        return sum(
            p.paid.amount_twd
            for p in self.payments.values()
            if p.returned is None and p.paid.party_ubn == party_ubn
        )

    @property
    def money_out(self) -> bool:
        """A wrong payment was reversed and its money is not back."""
        return any(p.returned is not None and p.money_out for p in self.payments.values())

    def live(self, instalment_no: int) -> list[Disbursement]:
        return [
            d
            for d in self.disbursements.values()
            if d.prepared.instalment_no == instalment_no and not d.done
        ]

    def apply(self, event: object) -> Self:
        """Fold one fact in."""
        state = replace(self, instalments=self.instalments.apply(event))
        match event:
            case e.ClaimSubmitted():
                return replace(state, claims={**self.claims, event.claim_id: event})
            case e.ClaimReturned():
                return replace(state, returned_claims=self.returned_claims | {event.claim_id})
            case e.FundsDisbursed():
                done = replace(self.disbursements[event.disbursement_id], done=True)
                return replace(
                    state,
                    disbursements={**self.disbursements, event.disbursement_id: done},
                    payments={**self.payments, event.payment_id: Payment(paid=event)},
                )
            case e.FinanceReviewClosed():
                return replace(state, reviews={**self.reviews, event.review_id: event})
            case e.InstalmentCancelled():
                return replace(state, disbursements=self._closed(event.instalment_no))
            case e.PaymentReversalProposed() | e.PaymentReturned() | e.ReversalMoneyReceived():
                return replace(state, payments=_with_return(self.payments, event))
        return replace(state, disbursements=_with_revision(self.disbursements, event))

    def _closed(self, instalment_no: int) -> dict[UUID, Disbursement]:
        return {
            id: replace(d, done=True) if d.prepared.instalment_no == instalment_no else d
            for id, d in self.disbursements.items()
        }


def _with_revision(
    disbursements: Mapping[UUID, Disbursement], event: object
) -> Mapping[UUID, Disbursement]:
    match event:
        case e.DisbursementPrepared():
            changed = Disbursement(prepared=event, makers=frozenset({event.maker}))
        case e.DisbursementEdited():
            known = disbursements[event.disbursement_id]
            changed = replace(
                known,
                makers=known.makers | {event.maker},
                prepared=replace(
                    known.prepared,
                    revision=event.revision,
                    amount_twd=event.amount_twd,
                    payee_account=event.payee_account,
                    digest=event.digest,
                ),
            )
        case e.InstalmentApproved():
            changed = replace(disbursements[event.disbursement_id], approval=event)
        case e.ApprovalVoided():
            changed = replace(disbursements[event.disbursement_id], approval=None)
        case _:
            return disbursements
    return {**disbursements, event.disbursement_id: changed}


def _with_return(
    payments: Mapping[UUID, Payment],
    event: e.PaymentReversalProposed | e.PaymentReturned | e.ReversalMoneyReceived,
) -> Mapping[UUID, Payment]:
    known = payments[event.payment_id]
    match event:
        case e.PaymentReversalProposed():
            changed = replace(known, reversal=event)
        case e.PaymentReturned():
            changed = replace(
                known, returned=event.kind, money_out=event.kind == "reversal", reversal=None
            )
        case e.ReversalMoneyReceived():
            changed = replace(known, money_out=False)
    return {**payments, event.payment_id: changed}
