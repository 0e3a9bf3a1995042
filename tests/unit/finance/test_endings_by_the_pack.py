"""What a pack says of endings: kinds of findings, whether a hearing is needed, what comes back."""

from __future__ import annotations

import pytest

from services.finance.domain import events as e
from shared.kernel.errors import DomainError, InvalidInput
from tests.support.finance_desk import Desk
from tests.support.finance_events import CASE, MAKER, OFFICER, UBN, named
from tests.support.spending_desk import B, SpendingDesk, party

FOUND = {"facts": "…", "rules": ["KI-SAN-01"]}


@pytest.fixture
def desk() -> SpendingDesk:
    desk = SpendingDesk()
    desk.seed([party(UBN, 600, lead=True), party(B, 400)])
    for ubn, net in ((UBN, 600), (B, 400)):
        desk.spend(f"v-{ubn}", "2024-10-01", net, ubn)
    desk.pass_checkpoint("interim", "2024-12-10")
    for no, ubn, amount in ((1, UBN, 300), (2, B, 200)):
        desk.review("interim", "2024-12-10", ubn)
        desk.pay(no, amount, "2024-12-20", ubn)
    return desk


def find(desk: Desk | SpendingDesk, kind: str = "breach") -> None:
    ids = {"finding_id": named("f"), "kind": kind}
    desk.do("OpenFinding", OFFICER, "2025-02-01", **ids, **FOUND, evidence=[])


def decide(desk: SpendingDesk, effect: str, day: str = "2025-03-03", **other):
    decision = {"effect": effect, "recover_twd": 0, "bar": False, "remedy": "…"}
    given = {**decision, **FOUND, **other}
    return desk.do("DecideSanction", OFFICER, day, finding_id=named("f"), **given)


def test_a_kind_the_programme_does_not_know_is_refused_and_the_known_are_named(desk):
    with pytest.raises(InvalidInput, match="breach, forged, seizure, abandoned"):
        find(desk, "sabotage")
    assert desk.of_type(e.FindingOpened) == []


def test_a_termination_is_heard_a_rescission_need_not_be(desk):
    find(desk)
    with pytest.raises(DomainError, match="written notice"):
        decide(desk, "terminate")
    decide(desk, "rescind")
    assert desk.contract.ended == "rescinded"


def test_every_party_owes_its_own(desk):
    find(desk)
    answer = decide(
        desk,
        "rescind",
        figures={"interest_twd": 7, "costs_twd": 0},
        figures_by_party={B: {"interest_twd": 5, "costs_twd": 9}},
    )
    assert [(row["party_ubn"], row["kind"], row["amount_twd"]) for row in answer["recoveries"]] == [
        (UBN, "subsidy", 300),
        (UBN, "interest", 7),
        (B, "subsidy", 200),
        (B, "interest", 5),
        (B, "costs", 9),
    ]
    assert desk.balance()["refundable_twd"] == 521


def test_an_amount_that_is_not_the_rules_is_refused(desk):
    find(desk)
    with pytest.raises(InvalidInput, match="give NT\\$500 to recover, not NT\\$499"):
        decide(desk, "rescind", recover_twd=499)
    decide(desk, "rescind", recover_twd=500)


def test_a_figure_nobody_declared_is_refused(desk):
    find(desk)
    with pytest.raises(InvalidInput) as refusal:
        decide(desk, "rescind", figures={"moon_phase": 3})
    assert refusal.value.field == "/figures/moon_phase"


def test_each_party_named_is_barred_and_a_bar_may_be_for_programme_years(desk):
    find(desk)
    notice = {**FOUND, "effects": ["停權"]}
    desk.do("GiveSanctionNotice", OFFICER, "2025-02-03", finding_id=named("f"), **notice)
    with pytest.raises(DomainError, match="no party"):
        decide(desk, "none", bar=True, barred_ubns=["87654320"])
    decide(desk, "none", bar=True, barred_ubns=[UBN, B])
    bars = desk.of_type(e.ApplicantBarred)
    assert [(bar.ubn, bar.years_roc) for bar in bars] == [(UBN, (115,)), (B, (115,))]
    assert len({bar.bar_id for bar in bars}) == 2


def test_penalties_and_interest_hold_up_the_settlement_and_no_payment(desk):
    overdraw = {"amount_twd": 100_000, "from_on": "2024-12-30", "until_on": "2025-02-28"}
    desk.do(
        "AssessOverdraw", MAKER, "2025-03-05", party_ubn=UBN, overdraw_id=named("o"), **overdraw
    )
    assert desk.contract.stops() == ()
    assert desk.contract.recoveries.any_open
    assert desk.contract.settlement() == ()


def test_a_finding_before_the_signing_stops_the_signing():
    desk = Desk()
    desk.select()
    desk.plan()
    desk.do("OpenFinding", OFFICER, "2023-04-15", finding_id=named("f"), kind="breach", **{
        **FOUND, "evidence": []
    })  # fmt: skip
    with pytest.raises(DomainError, match="stopped: breach"):
        desk.do(
            "SignContract", OFFICER, "2023-04-18", contract_number="112-1",
            exclusions_checked_on="2023-04-17",
        )  # fmt: skip
    assert "ContractSigned" not in desk.types()
    assert desk.query("balances", case_id=str(CASE))["committed_twd"] == 0
