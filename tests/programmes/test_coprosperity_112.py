"""The pack of the Digital Co-prosperity Programme: figures that stand twice agree, intake's rules
are whole, and what a notice says names the figures found and required."""

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
from shared.programmes.vectors import base_facts, read_vectors, vector_facts

FOLDER = Path(__file__).parents[2] / "programmes" / "coprosperity-112"
INTAKE_MOMENTS = ("call", "draft", "submit", "letter", "loi-close", "screen")


@cache
def the_pack() -> Pack:
    return load_pack(FOLDER)


@cache
def compiled() -> CompiledPack:
    return CompiledPack(the_pack())


def param(name: str) -> Any:
    return the_pack().parameters[name]


def blocking_of_intake() -> set[str]:
    owned = {m for m, moment in the_pack().moments.items() if moment["owner"] == "intake"}
    return {c.ref for c in the_pack().clauses if c.severity == "block" and c.moment in owned}


def test_every_parameter_is_read_by_an_expression_or_a_section():
    text = "".join(file.read_text("utf-8") for file in FOLDER.rglob("*.yaml"))
    read = set(re.findall(r"param\.(\w+)|\{param: (\w+)", text))
    named = {name for pair in read for name in pair}
    kinds = {
        value
        for d in the_pack().document["documents"].values()
        for value in d.values()
        if isinstance(value, str)
    }
    assert set(the_pack().document["parameters"]) - named - kinds == set()


def test_every_township_has_a_development_group():
    groups = the_pack().document["township_groups"]
    assert len(groups) == 368
    assert set(groups.values()) == {1, 2, 3, 4}
    row = example_facts(the_pack(), "submit")["forms"]["F19"][0]
    assert f"{row['county']}/{row['township']}" in groups


def test_expressions_hold_no_figure_of_the_programme():
    written = [c.require for c in the_pack().clauses] + [
        c.applies or "" for c in the_pack().clauses
    ]
    written += [value.expr for value in the_pack().values]
    for expression in written:
        code = re.sub(r"'[^']*'", "''", expression)
        figures = {int(n) for n in re.findall(r"(?<![\w.])\d+", code)}
        assert figures <= {0, 1, 2, 3, 4}, expression


@pytest.mark.parametrize("moment", INTAKE_MOMENTS)
def test_the_example_of_each_moment_of_intake_is_not_blocked(moment):
    evaluation = evaluate(compiled(), moment, example_facts(the_pack(), moment), complete=True)
    assert [f for f in evaluation.findings if f.severity == "block"] == []


def test_every_blocking_clause_of_intake_has_a_case_that_fails_and_one_that_passes():
    spoken: set[str] = set()
    silent: set[str] = set()
    for vector in read_vectors(FOLDER):
        spoken |= set(vector.expect.get("findings") or ())
        silent |= set(vector.expect.get("silent") or ())
    assert blocking_of_intake() - spoken == set()
    assert blocking_of_intake() - silent == set()


def test_a_refusal_names_the_figure_found_and_the_figure_required():
    facts = changed(example_facts(the_pack(), "submit"), {"/forms/F04/proposal_total": 1_500_001})
    refused = evaluate(compiled(), "submit", facts).blocking()
    cap = next(finding for finding in refused if finding.rule == "CP-TRK-08")
    for language in ("zh-Hant", "en"):
        assert "1,500,001" in cap.message[language]
        assert "1,500,000" in cap.message[language]


def test_a_duplicate_in_the_list_is_found_in_both_rows():
    facts = example_facts(the_pack(), "submit")
    twice = changed(facts, {"/forms/F19/49/ubn": facts["forms"]["F19"][0]["ubn"]})
    found = [f for f in evaluate(compiled(), "submit", twice).findings if f.rule == "CP-ELIG-19"]
    assert [finding.subject["row"] for finding in found] == [1, 50]
    assert all("1、50" in finding.message["zh-Hant"] for finding in found)


def test_an_enterprise_of_another_proposal_is_warned_about_to_officers_only():
    facts = example_facts(the_pack(), "submit")
    other = {"ubn": facts["forms"]["F19"][4]["ubn"], "case_number": "CP112-0009"}
    evaluation = evaluate(compiled(), "submit", changed(facts, {"/registers/same_call": [other]}))
    warned = next(f for f in evaluation.findings if f.rule == "CP-ELIG-19")
    assert (warned.severity, warned.audience) == ("warn", "officers")
    assert evaluation.blocking() == ()


def test_a_hundred_enterprises_are_judged_with_the_same_clauses():
    evaluation = evaluate(compiled(), "submit", base_facts(compiled(), FOLDER, "submit", "pop-101"))
    assert evaluation.blocking() == ()
    assert evaluation.values["n"] == 101
    assert evaluation.values["required_letters"] == 11


def test_the_enterprises_a_screening_removes_are_those_its_findings_name():
    for vector in read_vectors(FOLDER):
        if vector.moment != "screen":
            continue
        facts = vector_facts(compiled(), FOLDER, vector)
        evaluation = evaluate(compiled(), "screen", facts)
        listed = {row["ubn"] for row in facts["forms"]["F19"]}
        named = {f.subject.get("ubn") for f in evaluation.blocking("counting")} & listed
        assert set(evaluation.values["removed_ubns"]) == named, vector.id
