"""Packs entered at the award or the contract: right as they are, and every fault of theirs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shared.programmes.validation import validate

PACKS = Path(__file__).parent / "packs"
MIDTERM = 'due_on: "add_months(case.execution_start, 6)"'

# (pack, what stands in pack.yaml, what shall stand there, field, words)
ONE_FAULT = [
    ("award", "registration: {moment: register, forms: [L01]}\n", "", "", "registration"),
    ("award", "moment: register, forms", "moment: registry, forms", "/registration/moment",
     "no moment registry"),
    ("award", "forms: [L01]}", "forms: [L09]}", "/registration/forms/0", "no form L09"),
    ("award", "entry: award", "entry: call", "/registration", "entry award or contract"),
    ("award", 'signing: {due: "add_days(case.announced_on, 45)", reminder_required: false}\n', "",
     "", "needs a section signing"),
    ("award", "signing: {due:", "signing: {period_days: 45, due:", "/signing", "either"),
    ("award", ", reminder_required: false", "", "/signing/reminder_days", "reminder_required"),
    ("award", "case.announced_on, 45", "case.announced, 45", "/signing/due", "no date"),
    ("award", MIDTERM, "due_on: call.budget_twd", "/checkpoints/0/due_on", "no date"),
    ("award", MIDTERM, f"{MIDTERM}, due: plan_due_on", "/checkpoints/0", "either due or due_on"),
    ("award", f"{MIDTERM}, ", "", "/checkpoints/0", "either due or due_on"),
    ("award", MIDTERM, f"{MIDTERM}, share_bp: 10000", "/checkpoints/0", "in all checkpoints"),
    ("contract", "plan.B01.interim_on", "plan.B01.interim", "/checkpoints/0/due_on", "no date"),
]  # fmt: skip


@pytest.mark.parametrize("entry", ["award", "contract"])
def test_an_invented_programme_of_each_entry_has_no_fault(entry):
    assert validate(PACKS / entry) == []


@pytest.mark.parametrize(
    ("entry", "old", "new", "field", "words"),
    ONE_FAULT,
    ids=[f"{case[0]}{case[3]}-{index}" for index, case in enumerate(ONE_FAULT)],
)
def test_one_fault_of_these_sections_is_named(tmp_path, entry, old, new, field, words):
    folder = tmp_path / entry
    shutil.copytree(PACKS / entry, folder)
    text = (folder / "pack.yaml").read_text("utf-8")
    assert old in text
    (folder / "pack.yaml").write_text(text.replace(old, new, 1), "utf-8")
    told = [str(fault) for fault in validate(folder) if fault.field == field]
    assert any(words in line for line in told), [str(fault) for fault in validate(folder)]
