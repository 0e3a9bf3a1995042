"""Signing: the window, its one extension, the reminder, the lapse, the signature."""

from __future__ import annotations

from datetime import date

import pytest

from services.finance.domain import events as e
from services.finance.domain.errors import NotInState, NotYet, UnknownContract, WrongAmount
from services.finance.projections.tables import enterprises
from shared.bus.door import do
from shared.kernel.envelope import CommandEnvelope
from shared.kernel.errors import NotPermitted, RefusedByRules, StaleVersion
from tests.support.finance_desk import Desk
from tests.support.finance_events import (
    APPLICANT,
    CASE,
    CHECKED,
    CLOCK,
    NUMBER,
    OFFICER,
    SIGNED,
    STRANGER,
    at,
    file_opened,
    folded,
    kinds,
    named,
    plan_submitted,
    signed,
)

DUE = date(2023, 4, 20)


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.select()
    return desk


def test_the_window_counts_from_the_announcement(desk: Desk):
    opened = desk.history()[0].event
    assert (opened.signing_due_on, opened.reminder_on) == (DUE, date(2023, 4, 13))


def test_a_selection_heard_twice_opens_one_file(desk: Desk):
    desk.select()
    assert desk.types() == ["ContractFileOpened"]


def test_the_reminder_goes_out_on_its_day_and_the_window_closes_after_its_last(desk: Desk):
    assert desk.pass_day("2023-04-12") == ["RemindSigning"]  # due at the start of the 13th
    assert desk.pass_day("2023-04-19") == []
    assert desk.pass_day("2023-04-20") == ["CloseSigningWindow"]
    assert desk.types() == ["ContractFileOpened", "SigningReminderSent", "SigningWindowClosed"]


def test_an_extension_moves_the_window_once(desk: Desk):
    answer = desk.do("ExtendSigning", OFFICER, "2023-04-18", reason="補件")
    assert answer["signing_due_on"] == "2023-04-27"
    desk.do("ExtendSigning", OFFICER, "2023-04-19", reason="補件")
    assert desk.types().count("SigningExtended") == 1
    desk.pass_day("2023-04-26")
    assert "SigningWindowClosed" not in desk.types()
    desk.pass_day("2023-04-27")
    assert desk.types()[-1] == "SigningWindowClosed"


def test_a_second_extension_to_another_day_is_refused():
    contract = folded(
        file_opened(), e.SigningExtended(case_id=CASE, until=date(2023, 4, 27), reason="…")
    )
    with pytest.raises(NotInState):
        contract.signing.extend(date(2023, 5, 4), "…", 1)


def test_a_selection_lapses_the_day_after_the_window_once_reminded():
    reminded = e.SigningReminderSent(case_id=CASE, sent_on=date(2023, 4, 13), due_on=DUE)
    contract = folded(file_opened(), reminded)
    with pytest.raises(NotYet):
        contract.signing.lapse(DUE, "逾期")
    assert kinds(contract.signing.lapse(date(2023, 4, 21), "逾期")) == ["ContractForfeited"]


def test_without_a_reminder_nothing_lapses():
    with pytest.raises(NotYet):
        folded(file_opened()).signing.lapse(date(2023, 4, 21), "逾期")


def test_what_has_lapsed_lapses_no_second_time():
    forfeited = e.ContractForfeited(case_id=CASE, case_number=NUMBER, reason="…")
    contract = folded(file_opened(), forfeited)
    assert contract.signing.lapse(date(2023, 5, 1), "…") == ()


def test_the_same_plan_again_changes_nothing(desk: Desk):
    desk.plan()
    desk.plan("2023-04-15")
    assert desk.types().count("ContractPlanSubmitted") == 1


def test_only_the_case_s_own_applicant_hands_in_the_plan(desk: Desk):
    with pytest.raises(NotPermitted):
        desk.do(
            "AbandonContract",
            STRANGER,
            "2023-04-18",
            reason="…",
            force_majeure_claimed=False,
            proofs=[],
        )


def test_nobody_else_signs(desk: Desk):
    desk.plan()
    with pytest.raises(NotPermitted):
        desk.do("SignContract", APPLICANT, "2023-04-18", **CHECKED)


def test_signing_without_a_plan_is_refused_by_rule_and_recorded(desk: Desk):
    with pytest.raises(RefusedByRules) as refusal:
        desk.do("SignContract", OFFICER, "2023-04-18", **CHECKED)
    assert refusal.value.rule == "CP-CON-01"
    assert desk.types() == ["ContractFileOpened", "CommandRefused"]


