"""The worked examples of the service-innovation catalogue (its section 7), by their numbers: the
money of reviews, vouchers, accounts and endings comes out to the dollar."""

from __future__ import annotations

import pytest

from services.finance.domain import events as e
from shared.programmes.evaluation import evaluate
from tests.support.finance_events import UBN, at
from tests.support.spending_desk import SpendingDesk, kites, party

INTERIM, FINAL = "2024-12-10", "2025-04-30"


def one(subsidy_twd: int = 1_000_000, self_twd: int | None = None) -> SpendingDesk:
    """A contract of one party."""
    desk = SpendingDesk()
    desk.seed([party(UBN, subsidy_twd, self_twd, lead=True)])
    return desk


def reviewed(desk: SpendingDesk, year1_twd: int, year2_twd: int, **final: int):
    """Spent, reviewed at both checkpoints, paid what became payable; the two answers."""
    if year1_twd:
        desk.spend("v1", "2024-10-01", year1_twd)
    desk.pass_checkpoint("interim", INTERIM)
    first = desk.review("interim", INTERIM)
    if first["payable_twd"]:
        desk.pay(1, first["payable_twd"], "2024-12-20")
    if year2_twd:
        desk.spend("v2", "2025-02-01", year2_twd)
    desk.pass_checkpoint("final", "2025-04-20", **final)
    return first, desk.review("final", FINAL)


@pytest.mark.parametrize(
    ("year1", "year2", "first", "second", "carry"),
    [
        pytest.param(1_100_000, 900_000, 500_000, 500_000, 50_000, id="E-01"),
        pytest.param(800_000, 1_200_000, 400_000, 500_000, 0, id="E-02"),
        pytest.param(1_000_000, 1_000_000, 500_000, 500_000, 0, id="E-03"),
        pytest.param(999_998, 1_000_000, 499_999, 500_000, 0, id="E-04"),
        pytest.param(0, 2_000_000, 0, 500_000, 0, id="E-08"),
    ],
)
def test_two_instalments_from_the_spending_of_two_years(year1, year2, first, second, carry):
    desk = one()
    interim, final = reviewed(desk, year1, year2)
    assert interim["payable_twd"] == first
    assert interim["figures"]["carry"] == carry
    assert final["figures"]["payable_total"] == first + second
    assert final["payable_twd"] == second
    sums = desk.balance()
    assert sums["committed_twd"] == sums["retained_twd"] == 0
    assert sums["forfeited_twd"] == 1_000_000 - first - second


def test_e_01_is_read_in_the_ledger_as_of_every_day():
    desk = one()
    reviewed(desk, 1_100_000, 900_000)
    desk.pay(2, 500_000, FINAL)
    assert desk.balance("2024-09-25")["committed_twd"] == 1_000_000
    after_first = desk.balance("2024-12-20")
    assert after_first["paid_twd"] == after_first["committed_twd"] == 500_000
    assert after_first["retained_twd"] == 50_000  # carried over
    assert desk.balance()["paid_twd"] == 1_000_000


def test_e_05_an_odd_subsidy_gives_its_odd_dollar_to_the_second():
    desk = one(1_234_567)
    rows = desk.contract.payments.instalments.by_no.values()
    assert [row.amount_twd for row in rows] == [617_283, 617_284]


def test_e_06_a_subsidy_of_forty_percent():
    interim, _ = reviewed(one(1_000_000, 1_500_000), 1_000_000, 0)
    assert (interim["payable_twd"], interim["figures"]["forfeited1"]) == (400_000, 100_000)


def test_e_07_both_years_fall_short():
    desk = one()
    desk.spend("v1", "2024-10-01", 600_000)
    desk.pass_checkpoint("interim", INTERIM)
    assert desk.review("interim", INTERIM)["payable_twd"] == 300_000
    desk.spend("v2", "2025-02-01", 600_000)
    desk.pass_checkpoint("final", "2025-04-20")
    assert desk.review("final", FINAL)["figures"]["due2"] == 300_000


@pytest.mark.parametrize(
    ("reduction", "total", "second", "refund"),
    [
        pytest.param(200_000, 800_000, 300_000, 0, id="E-25"),
        pytest.param(600_000, 400_000, 0, 100_000, id="E-26"),
    ],
)
def test_a_price_reduction_takes_the_second_instalment_first(reduction, total, second, refund):
    desk = one()
    _, final = reviewed(desk, 1_000_000, 1_000_000, reduction_twd=reduction)
    assert final["figures"]["payable_total"] == total
    assert final["payable_twd"] == second
    opened = desk.of_type(e.RecoveryOpened)
    assert sum(r.amount_twd for r in opened) == refund
    assert desk.balance()["refundable_twd"] == refund
    if refund:
        assert [i.state for i in desk.contract.payments.instalments.by_no.values()] == [
            "paid",
            "cancelled",
        ]


def test_e_27_four_fifths_of_the_own_money_four_fifths_of_the_subsidy():
    desk = one(1_000_000, 1_500_000)
    _, final = reviewed(desk, 1_250_000, 750_000)
    assert final["figures"]["self_cap"] == final["figures"]["payable_total"] == 800_000


def test_e_28_one_dollar_short_of_the_own_money():
    row = party(UBN, 1_000_000, 1_500_000, lead=True)
    facts = {
        "now": at(FINAL),
        "call": kites().pack.calls[0]["parameters"],
        "case": {"number": "K", "state": "signed", "stops": [], "paid_twd": 500_000},
        "party": row,
        "instalment": {
            "no": 2,
            "checkpoint": "final",
            "last": True,
            "ceiling_twd": 500_000,
            "retained_twd": 500_000,
        },
        "shares": {
            "year1_twd": 500_000,
            "year2_twd": 500_000,
            "government_twd": 1_000_000,
            "self_twd": 1_499_999,
            "spent1_twd": 1_250_000,
            "spent2_twd": 1_249_999,
            "spent_twd": 2_499_999,
        },
        "review": {
            "cut_off_on": FINAL,
            "passed_on": FINAL,
            "reduction_twd": 0,
            "requested_on": FINAL,
        },
        "accounts": [],
        "interest_twd": 0,
        "overdrawn_twd": 0,
    }
    values = evaluate(kites(), "finance-review", facts).values
    assert (values["payable_total"], values["second"], values["refund_twd"]) == (
        999_999,
        499_999,
        0,
    )


def test_e_34_a_voucher_disallowed_after_the_payment_is_set_off():
    desk = one()
    desk.spend("v1", "2024-10-01", 940_000)
    desk.spend("bad", "2024-10-02", 60_000)
    desk.pass_checkpoint("interim", INTERIM)
    desk.review("interim", INTERIM)
    desk.pay(1, 500_000, "2024-12-20")
    assert desk.audit("bad", "2025-01-10", "reject", again="-2")["outcome"] == "reject"
    desk.spend("v2", "2025-02-01", 1_060_000)
    desk.pass_checkpoint("final", "2025-04-20")
    final = desk.review("final", FINAL)
    assert final["figures"]["first"] == 470_000
    assert (final["figures"]["payable_total"], final["payable_twd"]) == (970_000, 470_000)
    assert desk.of_type(e.RecoveryOpened) == []
