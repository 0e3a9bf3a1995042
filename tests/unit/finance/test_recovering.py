"""Money comes back: demanded by two people, in parts, overdue, written off."""

from __future__ import annotations

from datetime import date

import pytest

from services.finance.domain import events as e
from services.finance.domain.errors import (
    ApprovedSomethingElse,
    SamePerson,
    WrongAmount,
)
from tests.support.finance_desk import Desk
from tests.support.finance_endings import DEMANDED, opened_recovery, proposed
from tests.support.finance_events import (
    CASE,
    CHECKER,
    MAKER,
    NUMBER,
    OFFICER,
    PAID_FIRST,
    finding_opened,
    folded,
    kinds,
    named,
)


@pytest.mark.parametrize("amount_twd", [0, 525_001])
def test_a_demand_outside_what_was_decided_is_refused(amount_twd: int):
    with pytest.raises(WrongAmount):
        folded(*PAID_FIRST, opened_recovery()).demand(proposed(amount_twd))


def test_a_demand_above_what_is_paid_is_refused():
    with pytest.raises(WrongAmount):
        folded(*PAID_FIRST, opened_recovery(600_000)).demand(proposed(525_001))


def test_a_demand_is_approved_by_another_person_and_exactly_as_it_stands():
    recoveries = folded(*PAID_FIRST, opened_recovery(), proposed()).recoveries
    on = date(2023, 10, 18)
    with pytest.raises(SamePerson):
        recoveries.approve(named("recovery"), "f" * 64, "mia", NUMBER, 525_000, on)
    with pytest.raises(ApprovedSomethingElse):
        recoveries.approve(named("recovery"), "0" * 64, "carl", NUMBER, 525_000, on)
    events = recoveries.approve(named("recovery"), "f" * 64, "carl", NUMBER, 525_000, on)
    assert kinds(events) == ["RecoveryDemanded"]


def test_money_comes_back_in_parts_and_never_more_than_is_outstanding():
    on = date(2023, 11, 1)
    recoveries = folded(*DEMANDED).recoveries
    (part,) = recoveries.receive(named("recovery"), 500_000, "R-1", NUMBER, on)
    assert part.outstanding_twd == 25_000
    recoveries = folded(*DEMANDED, part).recoveries
    assert recoveries.receive(named("recovery"), 500_000, "R-1", NUMBER, on) == ()
    with pytest.raises(WrongAmount):
        recoveries.receive(named("recovery"), 25_001, "R-2", NUMBER, on)
    (rest,) = recoveries.receive(named("recovery"), 25_000, "R-2", NUMBER, on)
    assert rest.outstanding_twd == 0
    assert not folded(*DEMANDED, part, rest).recoveries.any_open


def test_what_is_outstanding_after_the_due_day_is_overdue_once():
    (overdue,) = folded(*DEMANDED).recoveries.remind(named("recovery"))
    assert (overdue.outstanding_twd, overdue.legal_measures) == (525_000, True)
    assert folded(*DEMANDED, overdue).recoveries.remind(named("recovery")) == ()


def test_a_write_off_takes_two_people():
    recoveries = folded(*DEMANDED).recoveries
    (write_off,) = recoveries.propose_write_off(named("recovery"), "113-審-1", "mia")
    recoveries = folded(*DEMANDED, write_off).recoveries
    with pytest.raises(SamePerson):
        recoveries.approve_write_off(named("recovery"), "mia", date(2025, 1, 2))
    (written_off,) = recoveries.approve_write_off(named("recovery"), "carl", date(2025, 1, 2))
    assert written_off.amount_twd == 525_000


def test_an_unpaid_recovery_is_overdue_on_the_day_after_its_due_day():
    desk = Desk()
    desk.pay_first()
    finding = {"kind": "breach", "facts": "…", "rules": ["CP-SAN-02"], "evidence": []}
    desk.do("OpenFinding", OFFICER, "2023-10-05", finding_id=named("f"), **finding)
    notice = {"facts": "…", "rules": ["CP-SAN-02"], "effects": ["終止"]}
    desk.do("GiveSanctionNotice", OFFICER, "2023-10-06", finding_id=named("f"), **notice)
    words = {"facts": "…", "rules": ["CP-SAN-02"], "remedy": "復查"}
    answer = desk.do(
        "DecideSanction",
        OFFICER,
        "2023-10-16",
        finding_id=named("f"),
        effect="rescind",
        recover_twd=525_000,
        bar=False,
        **words,
    )
    recovery = answer["recovery_id"]
    demand = desk.do(
        "DemandRecovery",
        MAKER,
        "2023-10-17",
        recovery_id=recovery,
        amount_twd=525_000,
        account="004-9",
    )
    approval = {"recovery_id": recovery, "digest": demand["digest"]}
    desk.do("ApproveRecovery", CHECKER, "2023-10-18", **approval)
    desk.pass_day("2023-11-15")
    assert "RecoveryOverdue" not in desk.types()
    desk.pass_day("2023-11-16")
    assert desk.types()[-1] == "RecoveryOverdue"
    desk.do("WriteOffRecovery", MAKER, "2024-02-01", recovery_id=recovery, authority="113-1")
    desk.do("ApproveWriteOff", CHECKER, "2024-02-02", recovery_id=recovery)
    before = desk.query("balances", case_id=NUMBER, as_of="2024-02-01")
    after = desk.query("balances", case_id=NUMBER, as_of="2024-02-02")
    assert (before["outstanding_twd"], after["written_off_twd"]) == (525_000, 525_000)
    assert desk.contract.state == "settled"


def test_a_recovery_after_the_settlement_opens_the_contract_again():
    ended = e.ContractTerminated(case_id=CASE, case_number=NUMBER, reason="…")
    settled = e.ContractSettled(case_id=CASE, case_number=NUMBER, paid_twd=0, recovered_twd=0)
    contract = folded(*PAID_FIRST, ended, settled)
    assert contract.state == "settled"
    assert contract.apply(finding_opened("false-data")).state == "terminated"
