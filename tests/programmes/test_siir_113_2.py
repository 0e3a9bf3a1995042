"""The pack of SIIR 113-2: whole, its figures agree where they stand twice, every clause has a case
at which it speaks and one at which it is silent, and the two printed examples come out."""

from __future__ import annotations

import copy
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.programmes.compiled import CompiledPack
from shared.programmes.evaluation import evaluate
from shared.programmes.examples import changed, example_facts
from shared.programmes.pack import Pack, load_pack
from shared.programmes.shapes import form_shape, is_personal
from shared.programmes.vectors import read_vectors, run_vector

FOLDER = Path(__file__).parents[2] / "programmes" / "siir-113-2"
SWITCHED_OFF = {"SI-BUD-026/b", "SI-DIS-004/b"}
"""Clauses of the other value of a DEFAULT parameter (A-43, A-05)."""


@cache
def the_pack() -> Pack:
    return load_pack(FOLDER)


@cache
def compiled() -> CompiledPack:
    return CompiledPack(the_pack())


def param(name: str) -> Any:
    return the_pack().parameters[name]


def spoken(facts: dict[str, Any], moment: str, pack: CompiledPack | None = None) -> set[str]:
    evaluation = evaluate(pack or compiled(), moment, facts, complete=True)
    return {f"{finding.rule}/{finding.clause}" for finding in evaluation.findings}


def test_every_rule_of_the_catalogue_stands_in_the_pack_once():
    written = yaml.safe_load((FOLDER / "catalogue.yaml").read_text("utf-8"))["families"]
    found: dict[str, int] = {}
    for rule in the_pack().document["rules"]:
        family = rule["id"].rpartition("-")[0]
        found[family] = found.get(family, 0) + 1
    assert found == written
    assert sum(found.values()) == 284


def test_every_vector_of_the_catalogue_is_there():
    found = {int(v.id.split("-")[2]) for v in read_vectors(FOLDER) if v.id.startswith("SI-TV-")}
    assert found == set(range(1, 99))


def test_every_vector_of_a_moment_holds():
    """Those of commands run in tests/unit/finance/test_vectors_of_methods.py."""
    for vector in read_vectors(FOLDER):
        if not vector.commands:
            assert run_vector(compiled(), FOLDER, vector) == (), vector.id


def test_every_clause_has_a_case_at_which_it_speaks_and_one_at_which_it_is_silent():
    speaks: set[str] = set()
    silent: set[str] = set()
    for vector in read_vectors(FOLDER):
        speaks |= set(vector.expect.get("findings") or ())
        silent |= set(vector.expect.get("silent") or ())
    clauses = {clause.ref for clause in the_pack().clauses}
    assert clauses - speaks == SWITCHED_OFF
    assert clauses - silent == set()


@pytest.mark.parametrize("moment", sorted(the_pack().moments))
def test_nothing_blocks_where_everything_is_in_order(moment):
    evaluation = evaluate(compiled(), moment, example_facts(the_pack(), moment), complete=True)
    assert [f for f in evaluation.findings if f.severity == "block"] == []


def test_sections_carry_the_figures_of_the_parameters():
    document = the_pack().document
    assert document["sanctions"]["answer_days"] == param("answer_days")
    assert document["sanctions"]["bar_years"] == param("bar_years")
    assert document["sanctions"]["recovery_due_days"] == param("recovery_due_days")
    grounds = ("rescission_grounds", "termination_grounds", "reduction_grounds")
    known = {kind for name in grounds for kind in param(name)}
    assert set(document["sanctions"]["kinds"]) == known
    assert document["follow_up"]["years"] == param("follow_up_years")
    assert document["follow_up"]["every_months"] == param("follow_up_every_months")
    assert {row["share_bp"] for row in document["checkpoints"]} == {param("first_share_bp")}


