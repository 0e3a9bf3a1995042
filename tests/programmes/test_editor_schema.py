"""The JSON Schema of pack files: every file of the packs follows it, what is misspelt does not."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from grantcase.cli import app
from shared.kernel.canonical import canonical_json
from shared.programmes.editor_schema import editor_schema, kind_of, kinds, schema_of
from shared.programmes.reading import read_yaml

ROOT = Path(__file__).parents[2]
REAL = sorted((ROOT / "programmes").iterdir())
INVENTED = [ROOT / "tests/programmes/packs" / name for name in ("good", "firefly", "award")]
VALIDATORS = {kind: Draft202012Validator(schema_of(kind)) for kind in kinds()}


@pytest.mark.parametrize("folder", [*REAL, *INVENTED], ids=lambda folder: folder.name)
def test_every_file_of_a_pack_follows_the_schema_of_its_kind(folder):
    tried, wrong = set(), []
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        if (kind := kind_of(name)) is None:
            continue
        tried.add(kind)
        read = read_yaml(path, name)
        errors = VALIDATORS[kind].iter_errors(read.value)
        wrong += [f"{name}: {error.json_path}: {error.message[:200]}" for error in errors]
    assert wrong == []
    assert {"pack.yaml", "rules/*.yaml", "moments/*.yaml", "forms/*.yaml"} <= tried


def test_the_schema_itself_is_a_json_schema():
    for schema in (editor_schema(), *(schema_of(kind) for kind in kinds())):
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("file", "path", "value"),
    [
        ("pack.yaml", ("case_prefx",), "TE"),
        ("pack.yaml", ("entry",), "raffle"),
        ("pack.yaml", ("signing", "periods"), 3),
        ("rules/tea.yaml", ("rules", 0, "clauses", 0, "severity"), "stern"),
        ("rules/tea.yaml", ("rules", 0, "clauses", 0, "mesage"), {}),
        ("moments/all.yaml", ("moments", 0, "owner"), "archive"),
        ("forms/F01.yaml", ("fields", 0, "required"), "maybe"),
        ("forms/F01.yaml", ("fields", 4, "fields", 0, "lable"), {}),
    ],
)
def test_what_is_misspelt_is_marked(file, path, value):
    folder = ROOT / "tests/programmes/packs/good"
    document = copy.deepcopy(read_yaml(folder / file, file).value)
    here = document
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    (error,) = VALIDATORS[kind_of(file)].iter_errors(document)
    assert str(path[-1]) in error.message or list(error.absolute_path) == list(path)


def test_the_stored_schemas_are_the_ones_that_the_command_writes(tmp_path):
    stored = ROOT / "docs/reference/pack.schema.json"
    out = tmp_path / "schema.json"
    told = CliRunner().invoke(app, ["rules", "schema", "--out", str(out)])
    assert told.exit_code == 0, told.output
    assert out.read_text("utf-8") == stored.read_text("utf-8")
    told = CliRunner().invoke(app, ["rules", "schema", "--kind", "rules/*.yaml"])
    assert '"title": "Grantcase: rules/*.yaml"' in told.output
    assert canonical_json(editor_schema())
