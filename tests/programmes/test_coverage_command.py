"""`grantcase rules coverage`: its table, its JSON and every exit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from grantcase.cli.rules import app
from tests.programmes.tea import FOLDER, tea

WHOLE = FOLDER.with_name("whole")


@pytest.fixture
def whole_tea(tmp_path: Path) -> Path:
    """The tea house programme with a catalogue and vectors for everything."""
    folder = tmp_path / "tea-110"
    shutil.copytree(FOLDER, folder)
    shutil.copy(WHOLE / "catalogue.yaml", folder)
    (folder / "vectors").mkdir(exist_ok=True)
    shutil.copy(WHOLE / "tea.yaml", folder / "vectors" / "tea.yaml")
    return folder


def run(folder: Path, *options: str) -> Any:
    return CliRunner().invoke(app, ["coverage", str(folder), *options])


def test_a_whole_programme_exits_0_and_the_catalogue_changes_no_digest(whole_tea: Path):
    result = run(whole_tea, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0, result.stdout
    assert told["complete"] is True
    assert told["digest"] == tea().digest
    assert told["totals"]["enforced"] == told["totals"]["rules"] == 5
    first = next(found for found in told["rules"] if found["rule"] == "TE-TRK-01")
    assert (first["passes"], first["fails"]) == (["TE-T1"], ["TE-T2"])
    assert {"kind": "clause", "name": "submit/a block"} in first["where"]


def test_the_table_is_for_people(whole_tea: Path):
    told = run(whole_tea).stdout
    for words in ("TE-TRK-01", "執行 enforced", "submit/a block", "+TE-T1 −TE-T2", "7/7"):
        assert words in told


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("catalogue.yaml", "TE-TRK: 2", "TE-TRK: 3", "TE-TRK-03"),
        ("catalogue.yaml", "TE-CALL: 1", "TE-CALL: 1, TE-NEW: 1", "TE-NEW-01"),
        ("catalogue.yaml", ", TE-CALL: 1", "", "TE-CALL-01"),
        ("catalogue.yaml", "count: 7", "count: 8", "TE-T8"),
        ("vectors/tea.yaml", "rule: TE-TRK-01", "rule: TE-NO-77", "TE-NO-77"),
        ("vectors/tea.yaml", "{silent: [TE-MON-01/a]}", "{blocked: false}", "TE-MON-01"),
        ("vectors/tea.yaml", "tries: both, ", "", "TE-CALL-01"),
    ],
)
def test_whatever_is_missing_exits_1_and_is_named(
    whole_tea: Path, file: str, old: str, new: str, words: str
):
    path = whole_tea / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    result = run(whole_tea, "--only", "missing")
    assert result.exit_code == 1
    assert words in result.stdout
    assert json.loads(run(whole_tea, "--json").stdout)["complete"] is False


def test_one_family_is_judged_alone(whole_tea: Path):
    text = (whole_tea / "catalogue.yaml").read_text("utf-8")
    (whole_tea / "catalogue.yaml").write_text(text.replace("TE-TRK: 2", "TE-TRK: 3"), "utf-8")
    assert run(whole_tea, "--family", "TE-TRK").exit_code == 1
    other = run(whole_tea, "--family", "te-frm", "--json")
    assert other.exit_code == 0
    assert [found["rule"] for found in json.loads(other.stdout)["rules"]] == ["TE-FRM-01"]


def test_only_what_was_asked_for_is_listed(whole_tea: Path):
    for view in ("missing", "untried", "officer", "outside"):
        assert json.loads(run(whole_tea, "--json", "--only", view).stdout)["rules"] == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--only", "most"), "--only is one of"),
        (("--family", "TE-NO"), "there is no family TE-NO"),
    ],
)
def test_an_unknown_choice_exits_1_and_names_what_there_is(
    whole_tea: Path, options: tuple[str, ...], words: str
):
    result = run(whole_tea, *options)
    assert result.exit_code == 1
    assert words in " ".join(result.stderr.split())


def test_an_unreadable_catalogue_or_vector_exits_1_in_words(whole_tea: Path):
    (whole_tea / "catalogue.yaml").write_text("families: 1\n", "utf-8")
    assert "cannot be read" in " ".join(run(whole_tea).stderr.split())
    assert run(whole_tea).exit_code == 1


def test_without_a_catalogue_the_pack_s_own_rules_are_judged_and_it_is_said(whole_tea: Path):
    (whole_tea / "catalogue.yaml").unlink()
    result = run(whole_tea)
    assert result.exit_code == 0
    assert "there is no catalogue.yaml" in " ".join(result.stdout.split())
