"""The worked examples of the service-innovation catalogue (its section 7), by their numbers: the
money of vouchers, accounts and endings comes out to the dollar; reviews: test_siir_reviews."""

from __future__ import annotations

from datetime import date

import pytest

from services.finance.domain import events as e
from services.finance.domain.account_book import Movement, overdraw_spells, standing
from services.finance.domain.shares import Accepted, LineBudget, Ratio, split_by_ratio
from shared.kernel.errors import DomainError, RefusedByRules
from shared.programmes.validation import validate
from tests.support.finance_events import CHECKER, MAKER, OFFICER, UBN, named
from tests.support.spending_desk import FOLDER, B, C, SpendingDesk, kites, of, party

INTERIM, FINAL = "2024-12-10", "2025-04-30"


def one(subsidy_twd: int = 1_000_000) -> SpendingDesk:
    """A contract of one party."""
    desk = SpendingDesk()
    desk.seed([party(UBN, subsidy_twd, lead=True)])
    return desk


BUDGET = {
    "personnel": LineBudget(years=(Ratio(300_000, 600_000),)),
    "tech": LineBudget(years=(Ratio(500_000, 1_000_000),)),
    "market": LineBudget(years=(Ratio(200_000, 400_000),)),
    "odd": LineBudget(years=(Ratio(50_000, 120_000),)),
}


def vouchers(*rows: tuple[str, int]) -> list[Accepted]:
    return [
        Accepted(voucher_id=str(n), line=line, year=0, month="2024-10", net_twd=net)
        for n, (line, net) in enumerate(rows)
    ]


def test_e_09_the_share_of_each_line():
    rows = vouchers(("personnel", 250_001), ("tech", 480_000), ("market", 199_999))
    assert sum(split_by_ratio(rows, BUDGET).values()) == 464_999


def test_e_10_what_is_above_the_line_is_self_borne():
    assert split_by_ratio(vouchers(("personnel", 650_000)), BUDGET) == {"0": 300_000}


def test_e_11_three_vouchers_cumulated():
    rows = vouchers(("odd", 33_333), ("odd", 33_333), ("odd", 33_334))
    assert list(split_by_ratio(rows, BUDGET).values()) == [13_888, 13_889, 13_889]
    assert split_by_ratio(vouchers(("odd", 100_000)), BUDGET) == {"0": 41_666}  # TV-067


@pytest.mark.parametrize(
    ("gross", "net", "government"),
    [
        pytest.param(105_000, 100_000, 50_000, id="E-12"),
        pytest.param(999, 951, 475, id="E-13"),
        pytest.param(21_000, 20_000, 10_000, id="TV-068"),
    ],
)
def test_a_voucher_is_accepted_before_tax(gross, net, government):
    line = one().spend("v", "2024-10-01", gross, vat_pct=5)
    assert (line["outcome"], line["net_twd"], line["government_twd"]) == (
        "reduce",
        net,
        government,
    )


SHARES = {"2024-07": 60_000, "2024-08": 80_000, "2024-10": 120_000, "2024-11": 90_000}


def account(*rows: tuple[str, str, int]) -> list[Movement]:
    return [Movement(on=date.fromisoformat(on), kind=kind, amount_twd=x) for on, kind, x in rows]


def test_e_14_december_is_not_withdrawable_in_december():
    received = account(("2024-12-27", "subsidy-receipt", 500_000))
    stands = standing(received, {**SHARES, "2024-12": 150_000}, date(2024, 12, 31))
    assert (stands.withdrawable_twd, stands.overdrawn_twd) == (350_000, 0)


def test_e_15_a_share_disallowed_later_leaves_an_overdraw():
    months = {**SHARES, "2024-11": 70_000, "2024-12": 150_000}
    moved = account(
        ("2024-12-27", "subsidy-receipt", 500_000), ("2025-01-02", "withdrawal", 500_000)
    )
    stands = standing(moved, months, date(2025, 1, 2))
    assert (stands.withdrawable_twd, stands.overdrawn_twd) == (0, 20_000)
    (spell,) = overdraw_spells(moved, months, date(2025, 1, 31))
    assert (spell.from_on, spell.until_on, spell.amount_twd) == (date(2025, 1, 2), None, 20_000)


