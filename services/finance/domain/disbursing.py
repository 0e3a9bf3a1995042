"""Claims and disbursements: two people, one digest, never above the instalment. (A page of 200
lines and a few: one decision after the other.)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.errors import (
    AboveCeiling,
    ApprovedSomethingElse,
    IdReused,
    NotInState,
    NotYet,
    SamePerson,
    WrongAmount,
)
from services.finance.domain.instalments import PAYABLE, RETURNED, Instalment
from services.finance.domain.payment_book import Disbursement, PaymentBook
from shared.kernel.canonical import digest_of


def disbursement_digest(claim_id: UUID, amount_twd: int, payee_ubn: str, account: str) -> str:
    """What a checker approves: SHA-256 of the canonical JSON of claim, amount, payee, account."""
    return digest_of(
        {
            "claim_id": str(claim_id),
            "amount_twd": amount_twd,
            "payee_ubn": payee_ubn,
            "payee_account": account,
        }
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Disbursing(PaymentBook):
    """The decisions up to the approval."""

    def submit_claim(self, claim: e.ClaimSubmitted) -> Sequence[object]:
        """One live claim per instalment, for at most its amount (CP-FIN-13).

        Raises IdReused, UnknownPart, NotInState, WrongAmount.
        """
        if claim.claim_id in self.claims:
            return repeat(self.claims[claim.claim_id], claim, "claim_id", "submitted_at")
        instalment = self.instalments.get(claim.instalment_no)
        self.must_be_payable(instalment)
        if self.live_claim(claim.instalment_no) is not None:
            raise NotInState("本期已請款", "this instalment is claimed already", "claimed")
        if not 0 < claim.amount_twd <= instalment.amount_twd:
            raise WrongAmount(claim.amount_twd, instalment.amount_twd, "本期金額", "the instalment")
        return (claim,)

    def return_claim(self, claim_id: UUID, reason: str) -> Sequence[object]:
        """Send a claim back that is not being paid yet. Raises UnknownPart, NotInState."""
        claim = self.claim(claim_id)
        if claim_id in self.returned_claims:
            return ()
        if any(d.prepared.claim_id == claim_id for d in self.disbursements.values()):
            raise NotInState("已辦理撥款", "a disbursement was prepared for it", "prepared")
        return (e.ClaimReturned(case_id=claim.case_id, claim_id=claim_id, reason=reason),)

    def prepare(self, draft: e.DisbursementPrepared) -> Sequence[object]:
        """The maker's disbursement of a claim; returned money is released for it first.

        Raises IdReused, UnknownPart, NotInState, AboveCeiling, NotYet (a wrong payment's money
        is still out).
        """
        known = self.disbursements.get(draft.disbursement_id)
        if known is not None:
            return repeat(known.prepared, draft, "disbursement_id", "maker")
        claim = self.claim(draft.claim_id)
        instalment = self.instalments.get(claim.instalment_no)
        if claim.claim_id in self.returned_claims:
            raise NotInState("該請款已退回", "the claim was sent back", "returned")
        if self.live(instalment.no):
            raise NotInState("本期已有撥款案", "a disbursement is already prepared", "prepared")
        must_fit(draft.amount_twd, min(claim.amount_twd, instalment.amount_twd))
        released = self._release_returned(instalment)
        if not released:
            self.must_be_payable(instalment)
        return (*released, draft)

    def edit(
        self, disbursement_id: UUID, amount_twd: int, account: str, maker: str
    ) -> Sequence[object]:
        """Another revision; an approval that was given is void. The same content is no edit.

        Raises UnknownPart, NotInState, AboveCeiling.
        """
        known = self.open_disbursement(disbursement_id)
        was = known.prepared
        if (amount_twd, account) == (was.amount_twd, was.payee_account):
            return ()
        claim = self.claim(was.claim_id)
        ceiling = min(claim.amount_twd, self.instalments.get(was.instalment_no).amount_twd)
        must_fit(amount_twd, ceiling)
        edited = e.DisbursementEdited(
            case_id=was.case_id,
            disbursement_id=disbursement_id,
            revision=was.revision + 1,
            amount_twd=amount_twd,
            payee_account=account,
            digest=disbursement_digest(was.claim_id, amount_twd, was.payee_ubn, account),
            maker=maker,
        )
        return (*voided(known, "edited"), edited)

    def approve(
        self, disbursement_id: UUID, digest: str, checker: str, case_number: str, on: date
    ) -> Sequence[object]:
        """The checker approves exactly the digest that stands (CP-FIN-12, four eyes).

        Raises UnknownPart, NotInState, SamePerson, ApprovedSomethingElse.
        """
        known = self.open_disbursement(disbursement_id)
        if checker in self.makers(disbursement_id):
            raise SamePerson(checker)
        if known.prepared.digest != digest:
            raise ApprovedSomethingElse
        if known.approval is not None:
            return ()
        draft = known.prepared
        self.must_be_payable(self.instalments.get(draft.instalment_no))
        return (
            e.InstalmentApproved(
                case_id=draft.case_id,
                case_number=case_number,
                instalment_no=draft.instalment_no,
                claim_id=draft.claim_id,
                amount_twd=draft.amount_twd,
                disbursement_id=disbursement_id,
                revision=draft.revision,
                digest=digest,
                checker=checker,
                approved_on=on,
                party_ubn=draft.party_ubn,
            ),
        )

    def _release_returned(self, instalment: Instalment) -> tuple[object, ...]:
        if instalment.state != RETURNED:
            return ()
        back = [p for p in self.payments.values() if p.paid.instalment_no == instalment.no]
        if any(p.money_out for p in back):
            raise NotYet(
                "誤付款項尚未收回，不得再撥",
                "the money of the wrong payment is not back: nothing is paid again before",
            )
        return (released_again(back[0].paid.case_id, instalment),)

    def must_be_payable(self, instalment: Instalment) -> None:
        if instalment.state != PAYABLE:
            raise NotInState(
                f"第 {instalment.no} 期款尚不可撥付",
                f"instalment {instalment.no} is not payable",
                instalment.state,
                field="instalment_no",
            )


def must_fit(amount_twd: int, ceiling_twd: int) -> None:
    """Raises WrongAmount below NT$1 and AboveCeiling above the ceiling."""
    if amount_twd <= 0:
        raise WrongAmount(amount_twd, ceiling_twd, "可撥上限", "the ceiling")
    if amount_twd > ceiling_twd:
        raise AboveCeiling(amount_twd, ceiling_twd)


def voided(known: Disbursement, reason: str) -> tuple[object, ...]:
    """The end of an approval, when there is one."""
    if known.approval is None:
        return ()
    return (
        e.ApprovalVoided(
            case_id=known.prepared.case_id,
            disbursement_id=known.prepared.disbursement_id,
            instalment_no=known.prepared.instalment_no,
            amount_twd=known.approval.amount_twd,
            reason=reason,
            party_ubn=known.prepared.party_ubn,
        ),
    )


def released_again(case_id: UUID, instalment: Instalment) -> e.ReturnedPaymentReleased:
    """Returned money of an instalment is payable again."""
    return e.ReturnedPaymentReleased(
        case_id=case_id,
        instalment_no=instalment.no,
        amount_twd=instalment.amount_twd,
        party_ubn=instalment.party_ubn,
    )


def repeat(first: Any, again: Any, id_field: str, *differ: str) -> tuple[()]:
    """The same id with equal content is a repeat; raises IdReused otherwise. Fields in `differ`
    may differ (instants of the request)."""
    same = dataclasses.replace(again, **{name: getattr(first, name) for name in differ})
    if same != first:
        raise IdReused(getattr(first, id_field), field=id_field)
    return ()
