"""`grantcase rules`: outputs and exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grantcase.cli.rule_text import decided
from grantcase.cli.rules import app
from grantcase.store_folder import create_store
from shared.kernel.clock import SimulatedClock, parse_instant
from tests.programmes.tea import FOLDER, checked, facts, tea

TEA = str(FOLDER)


def run(*arguments: str, stdin: object = None):
    text = stdin if isinstance(stdin, str) else json.dumps(stdin, ensure_ascii=False)
    return CliRunner().invoke(app, list(arguments), input=text)


def test_check_prints_the_evaluation_and_exits_0_when_nothing_blocks():
    result = run("check", TEA, "submit", stdin=facts())
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "programme": "tea-110",
        "digest": tea().digest,
        "moment": "submit",
        "findings": [],
        "values": {"n": 3, "enough": True},
    }


def test_check_exits_2_when_something_blocks():
    result = run("check", TEA, "submit", stdin=facts({"/forms/F02/1/employees": 12}))
    assert result.exit_code == 2
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["rule"], finding["clause"], finding["severity"]) == ("TE-TRK-01", "b", "block")
    assert finding["subject"]["row"] == 2
    assert set(finding["message"]) == {"zh-Hant", "en"}


def test_a_warning_alone_exits_0():
    ubn = facts()["forms"]["F02"][0]["ubn"]
    barred = facts({"/registers/bars": [{"ubn": ubn, "until": "2030-01-01"}]})
    result = run("check", TEA, "submit", stdin=barred)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["findings"][0]["severity"] == "warn"


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (("check", TEA, "submit"), "{", "not JSON"),
        (("check", TEA, "submit"), "[]", "one object"),
        (("check", TEA, "submit"), "{}", "/now: missing key"),
        (("check", TEA, "submit"), {**facts(), "extra": 1}, "/extra: unknown key"),
        (("check", TEA, "submit"), {**facts(), "now": 1.5}, "/now: must be an instant"),
        (("check", TEA, "nowhere"), "{}", "no moment nowhere"),
        (("check", "nothing-999", "submit"), "{}", "no programme nothing-999"),
        (("facts", TEA, "nowhere"), "", "no moment nowhere"),
        (("list", TEA, "--moment", "nowhere"), "", "no moment nowhere"),
        (("explain", TEA, "TE-NO-99"), "", "no rule TE-NO-99"),
    ],
)
def test_unusable_input_exits_1_and_says_where(arguments, stdin, words):
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert words in " ".join(result.stderr.split())


def test_wrong_usage_exits_1_because_2_says_that_something_blocks():
    program = (
        "import sys; sys.argv[1:] = ['rules', 'check']; from grantcase.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert b"Missing argument" in done.stderr
    assert done.returncode == 1


def test_facts_prints_an_example_that_check_takes():
    example = run("facts", TEA, "submit", "--example").stdout
    assert run("check", TEA, "submit", stdin=example).exit_code == 0
    document = json.loads(run("facts", TEA, "submit").stdout)
    assert document["example"] == json.loads(example)
    assert document["schema"]["required"] == list(document["example"])


def test_list_names_clauses_values_and_guards():
    rows = json.loads(run("list", TEA, "--json").stdout)
    assert len(rows) == 8 + 2 + 1
    assert {"TE-CALL-01", "TE-TRK-01/b", "TE-TRK-01 n"} <= {row["clause"] for row in rows}
    only = json.loads(run("list", TEA, "--json", "--moment", "cp1").stdout)
    assert [row["clause"] for row in only] == ["TE-MON-01/a"]
    assert "TE-MON-01/a" in run("list", TEA, "--moment", "cp1").stdout


def test_explain_prints_source_clauses_and_parameters():
    told = run("explain", TEA, "te-trk-01").stdout
    for words in ("壹", "PRINTED", "value.n", "distinct_count", "TE-TRK-01/b", "minimum = 3"):
        assert words in told
    assert "PublishCall" in run("explain", TEA, "TE-CALL-01").stdout


def test_validate_names_every_fault_and_exits_1(tmp_path, monkeypatch):
    folder = tmp_path / "tea-110"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setenv("GRANTCASE_PROGRAMMES", str(tmp_path))
    assert run("validate").exit_code == 0
    assert tea().digest in run("validate", "tea-110").stdout
    text = (folder / "pack.yaml").read_text("utf-8")
    (folder / "pack.yaml").write_text(text.replace("entry: call", "entry: raffle"), "utf-8")
    result = run("validate", "tea-110")
    assert result.exit_code == 1
    assert "tea-110/pack.yaml:5:1: /entry" in result.stderr
    assert "Must be one of" in result.stderr


def test_validate_says_when_there_is_nothing_to_validate(tmp_path, monkeypatch):
    monkeypatch.setenv("GRANTCASE_PROGRAMMES", str(tmp_path))
    assert run("validate").exit_code == 1


def test_the_programmes_of_the_checkout_are_found(monkeypatch):
    monkeypatch.delenv("GRANTCASE_PROGRAMMES", raising=False)
    from shared.programmes.location import programme_folders

    assert Path("coprosperity-112") in {Path(folder.name) for folder in programme_folders()}


@pytest.fixture
def store(tmp_path) -> str:
    opened = SimulatedClock(parse_instant("2021-02-01T09:00:00+08:00"))
    create_store(tmp_path / "store", opened)
    return str(tmp_path / "store")


def test_publish_puts_a_valid_pack_in_force_once(store):
    first = run("publish", TEA, "--store", store)
    assert first.exit_code == 0, first.stderr
    assert '"PackPublished"' in first.stdout
    again = run("publish", TEA, "--store", store)
    assert again.exit_code == 0
    assert '"events": []' in again.stdout
    event_id = json.loads(first.stdout[first.stdout.index("{") :])["events"][0]["id"]
    told = run("explain", TEA, "TE-TRK-01", "--decision", event_id, "--store", store)
    assert "records no decision" in told.stdout
    nothing = run("explain", TEA, "TE-TRK-01", "--decision", "nothing", "--store", store)
    assert nothing.exit_code == 1


def test_publish_wants_the_role_and_a_pack_without_faults(store, tmp_path):
    refused = run("publish", TEA, "--as", "bob:applicant", "--store", store)
    assert refused.exit_code == 2
    assert "programme_officer" in refused.stderr
    folder = tmp_path / "broken"
    shutil.copytree(FOLDER, folder)
    (folder / "rules" / "tea.yaml").write_text("rules: []\nmore: 1\n")
    assert run("publish", str(folder), "--store", store).exit_code == 1


def test_a_decision_is_told_with_what_spoke_what_held_and_its_figures():
    decision = checked({"/forms/F02": {"rows": 2}}).decision().as_dict()
    event = {"type": "T", "id": "1", "occurred_at": "2021-03-01", "decision": decision}
    told = "\n".join(decided(event, "TE-TRK-01"))
    assert "✗ TE-TRK-01/a 僅2家" in told
    assert "/param/minimum = 3" in told
    assert "✓ TE-TRK-01/b" in told
    assert "n = 2" in told
    assert "took no part" in "\n".join(decided(event, "TE-MON-01"))