@pytest.mark.parametrize(
    ("until", "penalty"),
    [
        pytest.param("2025-03-01", 2_630, id="E-16"),
        pytest.param("2025-01-30", 877, id="E-17"),
        pytest.param("2025-01-31", 1_753, id="E-18, two started months"),
        pytest.param("2025-02-28", 1_753, id="TV-075"),
    ],
)
def test_the_penalty_of_an_overdraw_is_a_recovery_of_its_own(until, penalty):
    desk = one()
    day = {"from_on": "2024-12-30", "until_on": until}
    ids = {"party_ubn": UBN, "overdraw_id": named("o")}
    answer = desk.do("AssessOverdraw", MAKER, "2025-03-05", **ids, amount_twd=100_000, **day)
    assert answer["penalty_twd"] == penalty
    assert desk.balance()["refundable_twd"] == penalty
    desk.recover(answer["recovery_id"], penalty, "2025-03-10")
    sums = desk.balance()
    assert (sums["penalty_twd"], sums["refundable_twd"]) == (penalty, 0)
    assert sums["net_paid_twd"] == 0  # never netted with the subsidy


def ended(desk: SpendingDesk, effect: str, **figures: int):
    """A finding, heard where it must be, and its decision on 2025-03-03."""
    facts = {"facts": "…", "rules": ["KI-SAN-01"]}
    ids = {"finding_id": named("f")}
    desk.do("OpenFinding", OFFICER, "2025-02-01", **ids, kind="breach", **facts, evidence=[])
    if effect == "terminate":
        notice = {**facts, "effects": ["終止"]}
        desk.do("GiveSanctionNotice", OFFICER, "2025-02-03", **ids, **notice)
    decision = {"effect": effect, "recover_twd": 0, "bar": True, "remedy": "…", "figures": figures}
    return desk.do("DecideSanction", OFFICER, "2025-03-03", **ids, **facts, **decision)


def half_paid() -> SpendingDesk:
    desk = one()
    desk.spend("v1", "2024-10-01", 1_000_000)
    desk.pass_checkpoint("interim", INTERIM)
    desk.review("interim", INTERIM)
    desk.pay(1, 500_000, "2024-12-20")
    return desk


@pytest.mark.parametrize(
    ("verified", "progress_bp", "interest", "owed", "top_up"),
    [
        pytest.param(430_000, 3_800, 1_234, {"subsidy": 120_000, "interest": 1_234}, 0, id="E-19"),
        pytest.param(350_000, 6_000, 777, {"subsidy": 150_000, "interest": 777}, 0, id="E-20"),
        pytest.param(520_000, 5_500, 10, {"interest": 10}, 20_000, id="E-21"),
    ],
)
def test_a_termination_recovers_by_kind(verified, progress_bp, interest, owed, top_up):
    desk = half_paid()
    figures = {"verified_twd": verified, "accepted_progress_bp": progress_bp}
    answer = ended(desk, "terminate", **figures, interest_twd=interest)
    assert {row["kind"]: row["amount_twd"] for row in answer["recoveries"]} == owed
    decision = next(r for r in desk.history() if isinstance(r.event, e.SanctionDecided))
    assert decision.metadata.decision["values"]["possible_top_up"] == top_up
    for row in answer["recoveries"]:
        desk.recover(row["recovery_id"], row["amount_twd"], "2025-03-13")
    sums = desk.balance()
    assert (sums["recovered_twd"], sums["outstanding_twd"]) == (sum(owed.values()), 0)
    assert sums["interest_due_twd"] == interest
    assert desk.contract.settled


def test_e_22_a_rescission_recovers_everything_without_a_hearing():
    desk = half_paid()
    desk.spend("v2", "2025-02-01", 800_000)
    desk.pass_checkpoint("final", "2025-02-02")
    assert desk.review("final", "2025-02-02")["payable_twd"] == 400_000
    desk.pay(2, 400_000, "2025-02-03")
    answer = ended(desk, "rescind", interest_twd=2_345, costs_twd=60_000)
    owed = {row["kind"]: row["amount_twd"] for row in answer["recoveries"]}
    assert owed == {"subsidy": 900_000, "interest": 2_345, "costs": 60_000}
    assert answer["bar_until"] == "2030-03-03"
    for row in answer["recoveries"]:
        desk.recover(row["recovery_id"], row["amount_twd"], "2025-03-13")
    sums = desk.balance()
    assert sums["recovered_twd"] == 962_345
    assert sums["costs_twd"] == 60_000


