"""A fifth programme without code: the invented firefly programme is data only, and one of its cases
lives its whole life over the services as they are."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grantcase.cli import app
from grantcase.demo import people
from shared.programmes.compiled import CompiledPack
from shared.programmes.pack import load_pack
from shared.programmes.validation import validate
from shared.programmes.vectors import read_vectors, run_vector
from tests.support.firefly_story import FOLDER, SOCIETY, Firefly

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-programme.md"


@pytest.fixture
def firefly(tmp_path) -> Iterator[Firefly]:
    story = Firefly(tmp_path / "store")
    yield story
    story.office.close()


def test_the_pack_is_data_only_and_has_no_fault():
    assert {path.suffix for path in FOLDER.rglob("*") if path.is_file()} == {".yaml"}
    assert validate(FOLDER) == []


def test_its_vectors_hold():
    compiled = CompiledPack(load_pack(FOLDER))
    vectors = read_vectors(FOLDER)
    assert len(vectors) >= 10
    assert [said for one in vectors for said in run_vector(compiled, FOLDER, one)] == []


def test_a_case_goes_from_the_draft_to_the_archive(firefly):
    assert firefly.submitted()["case_number"] == "FI114-0001"
    firefly.permitted()
    assert firefly.screened()["outcome"] == "accepted"
    assert firefly.selected()["base_centi"] == 8000
    assert firefly.signed() == [56_000, 84_000]
    assert firefly.newest("finance", "ContractFileOpened")["signing_due_on"] == "2025-05-24"
    assert firefly.checkpoint("half", "2025-08-20")["outcome"] == "passed"
    firefly.paid(1, 56_000)
    refused = firefly.refused(people.OFFICER, "ApproveClosing")
    assert refused["rule"] == "FI-CLO-01"
    assert firefly.checkpoint("end", "2025-12-01")["outcome"] == "passed"
    firefly.paid(2, 84_000)
    firefly.office.at("2025-12-10T10:00:00+08:00")
    assert firefly.do(people.OFFICER, "ApproveClosing")["closed_on"] == "2025-12-10"
    firefly.followed()
    assert firefly.types("monitoring")[-2:] == ["FollowUpCompleted", "CaseArchived"]
    assert "ContractSettled" in firefly.types("finance")
    assert firefly.types("intake")[-1] == "CaseEnded"


def test_a_case_without_its_permit_is_not_accepted(firefly):
    firefly.submitted()
    answer = firefly.screened()
    assert (answer["outcome"], answer["reasons"]) == ("rejected", ["FI-SCR-01"])
    assert firefly.types("finance") == []


def test_what_breaks_a_rule_is_refused_and_named_in_both_languages(firefly):
    firefly.drafted()  # the plan is missing
    refused = firefly.refused(SOCIETY, "SubmitProposal")
    assert refused["rule"] == "FI-DOC-01"
    (finding,) = [one for one in refused["findings"] if one["severity"] == "block"]
    assert finding["message"] == {"zh-Hant": "未附計畫書", "en": "the plan is missing"}


def test_a_draft_that_is_not_sent_by_the_end_of_the_window_lapses(firefly):
    firefly.drafted()
    firefly.office.at("2025-03-31T17:00:01+08:00")
    assert firefly.types("intake")[-1] == "ProposalLapsed"


def test_the_commands_of_the_how_to_page_run(tmp_path):
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", PAGE.read_text("utf-8"), re.M | re.S)
    told = re.findall(r"\.venv/bin/grantcase (.+)", "".join(blocks))
    shutil.copytree(FOLDER, tmp_path / "my-programme")
    for line in told:
        words = shlex.split(line.replace("../", f"{tmp_path}/"))
        given, into = (_beside(words, sign) for sign in ("<", ">"))
        text = given.read_text("utf-8") if given else None
        result = CliRunner().invoke(app, words, input=text)
        expected = 1 if "coverage" in words else 0  # the example has few vectors, as the page says
        assert result.exit_code == expected, f"{line}: {result.output}"
        if into:
            into.write_text(result.output, "utf-8")
    assert len(told) >= 8


def _beside(words: list[str], sign: str) -> Path | None:
    """The file of a redirection, taken out of the words."""
    if sign not in words:
        return None
    at = words.index(sign)
    path = Path(words[at + 1])
    del words[at : at + 2]
    return path
