"""The pack of the Digital Cluster Programme: figures that stand twice agree, every rule of the
catalogue stands in it, every clause has a case that speaks and one that is silent."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shared.programmes.compiled import CompiledPack
from shared.programmes.evaluation import evaluate
from shared.programmes.examples import changed, example_facts
from shared.programmes.pack import Pack, load_pack
from shared.programmes.references import DISPOSITIONS
from shared.programmes.vectors import Vector, base_facts, read_vectors, run_vector

FOLDER = Path(__file__).parents[2] / "programmes" / "digital-cluster-112"
GROUPS = {
    **{"ELIG": 43, "DOC": 73, "REV": 30, "CON": 14},
    **{"FIN": 20, "MON": 36, "PII": 13, "SAN": 11},
}
"""Rules of the catalogue by group; numbered from 01 without a gap."""
ALWAYS = {"DC-CON-12/g", "DC-SAN-01/b"}
"""Tasks that each change, and each cancellation, puts before an officer: never silent."""
SWITCHED = {"DC-ELIG-39/b", "DC-REV-10/c"}
"""Clauses of a reading that a parameter switches on; off in this version."""


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


def test_every_rule_of_the_catalogue_has_exactly_one_disposition_or_values_beside_clauses():
    wanted = {f"DC-{group}-{no:02d}" for group, n in GROUPS.items() for no in range(1, n + 1)}
    assert set(the_pack().rules) == wanted
    for rule in the_pack().rules.values():
        held = {kind for kind in DISPOSITIONS if rule.get(kind)}
        assert held <= {"clauses", "values"} or len(held) == 1, rule["id"]


def test_tracks_and_calls_carry_the_figures_of_the_parameters():
    for track, letter in (("CLASS_A", "a"), ("CLASS_B", "b")):
        written = the_pack().document["tracks"][track]
        (tier,) = written["tiers"]
        assert written["minimum"] == tier["from"] == param(f"class_{letter}_minimum")
        assert tier["cap_twd"] == param("cap_twd")
    classes = {call["code"]: call["parameters"]["class_id"] for call in the_pack().calls}
    assert classes == {"112-a": "CLASS_A", "112-b": "CLASS_B"}


def test_sections_carry_the_figures_of_the_parameters():
    document = the_pack().document
    assert document["signing"]["period_days"] == param("signing_period_days")
    assert document["finance"]["signing_extensions"] == param("signing_extensions_max")
    assert document["sanctions"] == {
        "answer_days": param("sanction_answer_days"),
        "bar_years": param("bar_years"),
        "recovery_due_days": param("recovery_due_days"),
        "kinds": param("clawback_kinds"),
    }
    assert document["scoring"]["step_centi"] == param("score_step_centi")
    follow_up = document["follow_up"]
    assert follow_up["years"] == param("follow_up_years")
    assert follow_up["every_months"] == param("follow_up_every_months")
    assert follow_up["window_days"] == param("follow_up_window_days")
    overdue = [step["after_days"] for step in follow_up["overdue_days"]]
    assert overdue == param("follow_up_overdue_days")
    for checkpoint in document["checkpoints"]:
        assert checkpoint["share_bp"] == param(f"{checkpoint['id']}_share_bp")
        assert checkpoint["report_due_days"] == param("claim_due_days")


@pytest.mark.parametrize(("track", "letter"), [("CLASS_A", "a"), ("CLASS_B", "b")])
def test_weights_of_a_class_are_those_of_its_parameter(track, letter):
    criteria = the_pack().document["scoring"]["criteria"]
    weights = [criterion["weight_centi"][track] for criterion in criteria]
    assert weights == param(f"class_{letter}_weights_centi")
    assert sum(weights) == param("score_total_centi")


def test_the_self_assessments_have_the_items_that_the_catalogue_counts():
    def items(form: str, field: str) -> list[str]:
        fields = {f["id"]: f for f in the_pack().forms[form]["fields"]}
        return re.findall(r"\w+_\w\d\d", fields[field]["type"])

    member, cluster = items("D11", "has"), items("D12", "initial_has")
    assert len(set(member)) == param("member_items") == 63
    assert len(set(cluster)) == param("cluster_items") == 67
    assert items("D11", "lacks") == member
    assert items("D12", "expected_has") == cluster
    counts = {
        letter: sum(item[4] == letter for item in member + cluster)
        for letter in ("o", "e", "s", "i")
    }
    assert counts == {"o": 12 + 16, "e": 9 + 9, "s": 13 + 13, "i": 29 + 29}
    levels = list(param("csa_levels").values())
    assert [levels.count(level) for level in ("O1", "O2", "O3", "O")] == [8, 5, 2, 1]
    assert set(param("csa_levels")) == set(cluster)


def test_every_township_has_a_group_also_as_the_annex_misprints_it():
    groups = the_pack().document["township_groups"]
    assert len(groups) == 368 + 11
    official = list(groups.values())[:368]
    assert [official.count(n) for n in (1, 2, 3, 4)] == [79, 89, 97, 103]
    assert groups["臺中市/大安區"] == 3
    assert groups["臺北市/大安區"] == 1
    assert groups["雲林縣/番背鄉"] == groups["雲林縣/崙背鄉"]


def test_expressions_hold_no_figure_of_the_programme():
    written = [c.require for c in the_pack().clauses]
    written += [c.applies or "" for c in the_pack().clauses]
    written += [value.expr for value in the_pack().values]
    for expression in written:
        code = re.sub(r"'[^']*'", "''", expression)
        figures = {int(n) for n in re.findall(r"(?<![\w.])\d+", code)}
        assert figures <= {0, 1}, expression


@pytest.mark.parametrize("moment", sorted(the_pack().moments))
def test_the_example_of_each_moment_is_not_blocked(moment):
    evaluation = evaluate(compiled(), moment, example_facts(the_pack(), moment), complete=True)
    assert [f for f in evaluation.findings if f.severity == "block"] == []


def test_every_clause_has_a_vector_where_it_speaks_and_one_where_it_is_silent():
    spoken = {ref for vector in vectors() for ref in vector.expect.get("findings") or ()}
    silent = {ref for vector in vectors() for ref in vector.expect.get("silent") or ()}
    clauses = {clause.ref for clause in the_pack().clauses}
    assert clauses - spoken == SWITCHED
    assert clauses - silent == ALWAYS


@pytest.mark.parametrize("no", [n for n in range(1, 91) if n not in (9, 86)])
def test_the_vectors_of_the_catalogue_are_there_and_hold(no):
    """TV-09 (nothing sent can be deleted) has no command, TV-86 is the calendar's."""
    mine = [v for v in vectors() if re.match(rf"DC-TV-{no:02d}(\D|$)", v.id)]
    assert mine
    for vector in mine:
        assert run_vector(compiled(), FOLDER, vector) == (), vector.id


