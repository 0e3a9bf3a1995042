"""From a passed checkpoint to the money: two people, one digest, never above the instalment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.finance.domain import events as e
from services.finance.domain.errors import (
    AboveCeiling,
    ApprovedSomethingElse,
    IdReused,
    NotInState,
    NotYet,
    PaymentsStopped,
    SamePerson,
    UnknownPart,
    WrongAmount,
    WrongDay,
)
from tests.support.finance_events import (
    CASE,
    NUMBER,
    PAID_FIRST,
    SIGNED,
    approved,
    became_payable,
    claimed,
    disbursed,
    finding_opened,
    folded,
    kinds,
    named,
    prepared,
    signed,
)

CLAIMED = (*SIGNED, became_payable(), claimed())
PREPARED = (*CLAIMED, prepared())
APPROVED = (*PREPARED, approved())
TODAY = date(2023, 8, 10)


def test_a_passed_checkpoint_makes_its_instalment_payable_once():
    contract = folded(*SIGNED)
    (event,) = contract.make_payable(became_payable())
    assert event.amount_twd == 525_000
    assert contract.apply(event).make_payable(became_payable()) == ()


def test_a_failed_checkpoint_holds_its_instalment_once():
    contract = folded(*SIGNED)
    (held,) = contract.hold(1, "CP-MON-04")
    assert contract.apply(held).hold(1, "CP-MON-04") == ()


def test_a_claim_of_the_whole_instalment_is_taken_and_repeated_without_effect():
    contract = folded(*SIGNED, became_payable())
    assert kinds(contract.payments.submit_claim(claimed())) == ["ClaimSubmitted"]
    contract = folded(*CLAIMED)
    assert contract.payments.submit_claim(claimed()) == ()


def test_the_same_claim_id_with_another_invoice_is_refused():
    with pytest.raises(IdReused):
        folded(*CLAIMED).payments.submit_claim(claimed(invoice_number="ZZ00000000"))


@pytest.mark.parametrize("amount_twd", [0, -1, 525_001])
def test_a_claim_outside_the_instalment_is_refused(amount_twd: int):
    claim = replace(claimed(), amount_twd=amount_twd)
    with pytest.raises(WrongAmount):
        folded(*SIGNED, became_payable()).payments.submit_claim(claim)


def test_a_second_claim_of_an_instalment_is_refused():
    with pytest.raises(NotInState):
        folded(*CLAIMED).payments.submit_claim(claimed(claim_id=named("another")))


def test_a_claim_that_was_sent_back_may_be_made_anew():
    returned = e.ClaimReturned(case_id=CASE, claim_id=named("claim-1"), reason="…")
    contract = folded(*CLAIMED, returned)
    again = claimed(claim_id=named("another"), invoice_number="AB00000001")
    assert kinds(contract.payments.submit_claim(again)) == ["ClaimSubmitted"]


def test_a_claim_being_paid_is_not_sent_back():
    with pytest.raises(NotInState):
        folded(*PREPARED).payments.return_claim(named("claim-1"), "…")


def test_an_instalment_that_does_not_exist_is_named():
    with pytest.raises(UnknownPart) as refusal:
        folded(*SIGNED).payments.submit_claim(claimed(no=3))
    assert refusal.value.field == "instalment_no"


def test_a_disbursement_one_dollar_above_its_claim_is_refused():
    with pytest.raises(AboveCeiling):
        folded(*CLAIMED).prepare(prepared(amount_twd=525_001))


def test_only_one_disbursement_of_an_instalment_at_a_time():
    with pytest.raises(NotInState):
        folded(*PREPARED).prepare(prepared(disbursement_id=named("another")))


def test_the_same_disbursement_again_changes_nothing():
    assert folded(*PREPARED).prepare(prepared()) == ()


def test_the_maker_does_not_approve_the_own_disbursement():
    with pytest.raises(SamePerson):
        folded(*PREPARED).payments.approve(named("disbursement-1"), "d" * 64, "mia", NUMBER, TODAY)


def test_an_editor_is_a_maker_too():
    contract = folded(*PREPARED)
    edited = contract.payments.edit(named("disbursement-1"), 500_000, "004-1", "carl")
    contract = folded(*PREPARED, *edited)
    digest = contract.payments.disbursements[named("disbursement-1")].prepared.digest
    with pytest.raises(SamePerson):
        contract.payments.approve(named("disbursement-1"), digest, "carl", NUMBER, TODAY)


def test_a_checker_approves_what_stands_and_nothing_else():
    contract = folded(*PREPARED)
    with pytest.raises(ApprovedSomethingElse):
        contract.payments.approve(named("disbursement-1"), "e" * 64, "carl", NUMBER, TODAY)


def test_an_approval_given_twice_counts_once():
    contract = folded(*APPROVED)
    assert contract.payments.approve(named("disbursement-1"), "d" * 64, "carl", NUMBER, TODAY) == ()


def test_an_edit_voids_the_approval():
    events = folded(*APPROVED).payments.edit(named("disbursement-1"), 525_000, "004-2", "mia")
    assert kinds(events) == ["ApprovalVoided", "DisbursementEdited"]
    with pytest.raises(NotInState):
        folded(*APPROVED, *events).confirm(disbursed(), TODAY)


def test_an_edit_that_changes_nothing_leaves_the_approval():
    assert folded(*APPROVED).payments.edit(named("disbursement-1"), 525_000, "004-1", "m") == ()


def test_nothing_is_paid_that_nobody_approved():
    with pytest.raises(NotInState):
        folded(*PREPARED).confirm(disbursed(), TODAY)


@pytest.mark.parametrize("paid_on", [date(2023, 7, 31), date(2023, 8, 11)])
def test_a_payment_before_the_approval_or_in_the_future_is_refused(paid_on: date):
    with pytest.raises(WrongDay):
        folded(*APPROVED).confirm(disbursed(paid_on=paid_on), TODAY)


@pytest.mark.parametrize("paid_on", [date(2023, 8, 1), TODAY])
def test_a_payment_on_the_day_of_the_approval_or_today_is_taken(paid_on: date):
    assert kinds(folded(*APPROVED).confirm(disbursed(paid_on=paid_on), TODAY)) == ["FundsDisbursed"]


def test_a_payment_confirmed_twice_counts_once_and_with_other_content_is_refused():
    contract = folded(*PAID_FIRST)
    assert contract.confirm(disbursed(), TODAY) == ()
    with pytest.raises(IdReused):
        contract.confirm(disbursed(bank_reference="other"), TODAY)


def test_what_was_not_claimed_is_finally_not_payable():
    facts = (
        *SIGNED,
        became_payable(),
        claimed(amount_twd=500_000),
        prepared(amount_twd=500_000),
        approved(amount_twd=500_000),
    )
    paid, released = folded(*facts).confirm(disbursed(amount_twd=500_000), TODAY)
    assert (paid.amount_twd, released.amount_twd) == (500_000, 25_000)


def test_a_reduced_contract_caps_what_is_still_paid():
    reduced = e.ContractAmountReduced(
        case_id=CASE,
        change_id=named("change"),
        amount_twd=524_999,
        reduced_by_twd=975_000,
        excess_twd=1,
        instalments=(
            {"no": 1, "checkpoint": "cp1", "amount_twd": 525_000},
            {"no": 2, "checkpoint": "cp2", "amount_twd": 0},
        ),
    )
    with pytest.raises(AboveCeiling):
        folded(*APPROVED, reduced).confirm(disbursed(), TODAY)


def test_nothing_flows_while_a_finding_is_open():
    contract = folded(*APPROVED, finding_opened())
    with pytest.raises(PaymentsStopped):
        contract.confirm(disbursed(), TODAY)
    with pytest.raises(PaymentsStopped):
        contract.flowing()


def test_a_bank_return_may_be_paid_again_to_the_dollar():
    contract = folded(*PAID_FIRST)
    returned = contract.payments.bank_return(named("payment-1"), "…", NUMBER, TODAY, TODAY)
    contract = folded(*PAID_FIRST, *returned)
    assert contract.payments.net_paid_twd == 0
    again = contract.prepare(prepared(disbursement_id=named("again")))
    assert kinds(again) == ["ReturnedPaymentReleased", "DisbursementPrepared"]


def test_a_bank_return_twice_counts_once():
    contract = folded(*PAID_FIRST)
    returned = contract.payments.bank_return(named("payment-1"), "…", NUMBER, TODAY, TODAY)
    contract = folded(*PAID_FIRST, *returned)
    assert contract.payments.bank_return(named("payment-1"), "…", NUMBER, TODAY, TODAY) == ()


def test_a_wrong_payment_is_reversed_by_two_people_and_paid_again_once_its_money_is_back():
    contract = folded(*PAID_FIRST)
    proposed = contract.propose_reversal(named("payment-1"), "受款人錯誤", "mia")
    contract = folded(*PAID_FIRST, *proposed)
    with pytest.raises(SamePerson):
        contract.payments.approve_reversal(named("payment-1"), "mia", NUMBER, TODAY)
    reversed_ = contract.payments.approve_reversal(named("payment-1"), "carl", NUMBER, TODAY)
    contract = folded(*PAID_FIRST, *proposed, *reversed_)
    with pytest.raises(NotYet):
        contract.prepare(prepared(disbursement_id=named("again")))
    back = contract.payments.receive_reversal(named("payment-1"), "B-9", TODAY)
    contract = folded(*PAID_FIRST, *proposed, *reversed_, *back)
    assert len(contract.prepare(prepared(disbursement_id=named("again")))) == 2


def test_a_payment_is_never_above_the_contract():
    contract = folded(*PAID_FIRST[:2], signed(), *PAID_FIRST[3:])
    with pytest.raises(AboveCeiling):
        contract.must_fit_contract(975_001)
    contract.must_fit_contract(975_000)
