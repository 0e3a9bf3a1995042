"""What can never come about, windows that run backwards or overlap, sums that do not add up: each
is a fault of the pack with its file, line, field, and words in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shared.programmes.validation import validate
from tests.programmes.tea import FOLDER

PACK, RULES, MOMENTS, CALL = "pack.yaml", "rules/tea.yaml", "moments/all.yaml", "calls/110-1.yaml"
SIGNING = "signing: {period_days: 14, extension_days: 7, reminder_days: 7}"
WORDS = "label: {zh-Hant: 步驟, en: Step}, owner: intake, roles: [applicant]"
INTAKE = "\nintake: {windows: {opens: opens_at, closes: closes_at}}"
OPENS = "  opens_at: {type: instant, required: false, label: {zh-Hant: 開始, en: Opens}}\n"


def steps(*written: str) -> str:
    """The signing section with steps after it."""
    rows = "".join(f"\n  - {{{row}, {WORDS}}}" for row in written)
    return f"{SIGNING}\nsteps:{rows}"


# (file, what stands there, what shall stand there, file of the fault, field, words)
FAULTS = [
    (PACK, SIGNING, steps("id: a, after: [b]", "id: b, after: [a]"), PACK, "/steps/0/after",
     "waits for itself"),
    (PACK, SIGNING, steps("id: a, after: [a]"), PACK, "/steps/0/after", "waits for itself"),
    (PACK, SIGNING, steps("id: a", "id: b, after: [a], until: [a]"), PACK, "/steps/1/until/0",
     "never: a has to stand before it"),
    (MOMENTS, "command: SubmitProposal", "command: SubmitProposals", MOMENTS,
     "/moments/0/trigger/command", "intake has no SubmitProposals"),
    (MOMENTS, "command: SubmitProposal", "command: TakeApplicationStep", MOMENTS,
     "/moments/0/trigger", "no step has the moment submit"),
    (PACK, "moment: cp1, instalment", "moment: submit, instalment", PACK, "/checkpoints/0/moment",
     "never decided"),
    (PACK, SIGNING, f"{SIGNING}\nmonitoring: {{kpis: {{form: F09}}}}", PACK,
     "/monitoring/kpis/form", "there is no form F09"),
    (PACK, SIGNING, f"{SIGNING}\nmonitoring: {{kpis: {{form: F02, code: kpi}}}}", PACK,
     "/monitoring/kpis/code", "F02 has no kpi"),
    (PACK, SIGNING, f"{SIGNING}\nfinance: {{values: {{payable: gone}}}}", PACK,
     "/finance/values/payable", "there is no value gone"),
    (PACK, "weight_centi: 10000", "weight_centi: 9999", PACK, "/scoring/criteria", "sum to 9999"),
    (PACK, '"contract.amount_twd - previous_twd"', '"contract.amount_twd - 1"', PACK,
     "/instalments", "the instalments sum to NT$0"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "where", "field", "words"), FAULTS)
def test_what_can_never_come_about_is_a_fault(tmp_path, file, old, new, where, field, words):
    folder = copied(tmp_path)
    changed(folder / file, old, new)
    (fault,) = [fault for fault in validate(folder) if fault.field == field]
    assert fault.file == where
    assert fault.line > 1
    assert words in fault.reason_en
    assert any("\u4e00" <= character <= "\u9fff" for character in fault.reason_zh)


def test_a_form_that_nothing_uses_is_a_fault(tmp_path):
    folder = copied(tmp_path)
    form = (folder / "forms/F02.yaml").read_text("utf-8").replace("id: F02", "id: F03")
    (folder / "forms/F03.yaml").write_text(form, "utf-8")
    (fault,) = validate(folder)
    assert (fault.file, fault.line, fault.field) == ("forms/F03.yaml", 1, "/forms/F03")
    assert fault.reason_en == "nothing uses this form"


def test_a_checkpoint_and_its_instalment_name_each_other(tmp_path):
    folder = copied(tmp_path)
    second = "{id: cp2, label: {zh-Hant: 二, en: Two}, due: cp1_on, moment: cp1, instalment: 1}"
    first = "report_due_days: 14, share_bp: 10000, cumulative_bp: 10000, "
    changed(folder / PACK, first, "")
    changed(folder / PACK, "instalment: 1}", "instalment: 1}\n  - " + second)
    (fault,) = validate(folder)
    assert fault.field == "/checkpoints/1/instalment"
    assert fault.reason_en == "instalment 1 is not reached: it waits for cp1"


def test_a_window_that_closes_before_it_opens_is_a_fault_of_the_call(tmp_path):
    folder = with_windows(tmp_path, "2021-03-17T09:00:00+08:00")
    (fault,) = validate(folder)
    assert (fault.file, fault.field) == (CALL, "/calls/0/parameters/closes_at")
    assert "is before opens_at" in fault.reason_en


def test_two_calls_whose_windows_overlap_are_a_fault(tmp_path):
    folder = with_windows(tmp_path, "2021-03-01T09:00:00+08:00")
    assert validate(folder) == []
    call = (folder / CALL).read_text("utf-8")
    second = folder / "calls/110-2.yaml"
    second.write_text(call.replace('"110-1"', '"110-2"'), "utf-8")
    (fault,) = validate(folder)
    assert (fault.file, fault.field) == ("calls/110-2.yaml", "/calls/1/parameters/opens_at")
    assert fault.reason_en == "the window overlaps that of call 110-1"
    later = call.replace("2021-03-01T09", "2021-03-16T18").replace("2021-03-16T17", "2021-03-20T17")
    second.write_text(later.replace('"110-1"', '"110-2"'), "utf-8")
    assert validate(folder) == []


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "tea"))


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path}: {old}"
    path.write_text(text.replace(old, new), "utf-8")


def with_windows(tmp_path: Path, opens: str) -> Path:
    folder = copied(tmp_path)
    changed(folder / PACK, "call_parameters:\n", "call_parameters:\n" + OPENS)
    changed(folder / PACK, SIGNING, SIGNING + INTAKE)
    changed(folder / CALL, "parameters:\n", f'parameters:\n  opens_at: "{opens}"\n')
    return folder
