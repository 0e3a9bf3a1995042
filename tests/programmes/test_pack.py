"""A pack as one document with a digest."""

from __future__ import annotations

import json
import shutil

import pytest

from shared.programmes.pack import Pack, load_pack
from shared.programmes.reading import UnreadablePack
from tests.programmes.tea import FOLDER, tea


def test_the_digest_survives_the_way_through_json():
    again = Pack.from_document(json.loads(json.dumps(tea().document)))
    assert again.digest == tea().digest
    assert again.clauses == tea().clauses


def test_calls_and_vectors_are_no_part_of_the_digest(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "p")
    (tmp_path / "p" / "calls" / "110-1.yaml").unlink()
    (tmp_path / "p" / "vectors").mkdir(exist_ok=True)
    (tmp_path / "p" / "vectors" / "more.yaml").write_text("vectors: []\n")
    assert load_pack(tmp_path / "p").digest == tea().digest


def test_another_figure_is_another_digest(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "p")
    file = tmp_path / "p" / "pack.yaml"
    file.write_text(file.read_text().replace("cap_twd: {value: 300000", "cap_twd: {value: 300001"))
    assert load_pack(tmp_path / "p").digest != tea().digest


def test_a_section_may_stand_in_a_file_of_its_own(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "p")
    (tmp_path / "p" / "township_groups.yaml").write_text("township_groups: {臺北市/中正區: 1}\n")
    assert load_pack(tmp_path / "p").document["township_groups"] == {"臺北市/中正區": 1}


def test_a_section_written_twice_is_a_fault_of_the_second_file(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "p")
    (tmp_path / "p" / "more.yaml").write_text("\nid: other\n")
    with pytest.raises(UnreadablePack) as refused:
        load_pack(tmp_path / "p")
    (fault,) = refused.value.faults
    assert (fault.file, fault.line, fault.field) == ("more.yaml", 2, "/id")


def test_a_folder_without_pack_yaml_is_no_pack(tmp_path):
    with pytest.raises(UnreadablePack, match="there is no"):
        load_pack(tmp_path)


def test_a_rules_file_without_rules_on_top_is_a_fault(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "p")
    (tmp_path / "p" / "rules" / "z.yaml").write_text("rule: []\n")
    with pytest.raises(UnreadablePack) as refused:
        load_pack(tmp_path / "p")
    assert refused.value.faults[0].file == "rules/z.yaml"


def with_signing(tmp_path, days):
    """The good pack with another figure for the days of signing."""
    shutil.copytree(FOLDER, tmp_path / "p")
    file = tmp_path / "p" / "pack.yaml"
    text = file.read_text("utf-8").replace("period_days: 14", f"period_days: {days}")
    listed = "  days: {value: [5, 9], type: list(int), mark: DEFAULT, rule: TE-TRK-01}\n"
    file.write_text(text.replace("parameters:\n", f"parameters:\n{listed}", 1), "utf-8")
    return tmp_path / "p"


@pytest.mark.parametrize(
    ("days", "figure"), [("{param: minimum}", 3), ("{param: days, item: 2}", 9)]
)
def test_a_figure_of_a_section_may_be_a_parameter(tmp_path, days, figure):
    pack = load_pack(with_signing(tmp_path, days))
    assert pack.document["signing"]["period_days"] == figure


@pytest.mark.parametrize("days", ["{param: nothing}", "{param: days, item: 3}", "{param: [days]}"])
def test_a_figure_that_no_parameter_has_is_a_fault_with_its_place(tmp_path, days):
    with pytest.raises(UnreadablePack) as refused:
        load_pack(with_signing(tmp_path, days))
    (fault,) = refused.value.faults
    assert (fault.file, fault.field) == ("pack.yaml", "/signing/period_days")
    assert "there is no parameter" in fault.reason_en
