"""The ledger: entries of single events, reductions, the journal as of a day, table and CSV."""

from __future__ import annotations

from datetime import date

import pytest

from grantcase.cli.ledger import as_csv_text, balances_table, rows_table
from services.finance.domain import events as e
from services.finance.domain import ledger
from services.finance.domain.balances import balances
from services.finance.domain.instalments import Instalment, reduced
from services.finance.domain.ledger import entries_of
from services.finance.projections import journal
from services.finance.projections.tables import journal as table
from tests.support.finance_desk import Desk
from tests.support.finance_events import CALL, CASE, MAKER, NUMBER, named, signed


def sides(event: object) -> list[tuple[str, int, int]]:
    return [(x.account, x.debit_twd, x.credit_twd) for j in entries_of(event) for x in j.lines]


def test_a_signature_commits_the_contract():
    assert sides(signed()) == [
        (ledger.COMMITMENT, 1_500_000, 0),
        (ledger.AVAILABLE, 0, 1_500_000),
    ]


def test_what_becomes_payable_leaves_the_commitment_in_two_linked_journals():
    became = e.InstalmentBecamePayable(
        case_id=CASE,
        instalment_no=1,
        checkpoint="cp1",
        amount_twd=7,
        passed_on=date(2023, 7, 26),
        usage_records=True,
        letters=(),
        accepted_by="olga",
    )
    assert [len(journal.lines) for journal in entries_of(became)] == [2, 2]


def test_every_account_has_its_name_in_both_languages():
    names = {v for k, v in vars(ledger).items() if k.isupper() and isinstance(v, str)}
    assert names == set(ledger.ACCOUNTS)


def test_an_event_that_moves_no_money_has_no_entries():
    assert entries_of(e.LetterNoted(case_id=CASE, ubn="1")) == ()


FIRST = Instalment(no=1, checkpoint="cp1", amount_twd=525_000)
LAST = Instalment(no=2, checkpoint="cp2", amount_twd=975_000)
PAID = Instalment(no=1, checkpoint="cp1", amount_twd=525_000, state="paid")


@pytest.mark.parametrize(
    ("instalments", "total", "amounts", "excess"),
    [
        ((FIRST, LAST), 1_400_000, {1: 490_000, 2: 910_000}, 0),
        ((PAID, LAST), 1_400_000, {1: 525_000, 2: 875_000}, 0),
        ((PAID, LAST), 525_000, {1: 525_000, 2: 0}, 0),
        ((PAID, LAST), 524_999, {1: 525_000, 2: 0}, 1),
    ],
)
def test_a_reduction_comes_off_what_is_only_committed(instalments, total, amounts, excess):
    first = total * 3500 // 10_000
    assert reduced(instalments, {1: first, 2: total - first}, total) == (amounts, excess)


def test_a_reduction_gives_nothing_back_that_was_released():
    part_paid = Instalment(no=1, checkpoint="cp1", amount_twd=200, state="paid")
    rest = Instalment(no=2, checkpoint="cp2", amount_twd=650)
    assert reduced((part_paid, rest), {1: 349, 2: 650}, 999) == ({1: 200, 2: 650}, 0)


@pytest.fixture(scope="module")
def desk() -> Desk:
    desk = Desk()
    desk.hear(
        "intake",
        "CallPublished",
        "2023-02-10",
        call_id=str(CALL),
        call_code="112-1",
        programme_id="coprosperity-112",
        pack_digest=desk.digest,
        title={"zh-Hant": "…", "en": "…"},
        parameters={"budget_twd": 20_000_000},
    )
    desk.pay_first()
    back = {"payment_id": named("payment-1"), "returned_on": "2023-08-12", "reason": "帳號錯誤"}
    desk.do("RecordBankReturn", MAKER, "2023-08-14", **back)
    desk.pay(1, "2024-01-05", "-again")
    return desk


def test_the_budget_of_the_call_is_what_contracts_commit(desk: Desk):
    sums = desk.query("ledger", programme="coprosperity-112")["balances"]
    assert sums["appropriation_twd"] == 20_000_000
    assert sums["available_twd"] == 18_500_000


@pytest.mark.parametrize(
    ("as_of", "committed", "payable", "paid", "returned"),
    [
        ("2023-04-17", 0, 0, 0, 0),
        ("2023-04-18", 1_500_000, 0, 0, 0),
        ("2023-07-26", 975_000, 525_000, 0, 0),
        ("2023-08-10", 975_000, 0, 525_000, 0),
        ("2023-08-12", 975_000, 0, 525_000, 525_000),
        ("2024-01-05", 975_000, 0, 1_050_000, 525_000),
    ],
)
def test_the_books_can_be_read_as_of_any_day(desk: Desk, as_of, committed, payable, paid, returned):
    sums = desk.query("balances", case_id=NUMBER, as_of=as_of)
    found = tuple(sums[f"{k}_twd"] for k in ("committed", "payable", "paid", "returned", "trial"))
    assert found == (committed, payable, paid, returned, 0)


def test_a_fiscal_year_holds_what_happened_in_it(desk: Desk):
    assert desk.query("ledger", fiscal_year=112)["balances"]["paid_twd"] == 525_000
    assert desk.query("ledger", fiscal_year=113)["balances"]["net_paid_twd"] == 525_000


def test_a_case_is_found_by_its_number_and_by_its_id(desk: Desk):
    by_number = desk.query("ledger", case=NUMBER)
    assert by_number == desk.query("ledger", case=str(CASE))
    assert by_number["rows"]


def test_a_rebuilt_journal_equals_the_live_one(desk: Desk):
    live = desk.query("ledger", case=NUMBER)
    desk.connection.execute(table.delete().where(table.c.case_id == str(CASE)))
    for recorded in desk.history():
        journal.project(desk.connection, recorded)
    assert desk.query("ledger", case=NUMBER) == live


def test_the_table_and_the_csv_show_every_line(desk: Desk):
    found = desk.query("ledger", case=NUMBER)
    text = as_csv_text(found["rows"])
    assert len(text.splitlines()) == len(found["rows"]) + 1
    assert text.splitlines()[0].startswith("day,case,programme,fiscal year")
    assert "2023-04-18,CP112-0001,coprosperity-112,112,ContractSigned,commitment,1500000,0" in text
    assert rows_table(found["rows"]).row_count == len(found["rows"])
    assert balances_table(found["balances"]).row_count == 8  # no budget among a case's lines
    assert [column.header for column in rows_table(found["rows"]).columns][:2] == [
        "日期\nday",
        "年度\nfiscal year",
    ]


def test_no_money_no_balance():
    assert set(balances([]).values()) == {0}
