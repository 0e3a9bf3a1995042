"""A contract from the selection to its settlement, through the real handlers and rules."""

from __future__ import annotations

import pytest

from shared.kernel.errors import RefusedByRules
from tests.support.finance_desk import Desk
from tests.support.finance_events import (
    AMOUNT,
    APPLICANT,
    CASE,
    CHECKER,
    MAKER,
    NUMBER,
    OFFICER,
    named,
)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_paid_in_two_instalments_and_settled_when_the_case_is_closed(desk: Desk):
    desk.pay_first()
    desk.pass_checkpoint(2, "2023-12-10")
    desk.claim(2, "2023-12-11")
    desk.pay(2, "2023-12-15")
    desk.hear(
        "monitoring",
        "CaseClosed",
        "2023-12-20",
        case_id=str(CASE),
        case_number=NUMBER,
        closed_on="2023-12-20",
        follow_up_ends_on="2026-12-20",
        decided_by={},
    )
    balances = desk.query("balances", case_id=NUMBER)
    assert balances["paid_twd"] == AMOUNT
    assert balances["committed_twd"] == balances["payable_twd"] == balances["trial_twd"] == 0
    types = [type for type, _ in desk.published()]
    assert types == [
        "ContractSigned",
        "InstalmentApproved",
        "FundsDisbursed",
        "InstalmentApproved",
        "FundsDisbursed",
        "ContractSettled",
    ]
    assert desk.contract.state == "settled"


def test_terminated_for_breach_after_the_hearing_and_the_money_recovered(desk: Desk):
    desk.pay_first()
    desk.do(
        "OpenFinding",
        OFFICER,
        "2023-10-05",
        finding_id=named("f"),
        kind="breach",
        facts="未執行",
        rules=["CP-SAN-02"],
        evidence=[],
    )
    desk.do(
        "GiveSanctionNotice",
        OFFICER,
        "2023-10-06",
        finding_id=named("f"),
        facts="未執行",
        rules=["CP-SAN-02"],
        effects=["terminate"],
    )
    desk.do("AnswerSanctionNotice", APPLICANT, "2023-10-10", finding_id=named("f"), text="…")
    decided = desk.do(
        "DecideSanction",
        OFFICER,
        "2023-10-16",
        finding_id=named("f"),
        effect="terminate",
        recover_twd=525_000,
        bar=False,
        facts="未執行",
        rules=["CP-SAN-02"],
        remedy="復查",
    )
    demand = desk.do(
        "DemandRecovery",
        MAKER,
        "2023-10-17",
        recovery_id=decided["recovery_id"],
        amount_twd=525_000,
        account="004-9",
    )
    assert demand["due_on"] == "2023-11-16"
    desk.do(
        "ApproveRecovery",
        CHECKER,
        "2023-10-18",
        recovery_id=decided["recovery_id"],
        digest=demand["digest"],
    )
    assert desk.query("balances", case_id=NUMBER)["outstanding_twd"] == 525_000
    desk.do(
        "ReceiveRecovery",
        MAKER,
        "2023-11-10",
        recovery_id=decided["recovery_id"],
        amount_twd=525_000,
        received_on="2023-11-10",
        bank_reference="R-1",
    )
    balances = desk.query("balances", case_id=NUMBER)
    assert (balances["recovered_twd"], balances["outstanding_twd"], balances["committed_twd"]) == (
        525_000,
        0,
        0,
    )
    assert desk.contract.state == "settled"
    desk.pass_day("2023-12-31")
    assert "RecoveryOverdue" not in desk.types()


def test_abandoned_without_force_majeure_heard_recovered_and_barred(desk: Desk):
    desk.pay_first()
    desk.do(
        "AbandonContract",
        APPLICANT,
        "2023-09-01",
        reason="經營困難",
        force_majeure_claimed=False,
        proofs=[],
    )
    answer = desk.do(
        "DecideForceMajeure", OFFICER, "2023-09-05", force_majeure=False, reason="經營困難"
    )
    finding = answer["finding_id"]
    desk.do(
        "GiveSanctionNotice",
        OFFICER,
        "2023-09-06",
        finding_id=finding,
        facts="放棄",
        rules=["CP-SAN-03"],
        effects=["停權"],
    )
    decided = desk.do(
        "DecideSanction",
        OFFICER,
        "2023-09-14",
        finding_id=finding,
        effect="none",
        recover_twd=525_000,
        bar=True,
        facts="放棄",
        rules=["CP-SAN-03"],
        remedy="復查",
    )
    assert decided["bar_until"] == "2025-09-14"
    assert desk.contract.stops() == ("recovery",)
    assert "ApplicantBarred" in desk.types()


def test_a_claim_before_the_checkpoint_is_accepted_is_refused_by_rule(desk: Desk):
    desk.sign()
    with pytest.raises(RefusedByRules) as refusal:
        desk.claim()
    assert refusal.value.rule == "CP-FIN-12"
    assert desk.types()[-1] == "CommandRefused"


def decided(desk: Desk, day: str, **changes: object) -> object:
    """DecideSanction on the finding, as the demo's officer would give it."""
    decision = {"effect": "terminate", "recover_twd": 0, "bar": False, "facts": "不實"}
    fixed = {"rules": ["CP-SAN-01"], "remedy": "復查"}
    return desk.do("DecideSanction", OFFICER, day, **{**decision, **fixed, **changes})


def test_no_sanction_without_notice_or_inside_the_answer_period_and_the_rule_says_so(desk: Desk):
    desk.pay_first()
    finding = {"finding_id": named("finding")}
    desk.do(
        "OpenFinding",
        OFFICER,
        "2023-09-01",
        **finding,
        kind="breach",
        facts="不實",
        rules=["CP-SAN-02"],
        evidence=[],
    )
    with pytest.raises(RefusedByRules) as refusal:
        decided(desk, "2023-09-02", **finding)
    assert refusal.value.rule == "CP-SAN-14"
    notice = {"facts": "不實", "rules": ["CP-SAN-02"], "effects": ["終止契約"]}
    desk.do("GiveSanctionNotice", OFFICER, "2023-09-03", **finding, **notice)
    with pytest.raises(RefusedByRules) as refusal:
        decided(desk, "2023-09-10", **finding)
    assert refusal.value.rule == "CP-SAN-14"
    assert "CommandRefused" in desk.types()
    decided(desk, "2023-09-11", **finding)
    assert desk.contract.ended == "terminated"


def test_a_revoked_selection_ends_the_contract_and_never_lets_it_go_on(desk: Desk):
    desk.pay_first()
    desk.hear(
        "review",
        "SelectionRevoked",
        "2023-09-01",
        case_id=str(CASE),
        case_number=NUMBER,
        reason="不實",
        decided_by={},
    )
    (finding,) = desk.contract.sanctions.findings
    notice = {"facts": "不實", "rules": ["CP-SAN-01"], "effects": ["終止契約"]}
    desk.do("GiveSanctionNotice", OFFICER, "2023-09-02", finding_id=str(finding), **notice)
    with pytest.raises(RefusedByRules) as refusal:
        decided(desk, "2023-09-11", finding_id=str(finding), effect="none")
    assert refusal.value.rule == "CP-SAN-01"
    decided(desk, "2023-09-11", finding_id=str(finding))
    assert desk.contract.ended == "terminated"
