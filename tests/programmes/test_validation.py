"""One fault each: its file, its line, its field, and words in both languages."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from shared.programmes import validation
from shared.programmes.validation import validate
from tests.programmes.tea import FOLDER

PACK, RULES, MOMENTS = "pack.yaml", "rules/tea.yaml", "moments/all.yaml"
F01, F02, CALL = "forms/F01.yaml", "forms/F02.yaml", "calls/110-1.yaml"

# (file, what stands there, what shall stand there, field, words); the fault is on the changed line
ONE_FAULT = [
    (PACK, "version: 1", "version: one", "/version", "Not a valid integer"),
    (PACK, "entry: call", "entry: raffle", "/entry", "Must be one of"),
    (PACK, "case_prefix: TE110", "case_prefx: TE110", "/case_prefx", "Unknown field"),
    (PACK, "names: {zh-Hant: 茶館補助, en: Tea house grants}", "names: {zh-Hant: 茶館補助}",
     "/names/en", "Missing data"),
    (PACK, "value: 3, type: int", "value: 3, type: integer", "/parameters/minimum/type",
     "not a type"),
    (PACK, "value: 3, type: int", 'value: "3", type: int', "/parameters/minimum/value",
     "must be an integer"),
    (PACK, "mark: PRINTED, rule: TE-TRK-01", "mark: GUESSED, rule: TE-TRK-01",
     "/parameters/minimum/mark", "Must be one of"),
    (PACK, "office: programme_officer", "office: boss", "/roles/office", "Must be one of"),
    (PACK, "from: 10, to: null", "from: 11, to: null", "/tracks/ALL/tiers/1/from", "contiguous"),
    (PACK, "from: 3, to: 9", "from: 4, to: 9", "/tracks/ALL/tiers/0/from", "contiguous"),
    (PACK, "from: 10, to: null", "from: 10, to: 20", "/tracks/ALL/tiers/1/to", "open"),
    (PACK, "rank_by: [taste]", "rank_by: [colour]", "/scoring/rank_by/0", "neither a criterion"),
    (PACK, "due: cp1_on", "due: cp9_on", "/checkpoints/0/due", "no call parameter cp9_on"),
    (PACK, "moment: cp1, instalment", "moment: cp9, instalment", "/checkpoints/0/moment",
     "no moment cp9"),
    (PACK, "instalment: 1}", "instalment: 2}", "/checkpoints/0/instalment", "no instalment"),
    (PACK, "cumulative_bp: 10000", "cumulative_bp: 9999", "/checkpoints/0/cumulative_bp",
     "sum to 10000"),
    (PACK, "no: 1, checkpoint", "no: 2, checkpoint", "/instalments/0/no", "the number is 1"),
    (PACK, "checkpoint: cp1, amount", "checkpoint: cp7, amount", "/instalments/0/checkpoint",
     "no checkpoint cp7"),
    (PACK, "contract.amount_twd - previous_twd", "contract.amount - previous_twd",
     "/instalments/0/amount", "there is no amount"),
    (PACK, "contract.amount_twd - previous_twd", "'all of it'", "/instalments/0/amount",
     "gives text, not number"),
    (MOMENTS, "forms: [F01, F02]", "forms: [F01, F09]", "/moments/0/forms/1", "no form F09"),
    (MOMENTS, "id: cp1", "id: submit", "/moments/1/id", "there twice"),
    (MOMENTS, "owner: monitoring", "owner: archive", "/moments/1/owner", "Must be one of"),
    (MOMENTS, "progress_bp: bp", "progress_bp: percent", "/moments/1/facts/progress_bp",
     "not a type"),
    (MOMENTS, "progress_bp: bp", "value: bp", "/moments/1/facts/value", "taken"),
    (MOMENTS, "trigger: {timer: CheckpointDue}", "trigger: {timer: A, command: B}",
     "/moments/1/trigger", "either a command or a timer"),
    (F01, "example: 3}", 'example: "3"}', "/forms/F01/fields/1", "must be an integer"),
    (F01, 'type: "enum(ALL, NONE)"', "type: choice", "/forms/F01/fields/0/type", "not a type"),
    (F01, "personal: true, subject: pm,", "personal: true,", "/forms/F01/fields/4/fields/0",
     "names its subject"),
    (F01, "id: story", "id: count", "/forms/F01/fields/3/id", "there twice"),
    (F01, "en: Story}", "en: ''}", "/forms/F01/fields/3/label/en", "Shorter than"),
    (F02, "required: yes, example: 4", "required: maybe, example: 4",
     "/forms/F02/fields/2/required", "Must be one of"),
    (RULES, "id: TE-TRK-02", "id: TE-TRK-01", "/rules/1/id", "there twice"),
    (RULES, "id: TE-TRK-02", "id: XX-TRK-02", "/rules/1/id", "start with TE-"),
    (RULES, "severity: warn", "severity: stern", "/rules/0/clauses/2/severity", "Must be one of"),
    (RULES, "blocks: claim", "blocks: lunch", "/rules/0/clauses/1/blocks", "Must be one of"),
    (RULES, "severity: warn", "severity: manual", "/rules/0/clauses/2", "names the role"),
    (RULES, "role: screening_officer", "role: screener", "/rules/2/clauses/1/role",
     "Must be one of"),
    (RULES, "moment: cp1", "moment: cp3", "/rules/3/clauses/0/moment", "no moment cp3"),
    (RULES, "name: enough, moment", "name: n, moment", "/rules/0/values/1/name", "there twice"),
    (RULES, "param.cap_twd\"", "param.cap\"", "/rules/1/clauses/0/require", "there is no cap"),
    (RULES, "now <= call.closes_at", "now <= call.close_at", "/rules/1/clauses/1/require",
     "there is no close_at"),
    (RULES, "row.employees <= 9", "row.employes <= 9", "/rules/0/clauses/1/require",
     "there is no employes"),
    (RULES, "value.n >= param.minimum\"}", "value.m >= param.minimum\"}",
     "/rules/0/values/1/expr", "there is no m"),
    (RULES, "forms.F01.track == 'ALL'", "forms.F01.track == 'ALLE'",
     "/rules/1/clauses/0/applies", "ALLE is not in"),
    (RULES, "progress_bp >= 10000", "progress_bp >= 100.00", "/rules/3/clauses/0/require",
     "double literal 100.00 is refused"),
    (RULES, "progress_bp >= 10000", "progress_bp >=", "/rules/3/clauses/0/require",
     "unexpected the end"),
    (RULES, "progress_bp >= 10000", "progress_bp + 1", "/rules/3/clauses/0/require",
     "gives number, not bool"),
    (RULES, "subject: employees", "subject: employes", "/rules/0/clauses/1/subject",
     "there is no employes"),
    (RULES, "subject: /forms/F01/story", "subject: /forms/F01/tale", "/rules/2/clauses/0/subject",
     "there is no /forms/F01/tale"),
    (RULES, "subject: /progress_bp", "subject: progress_bp", "/rules/3/clauses/0/subject",
     "JSON pointer"),
    (RULES, "僅{value.n}家", "僅{value.m}家", "/rules/0/clauses/0/message/zh-Hant",
     "names no fact"),
    (RULES, "row {row_number}: {row.employees}", "row {row_number}: {row.contact}",
     "/rules/0/clauses/1/message/en", "is personal"),
    (RULES, "progress {progress_bp|percent}", "progress {progress_bp|loud}",
     "/rules/3/clauses/0/message/en", "does not fit"),
    (RULES, "{zh-Hant: 停權中, en: barred}", "{zh-Hant: 停權中}",
     "/rules/0/clauses/2/message/en", "Missing data"),
    (RULES, "guard: PublishCall", "gard: PublishCall", "/rules/4/gard", "Unknown field"),
    (RULES, "progress_bp >= 10000", "forms.F02.all(r, r.contact != null)",
     "/rules/3/clauses/0/require", "only clauses of intake may read it"),
    (RULES, "distinct_count(forms.F02.map(r, r.ubn))", "forms.F02.map(r, r.contact)",
     "/rules/0/values/0/expr", "is personal"),
    (CALL, "programme: tea-110", "programme: coffee-110", "/calls/0/programme", "tea-110"),
    (CALL, 'cp1_on: "2021-07-15"', 'cp1_on: "15 July"', "/calls/0/parameters/cp1_on",
     "YYYY-MM-DD"),
    (CALL, 'cp1_on: "2021-07-15"', "cp2_on: 2021-07-15", "/calls/0/parameters/cp2_on",
     "unknown key"),
]  # fmt: skip


@pytest.fixture
def pack(tmp_path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "tea")
    return tmp_path / "tea"


def change(pack: Path, file: str, old: str, new: str) -> int:
    """Change the first place where `old` stands; its line."""
    text = (pack / file).read_text("utf-8")
    assert old in text, f"{file} has no {old}"
    (pack / file).write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_good_pack_has_no_fault():
    assert validate(FOLDER) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "words"), ONE_FAULT, ids=[case[3] for case in ONE_FAULT]
)
def test_one_fault_is_named_with_file_line_and_field(pack, file, old, new, field, words):
    line = change(pack, file, old, new)
    faults = [fault for fault in validate(pack) if fault.field == field]
    assert faults, [str(fault) for fault in validate(pack)]
    fault = faults[0]
    assert fault.file == file
    assert words in fault.reason_en
    assert fault.reason_zh
    assert fault.column >= 1
    # a fault of a whole group, or of a key that is missing, stands at the group
    assert fault.line == line or (fault.line < line and line - fault.line <= 6)


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (RULES, "progress_bp >= 10000", "progress_bp >= 1.5", 82),
        (PACK, "office: programme_officer", "office: boss", 15),
        (F02, "type: money", "type: cash", 14),
    ],
)
def test_the_line_is_exact(pack, file, old, new, line):
    change(pack, file, old, new)
    (fault,) = validate(pack)
    assert fault.line == line


def test_weights_that_do_not_sum_to_a_hundred_are_named(pack):
    change(pack, PACK, "weight_centi: 10000", "weight_centi: 9950")
    (fault,) = validate(pack)
    assert (fault.field, fault.file) == ("/scoring/criteria", PACK)
    assert "9950" in fault.reason_en


def test_a_bonus_of_a_value_that_moment_rank_does_not_have_is_named(pack):
    bonus = "{id: early, label: {zh-Hant: 早, en: Early}, points: early_centi}"
    change(pack, PACK, "rank_by: [taste]", f"rank_by: [taste]\n  bonuses: [{bonus}]")
    (fault,) = validate(pack)
    assert fault.field == "/scoring/bonuses/0"
    assert "early_centi" in fault.reason_en


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ("DecideCheckpoint", "RecordScore", "/separations/0/first"),  # review does not know it
        ("PrepareDisbursement", "PayOut", "/separations/0/second"),
    ],
)
def test_a_separation_that_nobody_would_enforce_is_named(pack, first, second, field):
    pair = f"first: {first}, second: {second}, rule: XX-01, text: {{zh-Hant: 二人, en: Two}}"
    change(pack, PACK, "scoring:", f"separations: [{{{pair}}}]\nscoring:")
    assert [fault.field for fault in validate(pack)] == [field]


def test_instalments_that_do_not_cover_the_amount_are_named(pack):
    change(pack, PACK, "contract.amount_twd - previous_twd", "floor_div(contract.amount_twd, 2)")
    (fault,) = validate(pack)
    assert fault.field == "/instalments"
    assert "sum to NT$" in fault.reason_en


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "forms.F01.track == 'ALL' && forms.F01.requested_twd != null",
            "forms.F01.track == 'ALL'",
            "fails where /forms/F01/requested_twd is empty",
        ),
        ('applies: "row.employees != null"', "applies: 'true'", "/forms/F02/0/employees is empty"),
    ],
)
def test_a_null_that_is_not_guarded_is_found(pack, old, new, words):
    change(pack, RULES, old, new)
    (fault,) = validate(pack)
    assert fault.field.endswith("/require")
    assert words in fault.reason_en


def test_an_empty_table_that_is_not_guarded_is_found(pack):
    change(pack, RULES, "distinct_count(forms.F02.map(r, r.ubn))", "forms.F02[0].no")
    faults = validate(pack)
    assert any("/forms/F02 is empty" in fault.reason_en for fault in faults)


def test_a_null_behind_a_branch_the_example_does_not_take_is_found(pack):
    change(
        pack,
        RULES,
        "forms.F01.track == 'ALL' && forms.F01.requested_twd != null",
        "forms.F01.track == 'NONE'",
    )
    (fault,) = validate(pack)
    assert fault.field == "/rules/1/clauses/0/require"
    assert "fails with forms.F01.requested_twd = None" in fault.reason_en


def test_a_failure_on_the_example_is_found(pack):
    change(pack, RULES, "progress_bp >= 10000", "floor_div(progress_bp, progress_bp - 5000) > 1")
    (fault,) = validate(pack)
    assert "fails on the example: floor_div()" in fault.reason_en


def test_an_expression_that_brings_the_child_down_is_named(pack, monkeypatch):
    program = (
        "import json, os, sys; sys.stdin.read();"
        "print(json.dumps({'at': '/rules/3/clauses/0'}), flush=True); os.abort()"
    )
    monkeypatch.setattr(validation, "CHILD", (sys.executable, "-c", program))
    (fault,) = validate(pack)
    assert (fault.file, fault.field) == (RULES, "/rules/3/clauses/0")
    assert "brought the evaluation down" in fault.reason_en


def test_an_expression_of_2001_characters_is_refused(pack):
    change(pack, RULES, "progress_bp >= 10000", "progress_bp >= 10000" + " " * 1981)
    (fault,) = validate(pack)
    assert "2000" in fault.reason_en


def test_a_big5_rules_file_is_named_by_line(pack):
    text = (pack / RULES).read_text("utf-8")
    (pack / RULES).write_bytes(text.encode("big5"))
    (fault,) = validate(pack)
    assert (fault.file, fault.line) == (RULES, 3)


def test_a_rules_file_with_a_byte_order_mark_is_fine(pack):
    text = (pack / RULES).read_text("utf-8")
    (pack / RULES).write_bytes(text.encode("utf-8-sig"))
    assert validate(pack) == []


def test_many_faults_come_in_one_go_sorted_by_place(pack):
    change(pack, PACK, "entry: call", "entry: raffle")
    change(pack, PACK, "version: 1", "version: x")
    change(pack, F01, "required: no", "required: perhaps")
    faults = validate(pack)
    assert [fault.file for fault in faults] == [F01, PACK, PACK]
    assert faults == sorted(faults)


def test_a_folder_that_is_no_pack_is_one_fault(tmp_path):
    (fault,) = validate(tmp_path)
    assert fault.file == "pack.yaml"
