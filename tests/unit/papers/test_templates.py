"""Templates of papers: what a pack may say, and that the defaults say it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grantcase.papers.errors import UnknownPaper
from grantcase.papers.templates import (
    CALL,
    CASE,
    FOLDER,
    default_words,
    defaults,
    template,
    templates,
)
from shared.programmes.paper_schema import Paper
from shared.programmes.reading import read_yaml

LABEL = {"zh-Hant": "文件", "en": "paper"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_a_file_of_defaults_can_be_read(path: Path) -> None:
    assert read_yaml(path, path.name).faults == []


@pytest.mark.parametrize("kind", sorted(defaults()))
def test_a_default_paper_obeys_the_schema_of_a_pack(kind: str) -> None:
    assert Paper().validate(json.loads(json.dumps(defaults()[kind]))) == {}


def test_the_words_of_codes_are_texts() -> None:
    assert all(isinstance(word, str) and word for word in default_words().values())


def test_a_pack_takes_from_the_default_what_it_leaves_out() -> None:
    pack = {"papers": {"recovery-letter": {"label": LABEL, "title": "另函"}}}
    made = template(pack, "recovery-letter", CASE)
    assert made["title"] == "另函"
    assert made["blocks"] == defaults()["recovery-letter"]["blocks"]


def test_a_pack_may_declare_papers_of_its_own() -> None:
    pack = {"papers": {"diploma": {"label": LABEL, "title": "證書", "blocks": []}}}
    assert list(templates(pack, CASE))[0] == "diploma"
    assert "diploma" not in templates(pack, CALL)


@pytest.mark.parametrize(
    ("kind", "per"), [("poem", CASE), ("selection-list", CASE), ("dossier", CALL)]
)
def test_an_unknown_paper_is_refused_with_those_there_are(kind: str, per: str) -> None:
    with pytest.raises(UnknownPaper) as refused:
        template({}, kind, per)
    assert kind in refused.value.en
    assert list(templates({}, per))[0] in refused.value.zh


@pytest.mark.parametrize(
    ("blocks", "where"),
    [
        ([{"heading": "甲"}, {"tabel": "rows"}], "1"),
        ([{"table": "rows +", "columns": []}], "0/table"),
        ([{"table": 7, "columns": []}], "0/table"),
        ([{"paragraph": "甲", "colour": "red"}], "0/colour"),
        ([{"each": "rows", "blocks": [{"page": True, "when": "("}]}], "0/blocks/0/when"),
        ([{"panels": "rows", "columns": "1 +"}], "0/columns"),
    ],
)
def test_a_wrong_block_is_named(blocks: list[dict[str, Any]], where: str) -> None:
    found: Any = Paper().validate({"label": LABEL, "blocks": blocks})["blocks"]
    for step in where.split("/"):
        found = found[int(step) if step.isdigit() else step]
    assert found


@pytest.mark.parametrize("wrong", [{"style": "poster"}, {"per": "year"}, {"needs": [{}]}, {"x": 1}])
def test_a_wrong_head_is_refused(wrong: dict[str, Any]) -> None:
    assert Paper().validate({"label": LABEL, **wrong})