def test_the_lines_and_accounts_are_the_same_in_form_parameters_and_spending():
    fields = {field["id"]: field["type"] for field in the_pack().forms["F11"]["fields"]}
    lines = re.findall(r"\w+", fields["line"].removeprefix("enum"))
    accounts = the_pack().document["spending"]["accounts"]
    assert sorted(line for own in accounts.values() for line in own) == sorted(lines)
    assert len(lines) == param("budget_lines")
    assert list(accounts) == param("accounts")
    assert accounts["personnel"] == param("lines_personnel")
    assert accounts["tech_transfer"] == param("lines_tech_transfer")
    assert accounts["travel"] == param("lines_travel")
    assert accounts["market_validation"] == param("lines_market")


def test_the_caps_of_the_plan_are_those_of_the_spending():
    caps = {row["account"]: row["cap_bp"] for row in param("account_caps")}
    named = {f"cap_{account}_bp": cap for account, cap in caps.items()}
    assert named == {name: param(name) for name in named}


def test_expressions_hold_no_figure_of_the_programme():
    written = [c.require for c in the_pack().clauses]
    written += [c.applies or "" for c in the_pack().clauses]
    written += [value.expr for value in the_pack().values]
    for expression in written:
        code = re.sub(r"'[^']*'", "''", expression)
        figures = {int(n) for n in re.findall(r"(?<![\w.])\d+", code)}
        assert figures <= {0, 1, 2, 3, 4}, expression


def test_what_leaves_intake_holds_no_personal_field():
    told = [step for step in the_pack().document["steps"] if step.get("shared_with")]
    forms = {name for step in told for name in step.get("forms") or ()}
    assert {"F06", "F07", "F08", "F11", "F12"} <= forms
    assert not any(is_personal(form_shape(the_pack().forms[name])) for name in forms)


@pytest.mark.parametrize(
    ("parameter", "value", "moment", "clause", "changes"),
    [
        (
            *("gov_cap_level", "line", "plan-final", "SI-BUD-026/b"),
            {"/forms/F11/0/subsidy_twd": 300_001},
        ),
        (
            *("spend_gate", "block", "finance-review", "SI-DIS-004/b"),
            {"/shares/spent1_twd": 999_999},
        ),
    ],
)
def test_a_parameter_of_a_default_reading_switches_its_clause_on(
    parameter, value, moment, clause, changes
):
    facts = changed(example_facts(the_pack(), moment), changes)
    assert clause not in spoken(facts, moment)
    document = copy.deepcopy(dict(the_pack().document))
    document["parameters"][parameter]["value"] = value
    assert clause in spoken(facts, moment, CompiledPack(Pack.from_document(document)))


def test_the_two_printed_examples_come_out():
    """55 % and 45 %: 500,000 and 500,000; 40 % and 60 %: 400,000 and 500,000."""
    for first, second, paid in ((550_000, 450_000, 1_000_000), (400_000, 600_000, 900_000)):
        facts = example_facts(the_pack(), "finance-review")
        shares = {"year1_twd": first, "year2_twd": 0, "self_twd": first}
        one = evaluate(compiled(), "finance-review", changed(facts, {"/shares": shares}))
        last = {
            "/shares": {"year1_twd": first, "year2_twd": second, "self_twd": 1_000_000},
            "/instalment": {"no": 2, "last": True, "ceiling_twd": 500_000},
            "/case/paid_twd": one.values["payable_twd"],
        }
        two = evaluate(compiled(), "finance-review", changed(facts, last))
        assert one.values["payable_twd"] + two.values["payable_twd"] == paid
        assert two.values["refund_twd"] == 0


def test_a_refusal_names_the_company_and_the_cap():
    facts = changed(example_facts(the_pack(), "plan-final"), {"/forms/F11/0/total_twd": 1_600_000})
    refused = evaluate(compiled(), "plan-final", facts).blocking()
    cap = next(finding for finding in refused if finding.rule == "SI-BUD-001")
    for language in ("zh-Hant", "en"):
        assert "30" in cap.message[language]
        assert "範例餐飲股份有限公司" in cap.message[language]
