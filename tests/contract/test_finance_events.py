"""What finance publishes keeps its contract and looks like the examples given to its listeners."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import finance
from shared.contracts.catalogue import check_data
from tests.support.finance_desk import Desk
from tests.support.finance_events import APPLICANT, CASE, CHECKER, MAKER, NUMBER, OFFICER, named

EXAMPLES = Path(finance.__file__).parent / "examples"
OWN = set(finance.EVENTS) - {"StepTaken"}  # of which test_steps.py speaks


@pytest.fixture(scope="module")
def published() -> Mapping[str, Mapping[str, Any]]:
    """One event of each type from four contracts, by type."""
    found = [*paid_and_settled(), *barred(), *forfeited(), *rescinded(), *terminated()]
    return dict(found)


def paid_and_settled():
    desk = Desk()
    desk.sign()
    desk.hear(
        "monitoring",
        "CheckpointFailed",
        "2023-07-20",
        case_id=str(CASE),
        case_number=NUMBER,
        checkpoint="cp1",
        progress_bp=3000,
        reasons=["CP-MON-04"],
        cure_by="2023-08-15",
        decided_by={},
    )
    desk.pass_checkpoint()
    desk.claim()
    desk.pay()
    desk.do(
        "RecordBankReturn",
        MAKER,
        "2023-08-12",
        payment_id=named("payment-1"),
        returned_on="2023-08-12",
        reason="帳號錯誤",
    )
    desk.pay(1, "2023-08-14", "-again")
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
    return desk.published()


def barred():
    desk = Desk()
    desk.pay_first()
    given_up = {"reason": "經營困難", "force_majeure_claimed": False, "proofs": []}
    desk.do("AbandonContract", APPLICANT, "2023-09-01", **given_up)
    decided = {"force_majeure": False, "reason": "經營困難"}
    finding = desk.do("DecideForceMajeure", OFFICER, "2023-09-05", **decided)["finding_id"]
    answer = heard(desk, finding, effect="none", recover_twd=525_000, bar=True)
    demand = desk.do(
        "DemandRecovery",
        MAKER,
        "2023-10-17",
        recovery_id=answer["recovery_id"],
        amount_twd=525_000,
        account="004-9",
    )
    approval = {"recovery_id": answer["recovery_id"], "digest": demand["digest"]}
    desk.do("ApproveRecovery", CHECKER, "2023-10-18", **approval)
    back = {"amount_twd": 525_000, "received_on": "2023-11-01", "bank_reference": "R-1"}
    desk.do("ReceiveRecovery", MAKER, "2023-11-01", recovery_id=answer["recovery_id"], **back)
    desk.do("LiftBar", OFFICER, "2024-01-05", bar_id=answer["bar_id"], reason="訴願撤銷")
    return desk.published()


def forfeited():
    desk = Desk()
    desk.select()
    desk.pass_day("2023-04-25")
    desk.do("LapseSelection", OFFICER, "2023-04-26", reason="逾期未簽約")
    return desk.published()


def rescinded():
    desk = Desk()
    desk.sign()
    heard(desk, found(desk), effect="rescind", recover_twd=0, bar=False)
    return desk.published()


def terminated():
    desk = Desk()
    desk.sign()
    heard(desk, found(desk), effect="terminate", recover_twd=0, bar=False)
    return desk.published()


def found(desk: Desk) -> Any:
    finding = {"kind": "breach", "facts": "未執行", "rules": ["CP-SAN-02"], "evidence": []}
    desk.do("OpenFinding", OFFICER, "2023-10-05", finding_id=named("f"), **finding)
    return named("f")


def heard(desk: Desk, finding: Any, **measures: Any) -> Mapping[str, Any]:
    notice = {"facts": "事實", "rules": ["CP-SAN-02"], "effects": ["處分"]}
    desk.do("GiveSanctionNotice", OFFICER, "2023-10-06", finding_id=finding, **notice)
    words = {"facts": "事實", "rules": ["CP-SAN-02"], "remedy": "復查"}
    return desk.do("DecideSanction", OFFICER, "2023-10-16", finding_id=finding, **words, **measures)


@pytest.mark.parametrize("type", sorted(OWN))
def test_an_example_keeps_the_contract(type: str):
    check_data("finance", type, example(type))


@pytest.mark.parametrize("type", sorted(OWN))
def test_what_is_published_has_the_shape_of_the_example(type: str, published):
    check_data("finance", type, published[type])
    assert shape(published[type]) == shape(example(type))


def test_there_is_no_event_without_an_example_and_none_that_is_not_published(published):
    assert set(published) == OWN


def test_accounts_and_bank_references_stay_inside(published):
    text = json.dumps(dict(published), ensure_ascii=False)
    assert "004-" not in text
    assert "B-1" not in text


def test_a_bar_names_its_last_day(published):
    assert published["ApplicantBarred"]["decided_on"] == "2023-10-16"
    assert published["ApplicantBarred"]["until"] == "2025-10-16"


def test_who_decided_can_be_asked_why(published):
    decided_by = published["ContractSigned"]["decided_by"]
    assert decided_by["moment"] == "contract"
    assert decided_by["values"]["instalment_first_twd"] == 525_000


def example(type: str) -> dict[str, Any]:
    path = EXAMPLES / f"{type}.v1.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def shape(data: Mapping[str, Any]) -> dict[str, Any]:
    """Keys and kinds of values; of a list, the keys of its first row."""
    return {key: _kind(value) for key, value in data.items()}


def _kind(value: Any) -> Any:
    if isinstance(value, list):
        return [sorted(value[0]) if value and isinstance(value[0], dict) else "item"]
    return type(value).__name__
