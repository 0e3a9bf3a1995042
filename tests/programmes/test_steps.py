"""Steps and dispositions in a pack: their facts, and what a validator finds wrong with them."""

from __future__ import annotations

import copy

import pytest

from shared.programmes.compiled import CompiledPack
from shared.programmes.examples import example_facts
from shared.programmes.expression_check import expression_faults
from shared.programmes.pack import Pack
from shared.programmes.pack_schema import PackDocument
from shared.programmes.references import reference_faults
from shared.programmes.vectors import evaluate
from tests.programmes.tea import tea

WORDS = {"zh-Hant": "試", "en": "Try"}
PLAN = {"id": "plan", "label": WORDS, "owner": "intake", "roles": ["applicant"], "forms": ["F01"]}
REVISION = {
    **{"id": "revision", "label": WORDS, "owner": "review", "roles": ["chair"]},
    **{"after": ["plan"], "returns": ["plan"], "shared_with": ["intake"]},
}


def document(*steps, **moment):
    changed = copy.deepcopy(dict(tea().document))
    changed["steps"] = list(steps)
    changed["moments"][0].update(moment)
    return changed


def found(document) -> list[str]:
    assert not PackDocument().validate(document)
    return [f"{path}: {en}" for path, _, en in reference_faults(document)]


def test_a_step_is_a_fact_of_the_moments_that_name_it():
    rule = copy.deepcopy(tea().document["rules"][0])
    rule.update(values=[], id="TE-STEP")
    rule["clauses"] = [
        {
            **{"id": "a", "moment": "submit", "severity": "block", "message": WORDS},
            "require": "steps.plan.stands && steps.plan.forms.F01.pm != null",
        }
    ]
    changed = document(PLAN, steps=["plan"])
    changed["rules"] = [rule]
    pack = Pack.from_document(changed)
    assert not list(expression_faults(pack))
    facts = example_facts(pack, "submit")
    assert not evaluate(CompiledPack(pack), "submit", facts, complete=True).findings
    facts["steps"]["plan"]["stands"] = False
    spoke = evaluate(CompiledPack(pack), "submit", facts, complete=True).findings
    assert [finding.rule for finding in spoke] == ["TE-STEP"]


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([{**PLAN, "forms": ["F99"]}], "/steps/0/forms/0: there is no form F99"),
        ([{**PLAN, "after": ["gone"]}], "/steps/0/after/0: there is no step gone"),
        ([PLAN, PLAN], "/steps/1/id: the step plan is there twice"),
        ([{**PLAN, "moment": "gone"}], "/steps/0/moment: there is no moment gone"),
        ([PLAN, REVISION], "/steps/1/after/0: review is not told of the step plan"),
        (
            [PLAN, {**REVISION, "shared_with": [], "after": []}],
            "/steps/1/returns/0: intake is not told: add it to shared_with",
        ),
        (
            [{**PLAN, "forms": ["F02"], "shared_with": ["review"]}],
            "/steps/0/forms/0: a form with personal fields stays in intake",
        ),
    ],
)
def test_a_step_that_cannot_work_is_a_fault(steps, fault):
    assert fault in found(document(*steps))


def test_a_moment_names_only_steps_that_its_service_knows():
    faults = found(
        document(REVISION | {"after": [], "returns": [], "shared_with": []}, steps=["revision"])
    )
    assert faults == ["/moments/0/steps/0: intake is not told of the step revision"]


def test_a_clause_may_stand_at_several_moments():
    changed = copy.deepcopy(dict(tea().document))
    clause = changed["rules"][0]["clauses"][0]
    clause["moment"] = [clause["moment"], "gone"]
    assert "/rules/0/clauses/0/moment: there is no moment gone" in found(changed)
    clause["moment"] = ["submit", "submit"]
    assert PackDocument().validate(changed)


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({}, "/rules/0: the rule has none of clauses, values, guard, held_by, outside"),
        (
            {"held_by": ["/forms/F01/fields/gone"], "explain": WORDS},
            "/rules/0/held_by/0: there is nothing at /forms/F01/fields/gone",
        ),
        ({"held_by": ["/forms/F01"]}, "/rules/0: guard and held_by have an explain"),
        (
            {"outside": WORDS, "guard": "PublishCall", "explain": WORDS},
            "/rules/0/outside: what is held is not outside",
        ),
    ],
)
def test_a_rule_stands_in_one_of_the_known_ways(rule, fault):
    changed = copy.deepcopy(dict(tea().document))
    head = {key: changed["rules"][0][key] for key in ("id", "title", "source", "mark", "owner")}
    changed["rules"][0] = {**head, **rule}
    assert fault in found(changed)


def test_a_rule_may_be_held_by_a_part_of_the_pack_or_be_outside():
    changed = copy.deepcopy(dict(tea().document))
    head = {key: changed["rules"][0][key] for key in ("title", "source", "mark", "owner")}
    changed["rules"] += [
        {**head, "id": "TE-H", "held_by": ["/forms/F01", "/parameters"], "explain": WORDS},
        {**head, "id": "TE-O", "outside": WORDS},
    ]
    assert found(changed) == []