def test_a_plan_after_the_window_signs_only_when_it_was_extended(desk: Desk):
    desk.plan("2023-04-21")
    with pytest.raises(RefusedByRules) as refusal:
        desk.do("SignContract", OFFICER, "2023-04-22", **CHECKED)
    assert refusal.value.rule == "CP-CON-01"
    desk.do("ExtendSigning", OFFICER, "2023-04-22", reason="…")
    desk.do("SignContract", OFFICER, "2023-04-24", **CHECKED)
    assert desk.contract.state == "signed"


def test_a_contract_is_signed_once(desk: Desk):
    desk.plan()
    for day in ("2023-04-18", "2023-04-19"):
        desk.do(
            "SignContract", OFFICER, day, contract_number="1", exclusions_checked_on="2023-04-17"
        )
    assert desk.types().count("ContractSigned") == 1


def test_the_first_instalment_is_rounded_down(desk: Desk):
    desk.plan()
    answer = desk.do("SignContract", OFFICER, "2023-04-18", **CHECKED)
    assert [row["amount_twd"] for row in answer["instalments"]] == [525_000, 975_000]


def test_a_contract_one_dollar_off_the_approved_amount_is_refused():
    contract = folded(file_opened(), plan_submitted())
    with pytest.raises(WrongAmount):
        contract.sign(signed(1_500_001, 525_000))


def test_instalments_that_do_not_add_up_are_refused():
    contract = folded(file_opened(), plan_submitted())
    rows = ({"no": 1, "checkpoint": "cp1", "amount_twd": 1_499_999},)
    with pytest.raises(WrongAmount):
        contract.sign(signed(instalments=rows))


def test_another_case_with_the_same_enterprise_blocks_the_signature(desk: Desk):
    taken = {"case_id": str(named("other")), "case_number": "CP112-0002", "ubn": "11111111"}
    desk.connection.execute(
        enterprises.insert().values(call_id=str(file_opened().call_id), **taken)
    )
    desk.plan()
    with pytest.raises(RefusedByRules) as refusal:
        desk.do("SignContract", OFFICER, "2023-04-18", **CHECKED)
    assert refusal.value.rule == "CP-CON-18"
    assert "CP112-0002" in refusal.value.zh


def test_a_revoked_selection_stops_the_file_before_the_signature(desk: Desk):
    desk.hear(
        "review",
        "SelectionRevoked",
        "2023-04-15",
        case_id=str(CASE),
        case_number=NUMBER,
        reason="不實",
        decided_by={},
    )
    assert desk.contract.state == "stopped"


def test_a_revoked_selection_of_a_signed_contract_waits_for_its_hearing(desk: Desk):
    desk.plan()
    desk.do("SignContract", OFFICER, "2023-04-18", **CHECKED)
    desk.hear(
        "review",
        "SelectionRevoked",
        "2023-06-01",
        case_id=str(CASE),
        case_number=NUMBER,
        reason="不實",
        decided_by={},
    )
    assert desk.contract.stops() == ("selection-revoked",)
    assert desk.types().count("InstalmentHeld") == 2


def test_a_verified_letter_is_noted_once_and_an_unverified_one_never(desk: Desk):
    for verified in (False, True, True):
        desk.hear(
            "intake",
            "ProposalSupplemented",
            "2023-05-01",
            case_id=str(CASE),
            case_number=NUMBER,
            kind="letter",
            ubn="33333333",
            verified=verified,
            after_grace=True,
        )
    assert desk.types().count("LetterNoted") == 1


def test_a_letter_of_a_case_that_was_not_selected_is_not_our_business():
    desk = Desk()
    desk.hear(
        "intake",
        "ProposalSupplemented",
        "2023-03-17",
        case_id=str(CASE),
        case_number=NUMBER,
        kind="letter",
        ubn="33333333",
        verified=True,
        after_grace=False,
    )
    assert desk.types() == []


def test_a_case_nobody_selected_has_no_contract():
    with pytest.raises(UnknownContract):
        Desk().do("SignContract", OFFICER, "2023-04-18", **CHECKED)


def test_who_decided_on_an_older_version_is_told(desk: Desk):
    desk.plan()
    envelope = CommandEnvelope(
        command_id=named("stale"),
        name="SignContract",
        actor=OFFICER,
        received_at=at("2023-04-18"),
        payload={"case_id": str(CASE), "contract_number": "1"},
        expected_version=1,
    )
    with pytest.raises(StaleVersion):
        do(desk.core, envelope)


def test_a_late_window_timer_of_a_signed_contract_does_nothing():
    contract = folded(*SIGNED)
    assert contract.signing.close_window(date(2023, 5, 1)) == ()
    assert contract.signing.remind(date(2023, 5, 1)) == ()


def test_the_clock_alone_opens_files(desk: Desk):
    with pytest.raises(NotPermitted):
        desk.do("RemindSigning", OFFICER, "2023-04-13")
    desk.do("RemindSigning", CLOCK, "2023-04-13")
    assert desk.types()[-1] == "SigningReminderSent"
