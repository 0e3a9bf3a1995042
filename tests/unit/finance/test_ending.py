"""How contracts end: abandonment, the hearing, its decision, bars, settlement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.finance.domain import ending
from services.finance.domain import events as e
from services.finance.domain.errors import (
    AnswerPeriodRunning,
    IdReused,
    NotInState,
    NotYet,
    UnknownPart,
    WrongAmount,
)
from shared.kernel.errors import NotPermitted, RefusedByRules
from tests.support.finance_desk import Desk
from tests.support.finance_endings import ANSWER_BY, HEARD, decided, declared, measures
from tests.support.finance_events import (
    AMOUNT,
    APPLICANT,
    CASE,
    NUMBER,
    OFFICER,
    PAID_FIRST,
    SIGNED,
    STRANGER,
    UBN,
    at,
    became_payable,
    file_opened,
    finding_opened,
    folded,
    kinds,
    named,
    notice_given,
)


def test_an_abandonment_is_declared_once_and_stops_the_payments():
    contract = folded(*PAID_FIRST)
    assert kinds(ending.declare_abandonment(contract, declared())) == ["AbandonmentDeclared"]
    contract = folded(*PAID_FIRST, declared())
    assert ending.declare_abandonment(contract, declared()) == ()
    assert contract.stops() == ("abandonment",)


def test_nothing_is_abandoned_after_closing():
    closed = e.ClosingNoted(case_id=CASE, closed_on=date(2023, 12, 20))
    with pytest.raises(NotInState):
        ending.declare_abandonment(folded(*PAID_FIRST, closed), declared())


def test_nothing_is_abandoned_that_was_not_signed():
    with pytest.raises(NotInState):
        ending.declare_abandonment(folded(file_opened()), declared())


def test_without_force_majeure_nothing_more_is_paid_and_a_finding_opens():
    contract = folded(*SIGNED, became_payable(), declared())
    events = ending.decide_abandonment(
        contract, force_majeure=False, finding=finding_opened("abandoned"), reason="…"
    )
    assert kinds(events) == [
        "ContractAbandoned",
        "InstalmentCancelled",
        "InstalmentCancelled",
        "FindingOpened",
    ]


def test_with_force_majeure_what_became_payable_is_still_paid():
    contract = folded(*SIGNED, became_payable(), declared())
    events = ending.decide_abandonment(
        contract, force_majeure=True, finding=finding_opened("abandoned"), reason="…"
    )
    assert kinds(events) == ["ContractAbandoned", "InstalmentCancelled"]
    after = folded(*SIGNED, became_payable(), declared(), *events)
    assert after.flowing().instalments.get(1).state == "payable"
    assert after.payments.instalments.get(2).state == "cancelled"


def test_a_stranger_abandons_nothing():
    desk = Desk()
    desk.sign()
    with pytest.raises(NotPermitted):
        desk.do(
            "AbandonContract",
            STRANGER,
            "2023-09-01",
            reason="…",
            force_majeure_claimed=False,
            proofs=[],
        )


def test_force_majeure_without_proof_fails_by_rule():
    desk = Desk()
    desk.sign()
    claim = {"reason": "颱風", "force_majeure_claimed": True, "proofs": []}
    desk.do("AbandonContract", APPLICANT, "2023-09-01", **claim)
    with pytest.raises(RefusedByRules) as refusal:
        desk.do("DecideForceMajeure", OFFICER, "2023-09-05", force_majeure=True, reason="颱風")
    assert refusal.value.rule == "CP-SAN-07"
    assert desk.contract.abandonment is not None


def test_a_finding_holds_every_open_instalment_and_a_repeat_changes_nothing():
    contract = folded(*PAID_FIRST)
    events = contract.open_finding(finding_opened())
    assert kinds(events) == ["FindingOpened", "InstalmentHeld"]
    assert folded(*PAID_FIRST, *events).open_finding(finding_opened()) == ()


def test_the_same_finding_with_other_facts_is_refused():
    with pytest.raises(IdReused):
        folded(*HEARD).open_finding(replace(finding_opened(), facts="else"))


def test_no_decision_without_a_notice():
    with pytest.raises(NotYet):
        ending.decide_sanction(folded(*PAID_FIRST, finding_opened()), decided(), measures())


def test_no_decision_inside_the_answer_period_until_the_party_has_answered():
    with pytest.raises(AnswerPeriodRunning):
        ending.decide_sanction(folded(*HEARD), decided(), measures(ANSWER_BY))
    answer = e.SanctionAnswered(
        case_id=CASE,
        finding_id=named("finding"),
        text="…",
        answered_at=at("2023-10-10"),
        late=False,
    )
    events = ending.decide_sanction(folded(*HEARD, answer), decided(), measures(ANSWER_BY))
    assert "ContractTerminated" in kinds(events)


def test_the_day_after_the_answer_period_is_early_enough():
    events = ending.decide_sanction(folded(*HEARD), decided(), measures(date(2023, 10, 14)))
    assert kinds(events) == [
        "SanctionDecided",
        "ContractTerminated",
        "InstalmentCancelled",
        "RecoveryOpened",
    ]


def test_a_finding_is_decided_once():
    contract = folded(*HEARD, decided())
    with pytest.raises(NotInState):
        ending.decide_sanction(contract, decided(), measures())


def test_a_late_answer_is_kept_and_marked():
    (answer,) = folded(*HEARD).sanctions.answer(named("finding"), "…", at("2023-10-14"))
    assert answer.late
    (answer,) = folded(*HEARD).sanctions.answer(named("finding"), "…", at("2023-10-13", 23))
    assert not answer.late


def test_a_dismissed_finding_lets_the_payments_flow_again():
    nothing = decided(effect="none", recover_twd=0)
    events = ending.decide_sanction(folded(*HEARD), nothing, measures())
    assert kinds(events) == ["SanctionDecided", "PaymentsResumed"]
    contract = folded(*HEARD, *events)
    assert contract.stops() == ()
    assert contract.payments.instalments.get(2).held_for is None


def test_payments_stay_stopped_while_another_finding_is_open():
    second = finding_opened("false-data", finding_id=named("second"))
    nothing = decided(effect="none", recover_twd=0)
    events = ending.decide_sanction(folded(*HEARD, second), nothing, measures())
    assert kinds(events) == ["SanctionDecided"]


def test_never_more_is_recovered_than_was_paid():
    with pytest.raises(WrongAmount):
        ending.decide_sanction(folded(*HEARD), decided(recover_twd=525_001), measures())


def test_a_terminated_contract_is_not_terminated_again():
    facts = (*HEARD, decided(), e.ContractTerminated(case_id=CASE, case_number=NUMBER, reason="…"))
    again = (*facts, finding_opened(finding_id=named("second")))
    notice = notice_given(finding_id=named("second"))
    with pytest.raises(NotInState):
        ending.decide_sanction(
            folded(*again, notice), decided(finding_id=named("second")), measures()
        )


def test_a_bar_lasts_to_its_anniversary_and_is_lifted_by_a_new_event():
    barred = e.ApplicantBarred(
        case_id=CASE,
        case_number=NUMBER,
        bar_id=named("bar"),
        ubn=UBN,
        programme_id="coprosperity-112",
        decided_on=date(2023, 10, 16),
        until=date(2025, 10, 16),
        reason="…",
    )
    contract = folded(*PAID_FIRST, barred)
    (lifted,) = contract.sanctions.lift_bar(named("bar"), NUMBER, "訴願撤銷")
    assert folded(*PAID_FIRST, barred, lifted).sanctions.lift_bar(named("bar"), NUMBER, "…") == ()
    with pytest.raises(UnknownPart):
        contract.sanctions.lift_bar(named("other"), NUMBER, "…")


def test_a_closed_case_settles_only_when_everything_is_paid():
    closed = e.ClosingNoted(case_id=CASE, closed_on=date(2023, 12, 20))
    assert folded(*PAID_FIRST, closed).settlement() == ()
    cancelled = e.InstalmentCancelled(
        case_id=CASE,
        instalment_no=2,
        amount_twd=AMOUNT - 525_000,
        was_payable=False,
        reason="…",
    )
    (settled,) = folded(*PAID_FIRST, closed, cancelled).settlement()
    assert settled.paid_twd == 525_000
