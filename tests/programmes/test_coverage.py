"""How the rules of a programme stand, and which vectors try them: small cases on the tea house
programme, then the programmes that are whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grantcase.commands import catalogue as commands
from shared.programmes.coverage import Coverage, RuleCoverage, cover
from shared.programmes.location import programme_folder
from shared.programmes.pack import Pack, load_pack
from shared.programmes.reading import UnreadablePack
from shared.programmes.rule_catalogue import Catalogue, read_catalogue
from shared.programmes.vectors import Vector, read_vectors, run_vector
from tests.programmes.tea import FOLDER, compiled, tea

WHOLE = ("coprosperity-112", "siir-113-2", "mobile-smart-110")
"""The programmes whose every rule is accounted for; a finished pack is added here."""
WORDS = {"zh-Hant": "原因", "en": "reason"}


def rule(id_: str, **disposition: Any) -> dict[str, Any]:
    head = {"id": id_, "title": WORDS, "source": "壹", "mark": "DEFAULT", "owner": "intake"}
    return {**head, **disposition}


def pack_with(*rules: dict[str, Any]) -> Pack:
    return Pack.from_document({**tea().document, "rules": [*tea().document["rules"], *rules]})


def vector(id_: str, *rules: str, **written: Any) -> Vector:
    if "commands" not in written:
        written = {"moment": "submit", **written}
    return Vector(id=id_, rules=rules, says="", place="v.yaml:1", **written)


def row(rule_id: str, *vectors: Vector, pack: Pack | None = None) -> RuleCoverage:
    covered = cover(pack or tea(), None, vectors)
    return next(found for found in covered.rules if found.rule == rule_id)


def sides(found: RuleCoverage) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    return found.passes, found.fails, found.missing


def test_a_rule_with_clauses_is_tried_by_the_vectors_that_name_its_clauses():
    silent = vector("T1", "TE-TRK-02", expect={"silent": ["TE-TRK-01/a"]})
    speaks = vector("T2", "TE-TRK-02", expect={"findings": ["TE-TRK-01/a"]})
    assert sides(row("TE-TRK-01")) == ((), (), "both")
    assert sides(row("TE-TRK-01", silent)) == (("T1",), (), "fails")
    assert sides(row("TE-TRK-01", speaks)) == ((), ("T2",), "passes")
    assert sides(row("TE-TRK-01", silent, speaks)) == (("T1",), ("T2",), None)
    assert sides(row("TE-TRK-02", silent, speaks)) == ((), (), "both")


def test_where_one_clause_of_a_rule_speaks_the_rule_does_not_hold():
    mixed = vector(
        "T1", "TE-TRK-01", expect={"findings": ["TE-TRK-01/a"], "silent": ["TE-TRK-01/b"]}
    )
    assert sides(row("TE-TRK-01", mixed)) == ((), ("T1",), "passes")


def test_that_nothing_blocked_tries_no_clause_in_particular():
    assert row("TE-TRK-01", vector("T1", "TE-TRK-01", expect={"blocked": False})).passes == ()


def test_commands_show_the_side_that_their_steps_or_the_vector_say():
    def given(*expected: str, tries: str | None = None) -> RuleCoverage:
        steps = tuple({"do": "X", "expect": expect} for expect in expected)
        return row("TE-CALL-01", vector("T1", "TE-CALL-01", commands=steps, tries=tries))

    assert sides(given("ok", "ok")) == (("T1",), (), "fails")
    for stopped in ("refused", "unknown-command", "nothing"):
        assert sides(given("ok", stopped)) == ((), ("T1",), "passes")
    assert sides(given("ok", "refused", tries="both")) == (("T1",), ("T1",), None)
    assert sides(given("refused", tries="passes")) == (("T1",), (), "fails")


def test_commands_that_name_another_rule_try_nothing_of_this_one():
    steps = ({"do": "X", "expect": "ok"},)
    assert row("TE-CALL-01", vector("T1", "TE-TRK-01", commands=steps)).passes == ()


def test_a_rule_of_values_is_tried_by_the_clauses_that_read_them():
    only_values = rule(
        "TE-TRK-09", values=[{"name": "houses", "moment": "submit", "expr": "value.n + 0"}]
    )
    reader = {"id": "a", "moment": "submit", "severity": "block", "message": WORDS}
    through = rule(
        "TE-TRK-10",
        values=[{"name": "plenty", "moment": "submit", "expr": "value.houses > 3"}],
        clauses=[{**reader, "require": "value.plenty"}],
    )
    pack = pack_with(only_values, through)
    silent = vector("T1", "TE-TRK-09", expect={"silent": ["TE-TRK-10/a"]})
    speaks = vector("T2", "TE-TRK-09", expect={"findings": ["TE-TRK-10/a"]})
    other = vector("T3", "TE-TRK-10", expect={"findings": ["TE-TRK-10/a"]})
    assert sides(row("TE-TRK-09", silent, speaks, other, pack=pack)) == (("T1",), ("T2",), None)


def test_values_that_no_clause_reads_are_tried_by_two_different_figures():
    pack = pack_with(rule("TE-X-01", values=[{"name": "x", "moment": "submit", "expr": "1 + 0"}]))

    def figure(id_: str, x: int) -> Vector:
        return vector(id_, "TE-X-01", expect={"values": {"x": x}})

    assert sides(row("TE-X-01", figure("T1", 1), figure("T2", 1), pack=pack))[2] == "both"
    found = row("TE-X-01", figure("T1", 1), figure("T2", 2), figure("T3", 1), pack=pack)
    assert sides(found) == (("T1", "T3"), ("T2",), None)


def test_a_rule_held_by_another_inherits_its_vectors():
    pack = pack_with(
        rule("TE-X-01", held_by=["/rules/TE-X-02"], explain=WORDS),
        rule("TE-X-02", held_by=["/rules/TE-TRK-01", "/rules/TE-X-01"], explain=WORDS),
    )
    silent = vector("T1", "TE-TRK-01", expect={"silent": ["TE-TRK-01/a"]})
    speaks = vector("T2", "TE-TRK-01", expect={"findings": ["TE-TRK-01/a"]})
    found = row("TE-X-01", silent, speaks, pack=pack)
    assert sides(found) == (("T1",), ("T2",), None)
    assert [(place.kind, place.name) for place in found.places] == [("rule", "TE-X-02")]


def test_a_rule_held_by_a_form_field_is_tried_by_input_that_is_unusable():
    pack = pack_with(rule("TE-X-01", held_by=["/forms/F02/fields/ubn"], explain=WORDS))
    usable = vector("T1", "TE-X-01", expect={"blocked": False})
    wrong = vector("T2", "TE-X-01", expect={"unusable": "/forms/F02/0/ubn"})
    found = row("TE-X-01", usable, wrong, pack=pack)
    assert sides(found) == (("T1",), ("T2",), None)
    assert [(place.kind, place.name) for place in found.places] == [("form", "F02.ubn")]


def test_input_that_a_vector_calls_unusable_is_refused_at_that_very_field():
    wrong = {"/forms/F02/0/employees": "nine"}
    said = vector("T1", "TE-X", change=wrong, expect={"unusable": "/forms/F02/0/employees"})
    elsewhere = vector("T2", "TE-X", change=wrong, expect={"unusable": "/forms/F02/1/employees"})
    usable = vector("T3", "TE-X", expect={"unusable": "/forms/F02/0/employees"})
    assert run_vector(compiled(), FOLDER, said) == ()
    assert run_vector(compiled(), FOLDER, elsewhere) == (
        "/forms/F02/0/employees is unusable, not /forms/F02/1/employees",
    )
    assert run_vector(compiled(), FOLDER, usable) == ("/forms/F02/0/employees is usable",)


def test_manual_clauses_alone_are_an_officer_s_decision_that_needs_no_vector():
    task = {"id": "a", "moment": "submit", "severity": "manual", "role": "screening_officer"}
    pack = pack_with(
        rule("TE-X-01", clauses=[{**task, "require": "false", "message": WORDS}]),
        rule("TE-X-02", outside=WORDS),
    )
    found = row("TE-X-01", pack=pack)
    assert (found.standing, found.missing, found.untried) == ("officer", None, True)
    opened = vector("T1", "TE-X-01", expect={"findings": ["TE-X-01/a"]})
    assert row("TE-X-01", opened, pack=pack).untried is False
    outside = row("TE-X-02", pack=pack)
    assert (outside.standing, outside.missing, outside.untried) == ("outside", None, False)


def test_places_tell_what_holds_a_rule_and_what_else_names_it():
    places = {(place.kind, place.name) for place in row("TE-TRK-01").places}
    assert {
        ("clause", "submit/a block"),
        ("clause", "submit/b block claim"),
        ("value", "n@submit"),
        ("parameter", "minimum"),
    } <= places
    assert [(p.kind, p.name) for p in row("TE-CALL-01").places] == [("command", "PublishCall")]


def against(catalogue: Catalogue, *vectors: Vector) -> Coverage:
    return cover(tea(), catalogue, vectors)


def test_an_id_of_the_catalogue_that_the_pack_lacks_is_missing():
    covered = against(Catalogue(families={"TE-TRK": 3, "TE-FRM": 1, "TE-MON": 1, "TE-CALL": 1}))
    missing = [found for found in covered.rules if found.missing == "rule"]
    assert [(found.rule, found.standing) for found in missing] == [("TE-TRK-03", "absent")]
    gap = Catalogue(families={"TE-TRK": 3}, gaps=("TE-TRK-03",))
    assert "TE-TRK-03" not in {found.rule for found in against(gap).rules}


def test_a_rule_that_nobody_declared_is_named():
    families = {"TE-TRK": 2, "TE-FRM": 1, "TE-MON": 1}
    assert against(Catalogue(families=families)).strangers == ("TE-CALL-01",)
    assert against(Catalogue(families=families, own=("TE-CALL-01",))).strangers == ()


def test_a_vector_of_the_catalogue_that_is_not_there_is_named():
    catalogue = Catalogue(vector_prefix="TE-T", vector_count=12)
    there = [vector(f"TE-T{number:03d}b", "TE-TRK-01") for number in range(1, 12)]
    assert against(catalogue, *there).absent_vectors == ("TE-T12",)
    assert against(catalogue, *there, vector("TE-T120", "TE-TRK-01")).absent_vectors == ("TE-T12",)


def test_a_vector_that_names_no_rule_is_told():
    assert against(Catalogue(), vector("T1", "TE-NO-01")).unknown == (("T1", "TE-NO-01"),)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("families: [TE-TRK]\n", ""),
        ("families: {TE-TRK: many}\n", "/families/TE-TRK"),
        ("families: {TRK 1: 2}\n", "/families/TRK 1"),
        ("families: {TE-TRK: 2}\nmore: 1\n", "/more"),
        ("families: {TE-TRK: 2}\nvectors: {prefix: TE-T}\n", "/vectors"),
        ("families: {TE-TRK: 2}\nvectors: {prefix: TE-T, count: 0}\n", "/vectors"),
        ("families: {TE-TRK: 2}\nown: TE-X-01\n", "/own"),
    ],
)
def test_a_catalogue_that_cannot_be_read_says_where(tmp_path: Path, text: str, field: str):
    (tmp_path / "catalogue.yaml").write_text(text, "utf-8")
    with pytest.raises(UnreadablePack) as refused:
        read_catalogue(tmp_path)
    assert [fault.field for fault in refused.value.faults] == [field]


@pytest.mark.parametrize("programme", WHOLE)
def test_every_rule_of_the_catalogue_is_accounted_for(programme: str):
    folder = programme_folder(programme)
    covered = cover(load_pack(folder), read_catalogue(folder), read_vectors(folder))
    assert {found.rule: found.missing for found in covered.rules if found.missing} == {}
    assert covered.absent_vectors == ()
    assert covered.unknown == ()
    assert covered.strangers == ()
    assert [found.rule for found in covered.rules if found.untried] == []


@pytest.mark.parametrize("programme", WHOLE)
def test_every_command_that_holds_a_rule_is_a_command(programme: str):
    guards = {
        found["id"]: found["guard"]
        for found in load_pack(programme_folder(programme)).rules.values()
        if found.get("guard")
    }
    assert {rule: name for rule, name in guards.items() if name not in commands()} == {}