def test_e_32_interest_reaches_the_treasury_by_the_grantees_own_slip():
    desk = one()
    rows = [("2024-12-20", 312), ("2025-04-30", 1_045)]
    for on, amount in rows:
        moved = {"movement_id": str(named(on)), "on": on, "kind": "interest", "amount_twd": amount}
        desk.do(
            "RecordAccountMovements", MAKER, on, party_ubn=UBN, origin="statement",
            movements=[moved],
        )  # fmt: skip
    assert sum(row["amount_twd"] for row in desk.query("account", case=str(named("case")))) == 1_357
    desk.pass_checkpoint("interim", INTERIM)
    desk.review("interim", INTERIM)
    desk.pass_checkpoint("final", "2025-04-20")
    answer = desk.review("final", FINAL, interest_twd=1_357)
    (recovery,) = answer["recoveries"]
    slip = {"recovery_id": recovery, "remitted_on": "2025-05-02", "slip_no": "114-1"}
    for _ in range(2):  # the same slip again is no second remittance
        desk.do(
            "RecordInterestRemittance", MAKER, "2025-05-03", **slip, amount_twd=1_357,
            route="direct",
        )  # fmt: skip
    sums = desk.balance()
    assert (sums["remitted_twd"], sums["interest_due_twd"], sums["outstanding_twd"]) == (
        1_357,
        0,
        0,
    )
    assert sums["paid_twd"] == 0


def test_interest_that_came_to_the_office_is_passed_on():
    desk = half_paid()
    answer = ended(desk, "terminate", interest_twd=777)
    (row,) = answer["recoveries"]
    desk.recover(row["recovery_id"], 777, "2025-03-13")
    assert desk.balance()["interest_due_twd"] == 777
    slip = {"recovery_id": row["recovery_id"], "remitted_on": "2025-03-14", "slip_no": "114-2"}
    given = {**slip, "route": "office"}
    with pytest.raises(DomainError):
        desk.do("RecordInterestRemittance", MAKER, "2025-03-14", **given, amount_twd=778)
    desk.do("RecordInterestRemittance", MAKER, "2025-03-14", **given, amount_twd=777)
    sums = desk.balance()
    assert (sums["interest_due_twd"], sums["paid_twd"]) == (0, 500_000)


def test_e_33_the_others_owe_the_whole_until_released():
    desk = SpendingDesk()
    desk.seed([party(UBN, 400_000, lead=True), party(B, 480_000), party(C, 120_000)])
    desk.spend("vb", "2024-10-01", 480_000, B)
    desk.pass_checkpoint("interim", INTERIM)
    assert desk.review("interim", INTERIM, B)["payable_twd"] == 240_000
    desk.pay(2, 240_000, "2024-12-20", B)
    answer = ended(desk, "rescind")
    (row,) = answer["recoveries"]
    assert (row["party_ubn"], row["amount_twd"]) == (B, 240_000)
    ids = {"recovery_id": row["recovery_id"]}
    demand = desk.do(
        "DemandRecovery", MAKER, "2025-03-04", **ids, amount_twd=240_000, account="004-9"
    )
    desk.do("ApproveRecovery", CHECKER, "2025-03-05", **ids, digest=demand["digest"])
    owed = desk.do("OpenJointClaim", OFFICER, "2025-03-20", **ids, reason="B 未繳還")["owed_twd"]
    assert owed == {UBN: 240_000, C: 240_000}
    consent = {"ubn": C, "consent_no": "經商字第1號", "consent_on": "2025-03-25"}
    owed = desk.do("ReleaseJointDebtor", OFFICER, "2025-03-26", **ids, **consent)["owed_twd"]
    assert owed == {UBN: 240_000}
    assert desk.balance()["outstanding_twd"] == 240_000  # counted once


def test_the_invented_programme_of_the_money_has_no_fault():
    assert validate(FOLDER) == []
    assert kites().pack.id == "kite-113"


def test_a_withdrawal_is_asked_for_within_what_closed_months_give():
    desk = half_paid()
    received = {"movement_id": str(named("r")), "on": "2024-12-21", "kind": "subsidy-receipt"}
    desk.do(
        "RecordAccountMovements", MAKER, "2024-12-22", party_ubn=UBN, origin="statement",
        movements=[{**received, "amount_twd": 500_000}],
    )  # fmt: skip
    drawn = {"movement_id": str(named("w")), "on": "2024-12-31", "kind": "withdrawal"}

    def ask(amount_twd: int):
        rows = [{**drawn, "amount_twd": amount_twd}]
        return desk.do(
            "RecordAccountMovements", of(UBN), "2024-12-31", party_ubn=UBN, origin="request",
            movements=rows,
        )  # fmt: skip

    with pytest.raises(RefusedByRules):
        ask(500_001)
    assert ask(500_000)["overdrawn_twd"] == 0
