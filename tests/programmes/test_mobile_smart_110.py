"""The pack of the Mobile Smart Application Programme: figures that stand twice agree, every rule of
the catalogue stands in it, every clause has a case that speaks and one that is silent.

Over 200 lines: the vectors of the pack that need code are run here as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shared.kernel.clock import parse_instant
from shared.kernel.ids import derived_id
from shared.kernel.steps.book import StepBook, StepOutOfPlace
from shared.programmes.compiled import CompiledPack
from shared.programmes.evaluation import evaluate
from shared.programmes.examples import changed, example_facts
from shared.programmes.expression_check import expression_faults
from shared.programmes.pack import Pack, load_pack
from shared.programmes.pack_schema import PackDocument
from shared.programmes.references import DISPOSITIONS, reference_faults
from shared.programmes.shapes import form_shape, is_personal
from shared.programmes.vectors import Vector, base_facts, read_vectors, run_vector

FOLDER = Path(__file__).parents[2] / "programmes" / "mobile-smart-110"
GROUPS = {
    **{"REP": 11, "RSP": 7, "PRG": 15, "CKP": 10, "NAR": 12, "ACT": 10},
    **{"KPI": 28, "QLT": 6, "COP": 11, "FIN": 2, "PII": 2, "SAN": 2},
}
"""Rules of the catalogue by group; numbered from 01 without a gap."""
CASE = derived_id("mobile-smart-case")


@cache
def the_pack() -> Pack:
    return load_pack(FOLDER)


@cache
def compiled() -> CompiledPack:
    return CompiledPack(the_pack())


@cache
def vectors() -> tuple[Vector, ...]:
    return tuple(read_vectors(FOLDER))


def param(name: str) -> Any:
    return the_pack().parameters[name]


def moment_vectors() -> list[Vector]:
    return [vector for vector in vectors() if not vector.commands]


def command_vectors() -> list[Vector]:
    return [vector for vector in vectors() if vector.commands]


def test_the_pack_has_no_fault():
    document = dict(the_pack().document)
    assert PackDocument().validate(document) == {}
    assert list(reference_faults(document)) == []
    assert list(expression_faults(the_pack())) == []


def test_every_rule_of_the_catalogue_has_one_disposition_or_values_beside_clauses():
    wanted = {f"MA-{group}-{no:02d}" for group, n in GROUPS.items() for no in range(1, n + 1)}
    assert len(wanted) == 116
    assert set(the_pack().rules) == wanted
    for rule in the_pack().rules.values():
        held = {kind for kind in DISPOSITIONS if rule.get(kind)}
        assert held <= {"clauses", "values"} or len(held) == 1, rule["id"]


def test_outside_are_the_three_that_no_data_can_break():
    outside = {rule["id"] for rule in the_pack().rules.values() if rule.get("outside")}
    assert outside == {"MA-REP-03", "MA-REP-04", "MA-FIN-02"}


def test_sections_and_call_carry_the_figures_of_the_parameters():
    document, call = the_pack().document, the_pack().calls[0]["parameters"]
    assert document["sanctions"]["answer_days"] == param("answer_days")
    assert document["sanctions"]["recovery_due_days"] == param("recovery_due_days")
    assert document["follow_up"]["years"] == param("follow_up_years")
    assert document["follow_up"]["every_months"] == param("follow_up_every_months")
    assert call["period_from_on"] == param("period_from") == param("month_starts")[0]
    assert call["period_to_on"] == param("period_to") == param("cutoff_last")
    assert len(param("month_starts")) == 12


def test_every_document_kind_names_a_parameter_with_its_types_and_a_rule():
    for kind in the_pack().document["documents"].values():
        assert param(kind["types"])
        assert kind["rule"] in the_pack().rules


def test_a_report_has_sixteen_blocks_and_the_forms_that_fill_them():
    assert len(param("blocks")) == 16
    (moment,) = [m for m in the_pack().document["moments"] if m["id"] == "report-submit"]
    assert moment["forms"] == [f"M{no:02d}" for no in range(16)]
    for kind in ("midterm", "closing"):
        assert the_pack().steps[f"{kind}_report"]["forms"] == moment["forms"]


def test_no_form_has_a_personal_field():
    for form in the_pack().forms.values():
        assert not is_personal(form_shape(form)), form["id"]


def test_expressions_hold_no_figure_of_the_programme():
    written = [c.require for c in the_pack().clauses] + [
        c.applies or "" for c in the_pack().clauses
    ]
    written += [value.expr for value in the_pack().values]
    for expression in written:
        code = re.sub(r"'[^']*'", "''", expression)
        assert {int(n) for n in re.findall(r"(?<![\w.])\d+", code)} <= {0, 1}, expression


@pytest.mark.parametrize("moment", sorted(the_pack().moments))
def test_the_example_of_each_moment_is_not_blocked(moment: str):
    evaluation = evaluate(compiled(), moment, example_facts(the_pack(), moment), complete=True)
    assert [f for f in evaluation.findings if f.severity == "block"] == []


@pytest.mark.parametrize("vector", moment_vectors(), ids=[v.id for v in moment_vectors()])
def test_the_rules_say_what_the_vector_says(vector: Vector):
    assert run_vector(compiled(), FOLDER, vector) == (), f"{vector.place}: {vector.says}"


@pytest.mark.parametrize("vector", command_vectors(), ids=[v.id for v in command_vectors()])
def test_commands_come_to_what_the_vector_says(vector: Vector):
    book = StepBook()
    for number, step in enumerate(vector.commands, start=1):
        book, found = taken(book, step)
        expected = {key: step[key] for key in found}
        assert found == expected, f"{vector.place}, step {number}: {vector.says}"


def test_every_vector_of_the_catalogue_is_there():
    ids = {vector.id for vector in vectors()}
    assert {f"MA-T{no:02d}" for no in range(1, 66)} <= ids


def test_every_clause_has_a_case_that_speaks_and_one_that_is_silent():
    spoken: set[str] = set()
    silent: set[str] = set()
    for vector in vectors():
        spoken |= set(vector.expect.get("findings") or ())
        silent |= set(vector.expect.get("silent") or ())
    clauses = {clause.ref for clause in the_pack().clauses}
    assert clauses - spoken == set()
    assert clauses - silent == set()


def test_a_refusal_names_the_figure_found_and_the_figure_required():
    facts = changed(example_facts(the_pack(), "register"), {"/forms/P02/2/weight_bp": 2499})
    (refused,) = evaluate(compiled(), "register", facts).blocking()
    for language in ("zh-Hant", "en"):
        assert "99.99%" in refused.message[language]
        assert "100.00%" in refused.message[language]


def test_the_plan_as_changed_takes_the_place_of_the_frozen_one():
    facts = base_facts(compiled(), FOLDER, "report-submit", None)
    target = facts["plan"]["P04"][0]["target_centi"] + 100
    rows = [dict(row) for row in facts["plan"]["P04"]]
    rows[0]["target_centi"] = target
    facts["steps"]["plan_changed"]["stands"] = True
    facts["steps"]["plan_changed"]["forms"]["P04"] = rows
    spoke = {f"{f.rule}/{f.clause}" for f in evaluate(compiled(), "report-submit", facts).findings}
    assert "MA-KPI-06/a" in spoke
    facts["forms"]["M10"][0].update(target_centi=target, difference_centi=200 - target)
    spoke = {f"{f.rule}/{f.clause}" for f in evaluate(compiled(), "report-submit", facts).findings}
    assert "MA-KPI-06/a" not in spoke


def test_a_report_of_many_shops_is_counted_pair_by_pair():
    facts = base_facts(compiled(), FOLDER, "report-submit", None)
    row = facts["steps"]["shop_log"]["rows"][1]
    facts["steps"]["shop_log"]["rows"] = [
        {**row, "key": str(n), "forms": {"E14": {**row["forms"]["E14"], "shop": f"店{n % 90}"}}}
        for n in range(120)
    ]
    values = evaluate(compiled(), "report-submit", facts).values
    assert values["k01"] == 90
    assert values["k02"] == 120 * 60
    assert values["k07"] == 3


def taken(book: StepBook, step: Mapping[str, Any]) -> tuple[StepBook, dict[str, Any]]:
    """A step of the pack, taken with some content."""
    declared = the_pack().steps[step["step"]]
    try:
        (event,) = book.take(
            declared,
            case_id=CASE,
            key="",
            forms={"content": step["content"]},
            at=parse_instant(step["at"]),
            by="someone",
        )
    except StepOutOfPlace:
        return book, {"number": None, "expect": "refused"}
    return book.apply(event), {"number": event.number, "expect": "ok"}