def test_a_switch_turns_the_other_reading_on():
    document = {**the_pack().document, "parameters": dict(the_pack().document["parameters"])}
    for name, value in (("count_basis", "SME_ONLY"), ("attendance_mode", "ALL")):
        document["parameters"][name] = {**document["parameters"][name], "value": value}
    strict = CompiledPack(Pack.from_document(document))
    facts = base_facts(compiled(), FOLDER, "submit", "a-10-art5-5")
    spoke = {f"{f.rule}/{f.clause}" for f in evaluate(strict, "submit", facts).blocking()}
    assert "DC-ELIG-39/b" in spoke
    absent = changed(
        example_facts(the_pack(), "attendance"),
        {"/steps/attendance_list/forms/D18/members_present": ["10000010"]},
    )
    found = {f"{f.rule}/{f.clause}" for f in evaluate(strict, "attendance", absent).findings}
    assert "DC-REV-10/c" in found


def test_no_person_is_named_in_what_a_refusal_stores():
    facts = changed(example_facts(the_pack(), "screen"), {"/forms/D03/1/rep_name": "負責人1"})
    found = [f for f in evaluate(compiled(), "screen", facts).findings if f.rule == "DC-ELIG-24"]
    assert found
    assert "負責人1" not in str([finding.as_dict() for finding in found])


def test_fifteen_members_are_judged_like_ten():
    facts = changed(
        base_facts(compiled(), FOLDER, "submit", "a-15-prior-3"),
        {"/steps/history_check/forms/D15/tutored": []},
    )
    evaluation = evaluate(compiled(), "submit", facts)
    assert evaluation.blocking() == ()
    assert evaluation.values["n"] == 15
