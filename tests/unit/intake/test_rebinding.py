"""A case is moved to a later version that has all it uses, and while it runs."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest

from services.intake.domain import events as e
from services.intake.domain.errors import CannotRebind
from services.intake.domain.proposal import Proposal
from services.intake.domain.rebinding import rebind
from tests.support.intake_events import CASE, case_registered, proposal_submitted

LATER = "1" * 64
NOW = {
    "id": "example-1",
    "version": 1,
    "moments": [{"id": "submit"}, {"id": "screen"}],
    "forms": {"F01": {}, "F02": {}},
    "tracks": {"POP": {}, "FUS": {}},
}


def running(*more: object) -> Proposal:
    saved = e.FormSaved(case_id=CASE, form="F01", content={})
    events = (case_registered(), saved, proposal_submitted(track="POP"), *more)
    return reduce(lambda state, event: state.apply(event), events, Proposal())


def moved(proposal: Proposal, **changes: Any) -> Any:
    return rebind(proposal, NOW, {**NOW, "version": 2, **changes}, LATER, "修正")


def test_a_running_case_is_bound_to_the_later_version():
    (event,) = moved(running())
    assert (event.from_digest, event.to_digest, event.version) == ("0" * 64, LATER, 2)
    assert running(event).pack_digest == LATER


def test_the_version_it_has_already_yields_no_event():
    (event,) = moved(running())
    assert moved(running(event)) == ()


def test_a_form_the_case_does_not_hold_may_be_gone():
    assert moved(running(), forms={"F01": {}})


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        pytest.param({"moments": [{"id": "submit"}]}, "/moments/screen", id="moment"),
        pytest.param({"forms": {"F02": {}}}, "/forms/F01", id="form it holds"),
        pytest.param({"tracks": {"FUS": {}}}, "/tracks/POP", id="track it is in"),
    ],
)
def test_a_version_without_what_the_case_uses_is_refused_by_name(
    changes: dict[str, Any], missing: str
):
    with pytest.raises(CannotRebind, match=missing) as refused:
        moved(running(), **changes)
    assert refused.value.field == "to_digest"


@pytest.mark.parametrize("version", [1, 0])
def test_only_a_higher_version_takes_over(version: int):
    with pytest.raises(CannotRebind, match="not a later one"):
        moved(running(), version=version)


def test_a_case_stays_in_its_programme():
    with pytest.raises(CannotRebind, match="not of programme other-1"):
        moved(running(), id="other-1")


@pytest.mark.parametrize(
    "over",
    [
        pytest.param(e.CaseEnded(case_id=CASE, how="CaseClosed"), id="ended elsewhere"),
        pytest.param(
            e.ProposalRejected(case_id=CASE, case_number="EX-0001", reasons=("EX-1",)),
            id="rejected",
        ),
        pytest.param(e.ProposalLapsed(case_id=CASE, case_number="EX-0001"), id="lapsed"),
    ],
)
def test_what_is_over_keeps_its_version(over: object):
    with pytest.raises(CannotRebind, match="is over") as refused:
        moved(running(over))
    assert refused.value.field == "case_id"
