"""The rules that the first issue demands stand in the pack as the catalogue reads them: marks,
severities, guards that name a command and are shown by a test, vectors for every clause that
blocks."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from grantcase.commands import catalogue
from shared.programmes.pack import Pack, load_pack
from shared.programmes.reading import read_yaml
from shared.programmes.vectors import read_vectors

HERE = Path(__file__)
ROOT = HERE.parents[2]
FOLDER = ROOT / "programmes" / "coprosperity-112"
WRITTEN = read_yaml(HERE.with_name("rules_of_the_foundation.yaml"), "foundation").value
DEMANDED: dict[str, Any] = WRITTEN["rules"]
VECTORS = read_vectors(FOLDER)


@cache
def the_pack() -> Pack:
    return load_pack(FOLDER)


@cache
def rules() -> dict[str, Any]:
    return {rule["id"]: rule for rule in the_pack().document["rules"]}


def held(rule: dict[str, Any]) -> str:
    for key, kind in (("guard", "guard"), ("held_by", "elsewhere"), ("outside", "outside")):
        if rule.get(key):
            return kind
    return "clauses" if rule.get("clauses") else "values" if rule.get("values") else "nothing"


def severities(rule: dict[str, Any]) -> set[str]:
    return {clause["severity"] for clause in rule.get("clauses") or []}


@pytest.mark.parametrize("rule", DEMANDED)
def test_the_rule_stands_with_the_catalogue_s_mark_and_severities(rule: str) -> None:
    wanted, found = DEMANDED[rule], rules()[rule]
    assert (found["mark"], held(found)) == (wanted["mark"], wanted["held"])
    if wanted["held"] == "clauses" and "differs" not in wanted:
        assert set(wanted["severities"]) <= severities(found)


def test_every_guard_of_the_pack_names_a_command_and_says_what_holds() -> None:
    for rule in rules().values():
        if rule.get("guard"):
            assert rule["guard"] in catalogue(), f"{rule['id']}: {rule['guard']}"
            assert set(rule["explain"]) == {"zh-Hant", "en"}, rule["id"]


@pytest.mark.parametrize("rule", [id for id, row in DEMANDED.items() if row["held"] == "guard"])
def test_what_a_guard_says_is_shown_by_a_test_or_a_vector(rule: str) -> None:
    shown = DEMANDED[rule]["shown"]
    if shown.startswith("vector "):
        assert shown.removeprefix("vector ") in {vector.id for vector in VECTORS}
        return
    path, _, name = shown.partition("::")
    assert f"def {name}(" in (ROOT / path).read_text("utf-8")


def test_every_vector_of_the_catalogue_under_these_rules_is_there() -> None:
    there = {match[0] for v in VECTORS if (match := re.match(r"CP-T\d+", v.id))}
    assert set(WRITTEN["vectors"]) - there == set()


def test_every_clause_that_blocks_has_a_vector_where_it_speaks_and_one_where_it_is_silent() -> None:
    blocking = {clause.ref for clause in the_pack().clauses if clause.severity == "block"}
    spoken = {ref for vector in VECTORS for ref in vector.expect.get("findings") or ()}
    silent = {ref for vector in VECTORS for ref in vector.expect.get("silent") or ()}
    assert blocking - spoken == set()
    assert blocking - silent == set()
