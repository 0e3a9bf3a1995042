"""Applicants, bars, packs and calls: each is written once."""

from __future__ import annotations

from datetime import date

import pytest

from services.intake.domain.applicant import Applicant, BarRegister
from services.intake.domain.errors import AlreadyPublished
from services.intake.domain.programme import Call, Programme
from shared.kernel.errors import InvalidInput
from shared.kernel.ids import derived_id

BAR = derived_id("bar")
PACK = {"id": "example-1", "version": 1}


def folded(state, *events):
    for event in events:
        state = state.apply(event)
    return state


def bar(register: BarRegister):
    return register.register(
        BAR, "12345676", "example-1", date(2023, 6, 10), date(2025, 6, 10), "放棄執行"
    )


def test_an_organisation_registers_once_and_may_change_its_name():
    first = Applicant().register("12345676", "共好資訊", {})
    held = folded(Applicant(), *first)
    assert held.register("12345676", "共好資訊", {}) == ()
    assert held.register("12345676", "共好雲端", {}) != ()


@pytest.mark.parametrize("ubn", ["12345678", "1234567", "00000000", "１２３４５６７６", ""])
def test_a_number_with_a_wrong_check_sum_is_refused(ubn):
    with pytest.raises(InvalidInput, match="check sum"):
        Applicant().register(ubn, "共好資訊", {})


def test_a_bar_is_noted_once_and_lifted_once():
    noted = bar(BarRegister())
    held = folded(BarRegister(), *noted)
    assert bar(held) == ()
    lifted = held.lift(BAR, "12345676", "撤銷")
    assert folded(held, *lifted).bars == ()
    assert folded(held, *lifted).lift(BAR, "12345676", "撤銷") == ()


def test_a_pack_version_is_published_once_and_never_with_other_content():
    first = Programme().publish(PACK, "a" * 64)
    held = folded(Programme(), *first)
    assert held.publish(PACK, "a" * 64) == ()
    with pytest.raises(AlreadyPublished, match="example-1 v1"):
        held.publish(PACK, "b" * 64)
    assert held.publish({**PACK, "version": 2}, "b" * 64) != ()


def test_a_call_is_published_once():
    call_id = derived_id("call")
    (published,) = Call().publish(call_id, "112-1", PACK, "a" * 64, {}, {})
    with pytest.raises(AlreadyPublished, match="112-1"):
        folded(Call(), published).publish(call_id, "112-1", PACK, "a" * 64, {}, {})
