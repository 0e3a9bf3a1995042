"""Several parties in one contract: each has its own instalments, claims, payee and books."""

from __future__ import annotations

import pytest

from services.finance.domain import changes, parties
from services.finance.domain import events as e
from services.finance.domain.errors import AboveCeiling
from shared.kernel.errors import DomainError, NotPermitted
from tests.support.finance_events import CASE, UBN, named
from tests.support.spending_desk import B, C, SpendingDesk, claim, of, party


@pytest.fixture
def desk() -> SpendingDesk:
    desk = SpendingDesk()
    desk.seed([party(UBN, 400_001, lead=True), party(B, 300_000), party(C, 100_000)])
    return desk


def paid_first(desk: SpendingDesk) -> None:
    for ubn, net in ((UBN, 500_000), (B, 200_000)):
        desk.spend(f"v-{ubn}", "2024-10-01", net, ubn)
    desk.pass_checkpoint("interim", "2024-12-10")
    for ubn in (UBN, B, C):
        desk.review("interim", "2024-12-10", ubn)


def test_instalments_are_numbered_through_the_lead_first(desk: SpendingDesk):
    rows = desk.contract.payments.instalments.by_no
    assert [(no, i.party_ubn, i.amount_twd) for no, i in rows.items()] == [
        (1, UBN, 200_000),
        (2, B, 150_000),
        (3, C, 50_000),
        (4, UBN, 200_001),
        (5, B, 150_000),
        (6, C, 50_000),
    ]


def test_a_passed_checkpoint_waits_for_the_review_of_each_party(desk: SpendingDesk):
    desk.pass_checkpoint("interim", "2024-12-10")
    states = [i.state for i in desk.contract.payments.instalments.by_no.values()]
    assert states == ["awaiting-review"] * 3 + ["committed"] * 3
    sums = desk.balance()
    assert (sums["retained_twd"], sums["payable_twd"], sums["committed_twd"]) == (
        400_000,
        0,
        800_001,
    )


def test_each_party_claims_its_own_and_is_paid_itself(desk: SpendingDesk):
    paid_first(desk)
    with pytest.raises(NotPermitted):
        desk.do("SubmitClaim", of(C), "2024-12-11", claim_id=named("x"), **claim(2, 100_000))
    desk.pay(2, 100_000, "2024-12-20", B)
    (paid,) = desk.of_type(e.FundsDisbursed)
    assert (paid.payee_ubn, paid.party_ubn) == (B, B)
    by_party = {
        (row["party_ubn"], row["account"]): row["credit_twd"]
        for row in desk.query("ledger", case=str(CASE))["rows"]
        if row["event_type"] == "FundsDisbursed" and row["credit_twd"]
    }
    assert by_party == {(B, "bank"): 100_000}


def test_a_party_that_spent_nothing_loses_its_first_instalment(desk: SpendingDesk):
    paid_first(desk)
    states = {i.no: i.state for i in desk.contract.payments.instalments.by_no.values()}
    assert states[3] == "cancelled"
    forfeited = [x for x in desk.of_type(e.InstalmentPortionForfeited) if x.party_ubn == C]
    assert [x.amount_twd for x in forfeited] == [50_000]


def test_a_review_above_the_ceiling_is_refused_and_changes_nothing(desk: SpendingDesk):
    paid_first(desk)
    with pytest.raises(AboveCeiling):
        desk.contract.must_fit_contract(300_001, B)
    with pytest.raises(DomainError):  # it awaits none any more
        desk.review("interim", "2024-12-12", B, review_id=named("again"))


def test_the_same_review_again_is_no_second_one(desk: SpendingDesk):
    paid_first(desk)
    before = len(desk.history())
    desk.review("interim", "2024-12-10", B)
    assert len(desk.history()) == before
    with pytest.raises(DomainError, match="already used"):
        desk.review("interim", "2024-12-10", B, interest_twd=5)


def test_a_review_of_somebody_else_s_contract_is_unknown(desk: SpendingDesk):
    desk.pass_checkpoint("interim", "2024-12-10")
    with pytest.raises(DomainError, match="no party"):
        desk.review("interim", "2024-12-10", "87654320")


def test_a_reduction_takes_each_party_s_share_off_its_commitment(desk: SpendingDesk):
    amounts = parties.shares_of(700_001, [400_001, 300_000, 100_000])
    assert amounts == [350_001, 262_500, 87_500]
    fresh = {1: 175_000, 2: 131_250, 3: 43_750, 4: 175_001, 5: 131_250, 6: 43_750}
    (event,) = changes.reduce_amount(desk.contract, named("change"), 700_001, fresh)
    assert sum(row["amount_twd"] for row in event.by_party) == event.reduced_by_twd == 100_000
    after = desk.contract.apply(event)
    assert after.shares.twd == {UBN: 350_001, B: 262_500, C: 87_500}
    assert sum(i.amount_twd for i in after.payments.instalments.by_no.values()) == 700_001
    assert changes.reduce_amount(after, named("change"), 600_000, fresh) == ()


def test_shares_add_up_for_any_amount():
    for amount in range(50):
        shares = parties.shares_of(amount, [3, 3, 1])
        assert sum(shares) == amount
        assert min(shares) >= 0


def test_one_party_keeps_the_numbers_of_the_pack():
    desk = SpendingDesk()
    desk.seed([party(UBN, 1_000, lead=True)])
    assert list(desk.contract.payments.instalments.by_no) == [1, 2]
    assert desk.contract.party_ubns == (UBN,)


def test_a_contract_that_knows_only_its_applicant_is_reviewed_all_the_same():
    desk = SpendingDesk()
    desk.seed([party(UBN, 1_000, lead=True)], alone=True)
    desk.spend("v", "2024-10-01", 800)
    desk.pass_checkpoint("interim", "2024-12-10")
    assert desk.review("interim", "2024-12-10", None)["payable_twd"] == 400
    desk.pay(1, 400, "2024-12-20")
    rows = desk.query("ledger", case=str(CASE))["rows"]
    assert {row["party_ubn"] for row in rows} == {None}
    assert desk.balance()["forfeited_twd"] == 100
