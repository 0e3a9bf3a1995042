"""The command line as its users type it, on a copy of the demo's store."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grantcase import commands
from shared.bus.command_schema import load_command
from shared.kernel.clock import parse_instant
from shared.kernel.envelope import Actor
from shared.kernel.ids import random_id
from tests.support.embedded import copied
from tests.support.embedded_demo import Told
from tests.support.embedded_terminal import Terminal, terminal

COMMANDS = sorted(commands.catalogue())


@pytest.fixture
def run(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """grantcase on a copy of the told store."""
    return terminal(monkeypatch, capsys, copied(told.folder, tmp_path / "store"))


@pytest.fixture
def nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """grantcase where there is no store."""
    return terminal(monkeypatch, capsys, tmp_path / "nothing")


def test_it_starts_as_a_program_and_names_its_commands() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grantcase", "--help"], capture_output=True, text=True, check=True
    )
    for name in ("demo", "status", "do", "case", "rules", "ledger", "audit", "rebuild", "restore"):
        assert name in done.stdout


def test_the_list_holds_every_command_with_its_roles(nowhere: Terminal) -> None:
    said = nowhere("do", "--list")
    assert said.code == 0
    for name in COMMANDS:
        assert name in said.out
    assert "finance_checker (not-the-maker)" in said.out


def test_every_example_passes_its_own_schema(nowhere: Terminal) -> None:
    for name in COMMANDS:
        example = nowhere("do", "--example", name).document
        schema = nowhere("do", "--schema", name).document
        assert set(example) == set(schema["properties"])
        assert set(schema.get("required", [])) <= set(example)
        envelope = commands.envelope(
            name,
            example,
            Actor(id="someone", roles=()),
            parse_instant("2023-03-01T00:00:00+08:00"),
            random_id(),
        )
        load_command(commands.find(name)[1].command, envelope)


def test_every_field_of_a_schema_says_in_both_languages_what_it_is(nowhere: Terminal) -> None:
    for name in COMMANDS:
        for field in nowhere("do", "--schema", name).document["properties"].values():
            described = json.dumps(field, ensure_ascii=False)
            assert any("\u4e00" <= sign <= "\u9fff" for sign in described), (name, field)


def test_bad_json_is_said_so(run: Terminal) -> None:
    said = run("do", "OpenDraft", "--as", "ann:applicant@12345676", stdin="{not json")
    assert said.complained("JSON")
    assert said.code == 1


def test_a_payload_that_is_no_object_is_refused(run: Terminal) -> None:
    said = run("do", "OpenDraft", "--as", "ann:applicant@12345676", stdin="[]")
    assert said.complained("object")
    assert said.document["error"] == "invalid-input"


def test_an_unknown_command_names_near_ones(run: Terminal) -> None:
    said = run("do", "Submit", "--as", "ann:applicant@12345676")
    assert said.complained("SubmitProposal", "SubmitClaim")


@pytest.mark.parametrize("actor", ["ann", "ann:", ":applicant", "ann:king", ""])
def test_an_actor_that_cannot_be_read_is_refused(run: Terminal, actor: str) -> None:
    assert run("do", "OpenDraft", "--as", actor, stdin="{}").complained("--as")


def test_a_command_id_that_is_none_is_refused(run: Terminal) -> None:
    said = run("do", "OpenDraft", "--as", "a:applicant", "--command-id", "7", stdin="{}")
    assert said.complained("UUID")


def test_a_command_by_hand_is_carried_out_once(run: Terminal) -> None:
    payload = run("do", "--example", "IssueInterpretation").out
    arguments = ("do", "IssueInterpretation", "--as", "lin:programme_officer")
    id = str(random_id())
    first = run(*arguments, "--command-id", id, stdin=payload)
    again = run(*arguments, "--command-id", id, stdin=payload)
    assert first.code == again.code == 0
    assert first.document == again.document
    other = payload.replace("2023-03-01", "2023-03-02")
    assert run(*arguments, "--command-id", id, stdin=other).document["error"] == "command-id-reused"
    stale = run(*arguments, "--expected-version", "99", stdin=payload)
    assert stale.document["error"] == "stale-version"


def test_a_refusal_by_rule_is_shown_with_its_rule(run: Terminal, told: Told) -> None:
    payload = json.dumps({"case_id": str(told.stage.case("barred"))})
    said = run("do", "SubmitProposal", "--as", "x:applicant@27008888", stdin=payload)
    assert said.complained("CP-")
    assert said.code == 2
    assert said.document["error"] == "refused-by-rules"


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("case", "list"),
        ("case", "show", "CP112-0001"),
        ("audit", "verify"),
        ("audit", "tamper-demo"),
        ("rebuild", "intake"),
        ("clock", "show"),
        ("ledger", "show"),
        ("lanes", "list"),
        ("do", "OpenDraft", "--as", "a:applicant"),
    ],
)
def test_without_a_store_it_says_how_to_get_one(nowhere: Terminal, arguments: Any) -> None:
    said = nowhere(*arguments)
    assert said.complained("grantcase demo")
    assert said.code == 1


def test_the_status_counts_what_the_services_hold(run: Terminal, told: Told) -> None:
    said = run("status")
    for counted in told.queries["counts"].values():
        assert f"{counted['sealed']:,}" in said.out


def test_the_list_of_cases_shows_state_and_money(run: Terminal, told: Told) -> None:
    said = run("case", "list")
    for number in told.stage.numbers.values():
        assert number in said.out
    assert "1,630,000" in said.out


def test_a_case_is_found_by_its_number_and_by_its_id(run: Terminal, told: Told) -> None:
    by_number = run("case", "show", told.stage.numbers["steady"])
    by_id = run("case", "show", told.stage.case("steady"))
    assert by_number.out == by_id.out
    assert "晨光雲端" in by_number.out
    assert run("case", "show", "CP112-9999").complained("CP112-9999")


def test_a_case_as_of_a_day_shows_what_was_true_then(run: Terminal, told: Told) -> None:
    number = told.stage.numbers["abandoned"]
    before = run("case", "show", number, "--as-of", "2023-09-19").out
    after = run("case", "show", number, "--as-of", "2023-09-20").out
    assert "abandoned" not in before
    assert "abandoned" in after
    assert run("case", "show", number, "--as-of", "2020-01-01").complained(number)
    assert run("case", "show", number, "--as-of", "yesterday").complained("YYYY-MM-DD")


def test_known_at_hides_what_was_recorded_later(run: Terminal, told: Told) -> None:
    """The story was recorded today, long after the days it tells of."""
    said = run("case", "show", told.stage.numbers["steady"], "--known-at", "2023-12-31")
    assert said.complained()


def test_the_timeline_is_told_in_words_and_as_json(run: Terminal, told: Told) -> None:
    number = told.stage.numbers["cured"]
    said = run("case", "timeline", number)
    assert said.code == 0
    events = [json.loads(line) for line in run("case", "timeline", number, "--json").out.split("\n")
              if line]  # fmt: skip
    assert [event["type"] for event in events] == told.types("cured")
    assert "proposal submitted" in said.out


def test_every_event_of_the_story_has_words(told: Told) -> None:
    from grantcase.event_words import words

    known = words()
    types = {event["type"] for case in told.timelines.values() for event in case}
    assert types - known.keys() == set()


def test_a_decision_is_explained_with_clause_source_and_facts(run: Terminal, told: Told) -> None:
    said = run("case", "explain", told.stage.numbers["ineligible"])
    assert "CP-TRK-15" in said.out
    assert "事實 fact" in said.out
    assert said.out.count("■") == sum(1 for e in told.case("ineligible") if e["decision"])


def test_a_rule_is_explained_and_a_decision_by_it(run: Terminal, told: Told) -> None:
    rejected = next(e for e in told.case("ineligible") if e["type"] == "ProposalRejected")
    page = run("rules", "explain", "coprosperity-112", "CP-TRK-15")
    decided = run("rules", "explain", "coprosperity-112", "CP-TRK-15", "--decision", rejected["id"])
    assert page.code == decided.code == 0
    assert rejected["id"] in decided.out
    assert len(decided.out) > len(page.out)
    unknown = run("rules", "explain", "coprosperity-112", "CP-TRK-15", "--decision", random_id())
    assert unknown.complained("event")
    assert run("rules", "explain", "coprosperity-112", "CP-NO-1").complained("CP-NO-1")


def test_a_receipt_holds_the_signed_proof_of_the_submission(run: Terminal, told: Told) -> None:
    receipt = run("case", "receipt", told.stage.numbers["steady"]).document
    submitted = next(e for e in told.case("steady") if e["type"] == "ProposalSubmitted")
    assert submitted["hash"] in json.dumps(receipt)
    assert run("case", "receipt", told.stage.numbers["late"]).complained("receipt")


def test_the_clock_goes_forward_only(run: Terminal) -> None:
    assert run("clock", "advance", "--to", "2023-01-01T00:00:00+08:00").complained("back")
    assert run("clock", "advance", "--to", "2027-01-01").complained("offset")
    assert run("clock", "advance", "--to", "2027-01-01T00:00:00+08:00").code == 0
    assert "2027-01-01T00:00:00" in run("clock", "show").out


def test_the_ledger_is_told_as_of_a_day_and_as_csv(run: Terminal, told: Told) -> None:
    number = told.stage.numbers["steady"]
    lines = run("ledger", "show", "--case", number, "--csv").out.splitlines()
    early = run("ledger", "show", "--case", number, "--as-of", "2023-06-30", "--csv").out
    assert len(lines) > len(early.splitlines()) > 1
    assert run("ledger", "show", "--as-of", "someday").complained("someday")


def test_the_audit_passes_and_names_a_changed_byte(run: Terminal, tmp_path: Path) -> None:
    assert run("audit", "verify").code == 0
    said = run("audit", "tamper-demo")
    assert said.code == 0
    assert "names the very record" in said.out
    assert run("audit", "verify").code == 0  # only a copy was changed


def test_the_audit_of_a_changed_store_exits_with_two(run: Terminal, tmp_path: Path) -> None:
    from grantcase.auditing import flip_one_byte

    changed = flip_one_byte(tmp_path / "store" / "finance.db")
    said = run("audit", "verify")
    assert said.code == 2
    assert f"{changed.sequence}" in said.out


def test_a_rebuilt_read_model_is_put_right(run: Terminal, tmp_path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(tmp_path / "store" / "finance.db")
    connection.execute("DELETE FROM finance_journal WHERE line_no = 1")
    connection.commit()
    connection.close()
    assert run("rebuild", "finance", "--check").code == 2
    assert run("rebuild", "finance").code == 0
    assert run("rebuild", "finance", "--check").code == 0
    assert run("rebuild", "treasury").complained("treasury")


def test_a_demo_never_overwrites_a_store_that_is_none(run: Terminal) -> None:
    assert run("demo").complained("--store")
