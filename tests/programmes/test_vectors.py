"""Every vector of every pack: what the catalogue says, asked of the moment.

Vectors that give commands run in tests/e2e/test_command_vectors.py and tests/unit/monitoring.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from shared.programmes.compiled import CompiledPack
from shared.programmes.location import programme_folders
from shared.programmes.pack import load_pack
from shared.programmes.reading import UnreadablePack
from shared.programmes.vectors import Vector, read_vectors, run_vector
from tests.programmes.tea import FOLDER

ALL = [(folder, vector) for folder in programme_folders() for vector in read_vectors(folder)]
MOMENT_VECTORS = [(folder, vector) for folder, vector in ALL if vector.moment is not None]


@cache
def pack_of(folder: Path) -> CompiledPack:
    return CompiledPack(load_pack(folder))


@pytest.mark.parametrize(
    ("folder", "vector"), MOMENT_VECTORS, ids=[vector.id for _, vector in MOMENT_VECTORS]
)
def test_the_moment_says_what_the_catalogue_says(folder: Path, vector: Vector):
    differences = run_vector(pack_of(folder), folder, vector)
    assert not differences, f"{vector.place}: {vector.says}: {'; '.join(differences)}"


def test_every_rule_of_a_vector_exists():
    for folder, vector in ALL:
        rules = load_rules(folder)
        assert set(vector.rules) <= rules, f"{vector.place}: {set(vector.rules) - rules}"


@cache
def load_rules(folder: Path) -> set[str]:
    return set(load_pack(folder).rules)


@pytest.fixture
def tea_folder(tmp_path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "tea")
    (tmp_path / "tea" / "vectors").mkdir(exist_ok=True)
    return tmp_path / "tea"


def write(folder: Path, text: str) -> None:
    (folder / "vectors" / "v.yaml").write_text(text, "utf-8")


def outcome(folder: Path) -> list[tuple[str, ...]]:
    return [run_vector(pack_of(folder), folder, vector) for vector in read_vectors(folder)]


def test_a_vector_starts_from_its_base_and_its_base_from_another(tea_folder):
    bases = tea_folder / "vectors" / "bases" / "submit"
    bases.mkdir(parents=True, exist_ok=True)
    (bases / "five.yaml").write_text("/forms/F02: {rows: 5}\n")
    (bases / "late.yaml").write_text('base: five\n/now: "2021-03-17T00:00:00+08:00"\n')
    write(
        tea_folder,
        "vectors:\n"
        "  - {id: T1, rule: TE-TRK-01, says: five, moment: submit, base: late,\n"
        "     expect: {blocked: true, findings: [TE-TRK-02/b], silent: [TE-TRK-01/a],\n"
        "              values: {n: 5}}}\n",
    )
    assert outcome(tea_folder) == [()]


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ("blocked: true", "blocked is False"),
        ("findings: [TE-TRK-02/b]", "TE-TRK-02/b is silent"),
        ("findings: [TE-TRK-02/z]", "no clause of submit"),
        ("silent: [TE-TRK-02/z]", "no clause of submit"),
        ("values: {n: 4}", "value n is 3, not 4"),
        ("values: {m: 4}", "value m is 'absent'"),
        ("values: {enough: 1}", "value enough is True, not 1"),
    ],
)
def test_a_vector_that_does_not_hold_says_why(tea_folder, expect, words):
    write(
        tea_folder,
        "vectors:\n"
        f"  - {{id: T1, rule: TE-TRK-01, says: x, moment: submit, expect: {{{expect}}}}}\n",
    )
    ((difference,),) = outcome(tea_folder)
    assert words in difference


def test_a_clause_that_should_be_silent_and_speaks_is_a_difference(tea_folder):
    write(
        tea_folder,
        "vectors:\n"
        "  - {id: T1, rule: TE-TRK-01, says: x, moment: submit,\n"
        "     change: {/forms/F01/story: null}, expect: {silent: [TE-FRM-01/a]}}\n",
    )
    assert outcome(tea_folder) == [("TE-FRM-01/a spoke",)]


@pytest.mark.parametrize(
    "item",
    [
        "{id: T1, rule: R, says: x}",
        "{id: T1, rule: R, says: x, moment: submit}",
        "{id: T1, rule: R, says: x, moment: submit, commands: [], expect: {blocked: true}}",
        "{id: T1, rule: R, moment: submit, expect: {blocked: true}}",
        "{id: T1, rule: R, says: x, moment: submit, expect: {blockd: true}}",
        "{id: T1, rule: R, says: x, moment: submit, exect: {blocked: true}}",
    ],
)
def test_a_vector_that_tests_nothing_is_refused_with_its_line(tea_folder, item):
    write(tea_folder, f"vectors:\n  - {item}\n")
    with pytest.raises(UnreadablePack) as refused:
        read_vectors(tea_folder)
    assert refused.value.faults[0].file == "vectors/v.yaml"
    assert refused.value.faults[0].line == 2
