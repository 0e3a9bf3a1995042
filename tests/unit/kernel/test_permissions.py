"""The one table of who may do what: complete, closed, and enforced by relation."""

from __future__ import annotations

import pytest

from grantcase.commands import catalogue
from shared.kernel.envelope import Actor
from shared.kernel.errors import NotPermitted
from shared.kernel.permissions import (
    ANY,
    NOT_MAKER,
    OWN,
    ROLES,
    TABLE,
    UNCONFLICTED,
    check_role,
    permit,
)
from shared.kernel.permissions.relations import STEPS


def actor(*roles: str, id: str = "ann", organisation: str | None = None) -> Actor:
    return Actor(id=id, roles=roles, organisation=organisation)


def test_every_command_stands_in_the_table_and_every_entry_is_a_command() -> None:
    assert set(TABLE) == set(catalogue())


def test_every_grant_names_a_known_role_and_relation() -> None:
    for command, grants in TABLE.items():
        assert grants, command
        for role, relation in grants:
            assert role in ROLES, command
            assert relation in (ANY, OWN, UNCONFLICTED, NOT_MAKER), command


def test_an_applicant_acts_on_its_own_case_only() -> None:
    wide = {c for c, grants in TABLE.items() for r, rel in grants if (r, rel) == ("applicant", ANY)}
    assert wide == set()


def test_money_takes_two_people() -> None:
    for command, grants in TABLE.items():
        roles = {role for role, _ in grants}
        if "finance_checker" in roles and grants != STEPS:  # a step moves no money
            assert grants == (("finance_checker", NOT_MAKER),), command


def test_nobody_but_the_clock_gives_the_clock_s_commands() -> None:
    assert all(grants == (("clock", ANY),) for grants in TABLE.values() if ("clock", ANY) in grants)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "dpo"])
def test_a_role_that_is_not_granted_is_refused_in_both_languages(role: str) -> None:
    with pytest.raises(NotPermitted) as refused:
        check_role("EraseSubject", actor(role))
    document = refused.value.as_dict()
    assert document["field"] == "actor.roles"
    assert "dpo" in document["message"]["zh-Hant"]
    assert "dpo" in document["message"]["en"]


def test_one_granted_role_among_several_is_enough() -> None:
    check_role("EraseSubject", actor("applicant", "dpo"))


def test_own_is_the_organisation_of_the_case() -> None:
    permit("SubmitProposal", actor("applicant", organisation="12345676"), applicant_ubn="12345676")
    for organisation in ("04595257", None, ""):
        with pytest.raises(NotPermitted, match="own applicant"):
            permit(
                "SubmitProposal",
                actor("applicant", organisation=organisation),
                applicant_ubn="12345676",
            )


def test_no_organisation_owns_no_case_even_when_the_case_has_none() -> None:
    with pytest.raises(NotPermitted):
        permit("SubmitProposal", actor("applicant"), applicant_ubn=None)


def test_the_maker_does_not_check_even_with_both_roles() -> None:
    both = actor("finance_maker", "finance_checker")
    with pytest.raises(NotPermitted, match="maker"):
        permit("ApproveDisbursement", both, makers=("ann",))
    permit("ApproveDisbursement", both, makers=("bob",))


def test_a_conflicted_reviewer_stays_away() -> None:
    with pytest.raises(NotPermitted, match="conflicted"):
        permit("RecordScore", actor("reviewer"), conflicted=("ann",))
    permit("RecordScore", actor("reviewer"), conflicted=("bob",))


def test_an_officer_s_grant_stands_beside_the_applicant_s() -> None:
    permit("CheckDraft", actor("screening_officer"), applicant_ubn="12345676")


def test_every_party_of_a_case_acts_on_it_as_its_own():
    permit("SaveForm", actor("applicant", organisation="23456781"), parties=("1", "23456781"))
    with pytest.raises(NotPermitted):
        permit("SaveForm", actor("applicant", organisation="2"), parties=("1", "23456781"))
    with pytest.raises(NotPermitted):
        permit("SaveForm", actor("applicant"), parties=("1",))
