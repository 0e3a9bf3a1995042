"""Vouchers: handed in by a party, audited line by line, claimed once over all cases."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.finance.domain.errors import VoucherUsed
from services.finance.domain.shares import Accepted, LineBudget, Ratio, month_shares, split_by_ratio
from services.finance.projections.tables import voucher_keys, vouchers
from services.finance.projections.vouchers import VoucherTable
from shared.kernel.errors import DomainError, InvalidInput, NotPermitted, RefusedByRules
from tests.support.finance_desk import Desk
from tests.support.finance_events import APPLICANT, MAKER, UBN, named
from tests.support.spending_desk import B, SpendingDesk, of, party

INVOICE = {"seller_ubn": "22099131", "invoice_no": "AB12345678"}


@pytest.fixture
def desk() -> SpendingDesk:
    desk = SpendingDesk()
    desk.seed([party(UBN, 500_000, lead=True), party(B, 500_000)])
    return desk


def test_half_of_a_voucher_is_the_government_s(desk: SpendingDesk):
    line = desk.spend("v", "2024-10-01", 99_999)
    assert (line["outcome"], line["government_twd"], line["self_twd"]) == ("accept", 49_999, 50_000)
    (row,) = desk.query("vouchers", case=str(named("case")))
    assert (row["outcome"], row["net_twd"], row["government_twd"]) == ("accept", 99_999, 49_999)


def test_a_rule_that_blocks_the_claim_rejects_the_row_and_names_itself(desk: SpendingDesk):
    line = desk.spend("v", "2024-10-01", 1_000, stamped=False)
    assert (line["outcome"], line["net_twd"], line["rules"]) == ("reject", 0, ["KI-VOU-01/b"])


def test_a_line_outside_the_budget_is_not_taken_at_all(desk: SpendingDesk):
    with pytest.raises(RefusedByRules) as refusal:
        desk.spend("v", "2024-10-01", 1_000, line="yachts")
    assert refusal.value.rule == "KI-VOU-01"
    assert desk.spending.vouchers == {}


def test_another_party_s_vouchers_are_not_handed_in(desk: SpendingDesk):
    with pytest.raises(NotPermitted):
        desk.do(
            "SubmitVouchers", of(B), "2024-10-01", batch_id=named("b"), party_ubn=UBN,
            vouchers=[],
        )  # fmt: skip


def test_an_invoice_is_claimed_once_over_all_cases(desk: SpendingDesk):
    desk.connection.execute(
        voucher_keys.insert().values(
            key="22099131|AB12345678|2024-10-01",
            voucher_id=str(named("elsewhere")),
            case_number="CP112-0009",
        )
    )
    line = desk.spend("v", "2024-10-01", 1_000, **INVOICE)
    assert (line["outcome"], line["rules"]) == ("reject", ["voucher-used"])
    assert desk.spend("w", "2024-10-02", 1_000, **INVOICE)["outcome"] == "accept"


def test_two_batches_at_once_with_one_invoice_meet_the_primary_key(desk: SpendingDesk, monkeypatch):
    desk.spend("v", "2024-10-01", 1_000, **INVOICE)
    monkeypatch.setattr(VoucherTable, "used", lambda self, key, voucher_id: None)
    with pytest.raises(VoucherUsed):
        desk.spend("w", "2024-10-01", 1_000, B, **INVOICE)


def person(fraction_bp: int) -> dict[str, object]:
    return {"person_ref": "P-1", "person_month": "2024-10", "person_fraction_bp": fraction_bp}


def test_a_month_of_a_person_is_shared_out_once(desk: SpendingDesk):
    assert desk.spend("v", "2024-10-31", 1_000, **person(6_000))["outcome"] == "accept"
    assert desk.spend("w", "2024-10-31", 1_000, B, **person(4_000))["outcome"] == "accept"
    line = desk.spend("x", "2024-10-31", 1_000, B, **person(1))
    assert (line["outcome"], line["rules"]) == ("reject", ["person-month"])
    desk.audit("w", "2024-11-02", "reject", again="-2")  # its part of the month is free again
    assert desk.audit("x", "2024-11-02", again="-2")["outcome"] == "accept"


def test_one_audit_does_not_give_the_same_month_twice(desk: SpendingDesk):
    rows = [
        {
            "voucher_id": str(named(name)), "line": "goods", "voucher_on": "2024-10-31",
            "item_name": "薪資", "gross_twd": 10, "claimed_twd": 10, "stamped": True,
            **person(6_000),
        }
        for name in ("m1", "m2")
    ]  # fmt: skip
    batch = {"batch_id": named("months"), "party_ubn": UBN}
    desk.do("SubmitVouchers", of(UBN), "2024-11-01", **batch, vouchers=rows)
    answer = desk.do(
        "AuditVouchers", MAKER, "2024-11-02", batch_id=named("months"), audit_id=named("a"),
        lines=[{"voucher_id": row["voucher_id"], "outcome": "accept"} for row in rows],
    )  # fmt: skip
    assert [line["outcome"] for line in answer["lines"]] == ["accept", "reject"]


def test_a_late_voucher_of_the_first_year_counts_for_the_second(desk: SpendingDesk):
    in_time = desk.spend("v", "2024-12-01", 1_000, day="2024-12-20")
    late = desk.spend("w", "2024-12-01", 1_000, day="2024-12-21")
    assert (in_time["year"], late["year"]) == (0, 1)
    outside = desk.spend("x", "2024-06-30", 1_000, day="2024-10-01")
    assert (outside["outcome"], outside["rules"]) == ("reject", ["budget-year"])


def test_capital_spending_is_the_grantee_s_own(desk: SpendingDesk):
    line = desk.spend("v", "2024-10-01", 1_000, capital=True)
    assert (line["net_twd"], line["government_twd"]) == (1_000, 0)


def test_a_reduction_has_an_amount_within_the_net(desk: SpendingDesk):
    desk.hand_in("v", "2024-10-01", 1_000, UBN, "2024-10-01")
    for net in (None, 1_001, -1):
        given = {} if net is None else {"net_twd": net}
        with pytest.raises(InvalidInput):
            desk.audit("v", "2024-10-02", "reduce", **given)
    assert desk.audit("v", "2024-10-02", "reduce", net_twd=400)["government_twd"] == 200


def test_the_same_batch_and_audit_again_change_nothing(desk: SpendingDesk):
    for _ in range(2):
        desk.spend("v", "2024-10-01", 1_000)
    assert len(desk.spending.batches) == len(desk.spending.audits) == 1
    with pytest.raises(DomainError, match="already used"):
        desk.audit("v", "2024-10-01", "reject")
    with pytest.raises(DomainError, match="already used"):
        desk.hand_in("v", "2024-10-01", 1_001, UBN, "2024-10-01")


def test_a_programme_without_spending_says_so():
    desk = Desk()
    desk.sign()
    row = {
        "voucher_id": str(UUID(int=1)), "line": "x", "voucher_on": "2023-05-01", "item_name": "x",
        "gross_twd": 1, "claimed_twd": 1,
    }  # fmt: skip
    with pytest.raises(DomainError, match="coprosperity-112 has no spending"):
        desk.do(
            "SubmitVouchers", APPLICANT, "2023-05-02", batch_id=named("b"), party_ubn=UBN,
            vouchers=[row],
        )  # fmt: skip
    assert desk.connection.execute(vouchers.select()).all() == []


def test_a_year_of_another_ratio_is_folded_by_its_own_and_never_above_the_line():
    line = LineBudget(years=(Ratio(100, 400), Ratio(300, 400)))
    rows = [
        Accepted(voucher_id="b", line="x", year=1, month="2025-02", net_twd=800),
        Accepted(voucher_id="a", line="x", year=0, month="2024-10", net_twd=200),
    ]
    parts = split_by_ratio(rows, {"x": line})
    assert parts == {"a": 50, "b": 350}  # 600 * 3/4 = 450, the line has 400 in all
    assert month_shares(rows, parts) == {"2024-10": 50, "2025-02": 350}
    assert split_by_ratio(rows, {}) == {"a": 0, "b": 0}
