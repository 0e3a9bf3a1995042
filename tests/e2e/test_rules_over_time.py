"""A second version of a pack: on past cases without writing, and taken over by running ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from grantcase.demo import people, proposing
from grantcase.demo.proposals import BY_KEY
from grantcase.demo.proposing import Stage
from grantcase.explaining import explanation
from grantcase.simulating import FLIPPED, NOT_REBUILT, REFUSED, SAME, Outcome, call_of, simulate
from shared.programmes.pack import Pack, load_pack
from tests.support.embedded import Office, copied, opened
from tests.support.embedded_demo import Told
from tests.support.embedded_terminal import Terminal, terminal
from tests.support.later_version import CAP_LATER, CAP_NOW, later_version

CALL, KEYS = "112-1", ("steady", "sharp")
REASON = "經費上限修正公告"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 2 of the programme as a folder."""
    return later_version(tmp_path_factory.mktemp("later") / "coprosperity-112")


@pytest.fixture(scope="module")
def later(folder: Path) -> Pack:
    return load_pack(folder)


@pytest.fixture(scope="module")
def written(
    published: tuple[Path, Stage], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Stage]:
    """Two submitted proposals with their letters, of tier B and of tier A; not to be written to."""
    template, stage = published
    store = copied(template, tmp_path_factory.mktemp("submitted") / "store")
    with opened(store, deepcopy(stage)) as office:
        office.at("2023-03-01T10:00:00+08:00")
        for key in KEYS:
            proposing.draft(office.script, office.stage, key)
            proposing.submit(office.script, office.stage, key)
            needed = proposing.one_letter_in_ten(BY_KEY[key])
            proposing.letters(office.script, office.stage, key, 1, needed, "2023-03-01")
        return store, office.stage


@pytest.fixture
def submitted(written: tuple[Path, Stage], tmp_path: Path) -> Iterator[Office]:
    store, stage = written
    copy = copied(store, tmp_path / "store")
    with opened(copy, deepcopy(stage), starts="2023-03-02T10:00:00+08:00") as office:
        yield office


@pytest.fixture
def grantcase(
    written: tuple[Path, Stage],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Terminal:
    """The command line on a copy of that store."""
    return terminal(monkeypatch, capsys, copied(written[0], tmp_path / "typed"))


def simulated(office: Office, new: Pack) -> list[Outcome]:
    call = call_of(office.embedded, new.id, CALL)
    return list(simulate(office.embedded, new, call.cases))


def published_later(office: Office, later: Pack) -> None:
    answer = office.do(people.OFFICER, "PublishPack", document=later.document)
    assert (answer["version"], answer["digest"]) == (2, later.digest)


def rebind(office: Office, key: str, later: Pack, **other: Any) -> dict[str, Any]:
    assert office.stage is not None
    return {"case_id": office.stage.case(key), "to_digest": later.digest, "reason": REASON, **other}


def screened(office: Office, key: str) -> None:
    """As the demo screens: all shops are clear."""
    assert office.stage is not None
    office.at("2023-03-20T10:00:00+08:00")
    proposing.look_up(office.script, office.stage, key, 1, None, proposing.CLEAR)
    proposing.screen(office.script, office.stage, key)


def newest(office: Office, service: str, key: str, type: str) -> Any:
    assert office.stage is not None
    events = office.events(service, office.stage.case(key))
    return [event for event in events if event["type"] == type][-1]


def test_a_lower_cap_turns_the_submission_above_it_and_no_other(submitted: Office, later: Pack):
    before = submitted.stored()
    found = simulated(submitted, later)
    submissions = {one.case_number: one for one in found if one.moment == "submit"}
    above, within = (submissions[submitted.stage.numbers[key]] for key in KEYS)
    assert (above.status, above.after) == (FLIPPED, REFUSED)
    assert "CP-TRK-08/a" in above.clauses
    assert above.values["cap_twd"] == (CAP_NOW, CAP_LATER)
    assert above.money() == {"cap_twd": CAP_LATER - CAP_NOW}
    assert (within.status, within.clauses, within.values) == (SAME, (), {})
    assert submitted.stored() == before  # nothing was written


def test_what_cannot_be_rebuilt_is_listed_with_its_reason(submitted: Office, later: Pack):
    lost = [one for one in simulated(submitted, later) if one.status == NOT_REBUILT]
    assert {one.command for one in lost} == {"AttachLetter", "ImportTable"}  # file names
    assert all(one.reason and one.reason["zh-Hant"] and one.reason["en"] for one in lost)


def test_a_refused_submission_passes_under_a_version_that_asks_less(
    published: tuple[Path, Stage], tmp_path: Path
):
    template, stage = published
    milder = load_pack(
        later_version(
            tmp_path / "milder",
            (r"(?m)^version: 1$", "version: 2"),
            (r"pop_minimum: {value: 50", "pop_minimum: {value: 30"),
        )
    )
    with opened(copied(template, tmp_path / "store"), deepcopy(stage)) as office:
        office.at("2023-03-01T10:00:00+08:00")
        proposing.draft(office.script, office.stage, "sharp")
        case_id = office.stage.case("sharp")
        office.do(people.applicant(BY_KEY["sharp"].ubn), "ImportTable", **few(case_id))
        refused = office.refused(
            people.applicant(BY_KEY["sharp"].ubn), "SubmitProposal", case_id=case_id
        )
        assert "CP-TRK-02" in {one["rule"] for one in refused["findings"]}
        (found,) = [one for one in simulated(office, milder) if one.moment == "submit"]
    assert found.before == REFUSED
    assert "CP-TRK-02/a" in found.clauses


def few(case_id: Any) -> dict[str, Any]:
    """A roster of 49: one too few."""
    shops = proposing.proposals.roster_of(BY_KEY["sharp"])[:49]
    text = proposing._text(proposing.roster_csv(shops, BY_KEY["sharp"].looked_up_on))
    return {"case_id": case_id, "table": "F19", "file_name": "F19.csv", "file_base64": text}


def test_the_same_rules_as_a_new_version_turn_nobody_in_a_whole_life(told: Told, tmp_path: Path):
    """From the submission to the last claim: the facts of every moment are rebuilt exactly."""
    copy = tmp_path / "told"
    shutil.copytree(told.folder, copy)
    same = load_pack(later_version(tmp_path / "same", (r"(?m)^version: 1$", "version: 2")))
    with opened(copy) as office:
        found = simulated(office, same)
    rebuilt = {one.moment for one in found if one.status != NOT_REBUILT}
    assert {"submit", "screen", "score", "select", "contract", "claim", "cp1", "close"} <= rebuilt
    assert {one.status for one in found} == {SAME, NOT_REBUILT}


def test_a_moved_case_is_decided_by_the_later_version_everywhere(submitted: Office, later: Pack):
    first = submitted.stage.pack.digest
    published_later(submitted, later)
    submitted.do(people.OFFICER, "RebindCase", **rebind(submitted, "sharp", later))
    noted = newest(submitted, "review", "sharp", "RebindingNoted")
    assert noted["data"]["to_digest"] == later.digest
    assert newest(submitted, "intake", "sharp", "CaseRebound")["data"]["reason"] == REASON
    for key in KEYS:
        screened(submitted, key)
    asked = {
        key: newest(submitted, "review", key, "ReviewOpened")["decision"]["pack_digest"]
        for key in KEYS
    }
    assert asked == {"steady": first, "sharp": later.digest}  # the other case keeps its version
    kept = newest(submitted, "intake", "sharp", "ProposalSubmitted")["decision"]["pack_digest"]
    assert kept == first  # what was decided before keeps its own


def test_a_decision_is_explained_by_the_version_that_took_it(submitted: Office, later: Pack):
    published_later(submitted, later)
    submitted.do(people.OFFICER, "RebindCase", **rebind(submitted, "sharp", later))
    screened(submitted, "sharp")
    before = newest(submitted, "intake", "sharp", "ProposalSubmitted")
    after = newest(submitted, "intake", "sharp", "ProposalAccepted")
    then, now = (explanation(submitted.embedded, event) for event in (before, after))
    first, second = submitted.stage.pack.digest[:16], later.digest[:16]
    assert [first in then, second in then] == [True, False]
    assert [first in now, second in now] == [False, True]


def test_the_file_opened_after_the_move_is_under_the_later_version_too(
    submitted: Office, later: Pack
):
    """finance heard of the move before it had the case."""
    published_later(submitted, later)
    submitted.do(people.OFFICER, "RebindCase", **rebind(submitted, "sharp", later))
    assert newest(submitted, "finance", "sharp", "RebindingNoted")["version"] == 1
    screened(submitted, "sharp")
    assert newest(submitted, "intake", "sharp", "ProposalAccepted")["data"]["pack_digest"] == (
        later.digest
    )


def test_the_same_move_again_changes_nothing(submitted: Office, later: Pack):
    published_later(submitted, later)
    submitted.do(people.OFFICER, "RebindCase", **rebind(submitted, "sharp", later))
    answer = submitted.do(people.OFFICER, "RebindCase", **rebind(submitted, "sharp", later))
    assert answer["events"] == []


@pytest.mark.parametrize(
    ("to", "said"),
    [
        pytest.param("f" * 64, "no pack", id="a version that was never published"),
        pytest.param("first", "not a later one", id="the earlier version"),
    ],
)
def test_a_case_is_moved_to_later_published_versions_only(
    submitted: Office, later: Pack, to: str, said: str
):
    published_later(submitted, later)
    submitted.do(people.OFFICER, "RebindCase", **rebind(submitted, "sharp", later))
    digest = submitted.stage.pack.digest if to == "first" else to
    before = submitted.stored()
    refused = submitted.refused(
        people.OFFICER, "RebindCase", **rebind(submitted, "sharp", later, to_digest=digest)
    )
    assert said in refused["message"]["en"]
    assert refused["field"] == "to_digest"
    assert submitted.stored() == before


def test_an_applicant_does_not_choose_the_rules(submitted: Office, later: Pack):
    applicant = people.applicant(BY_KEY["sharp"].ubn)
    refused = submitted.refused(applicant, "RebindCase", **rebind(submitted, "sharp", later))
    assert refused["error"] == "not-permitted"


def test_the_dry_run_tells_who_would_turn_and_writes_nothing(
    grantcase: Terminal, folder: Path, later: Pack
):
    assert grantcase("rules", "publish", folder).code == 0
    dry = grantcase("case", "migrate", "--to", 2, "--call", CALL, "--json")
    assert dry.code == 0
    assert [row["moves"] for row in dry.document["cases"]] == [True, True]
    assert [row["after"] for row in dry.document["simulation"]["flips"]] == [REFUSED]
    again = grantcase("case", "migrate", "--to", later.digest[:12], "--call", CALL, "--json")
    assert again.document == dry.document  # the first one moved nothing


def test_applied_it_moves_the_cases_named_with_a_reason(grantcase: Terminal, folder: Path):
    grantcase("rules", "publish", folder)
    assert grantcase("case", "migrate", "--to", 2, "--call", CALL, "--apply").complained("--reason")
    chosen = ("--to", 2, "--call", CALL, "--case", "CP112-0002", "--json")
    done = grantcase("case", "migrate", *chosen, "--apply", "--reason", REASON)
    assert [row["case_number"] for row in done.document["cases"]] == ["CP112-0002"]
    assert REASON in grantcase("case", "timeline", "CP112-0002").out
    (row,) = grantcase("case", "migrate", *chosen).document["cases"]
    assert (row["moves"], row["refused"]) == (False, None)  # is there already


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--to", 9, "--call", CALL), "no published version 9", id="version"),
        pytest.param(("--to", 1, "--call", "113-1"), "there is no call 113-1", id="call"),
        pytest.param(("--to", 1, "--call", CALL, "--case", "CP112-9"), "CP112-9", id="case"),
    ],
)
def test_a_migration_names_what_does_not_exist(
    grantcase: Terminal, arguments: tuple[Any, ...], said: str
):
    assert grantcase("case", "migrate", *arguments).complained(said)


def test_a_simulation_names_what_is_wrong_with_its_input(
    grantcase: Terminal, folder: Path, tmp_path: Path
):
    run = ("rules", "simulate", "--pack")
    assert grantcase(*run, folder, "--call", "113-1").complained("has no call 113-1", CALL)
    assert grantcase(*run, "coprosperity-112", "--call", CALL).complained("this very version")
    faulty = later_version(
        tmp_path / "faulty", (r"pop_minimum: {value: 50", "pop_minimum: {value: fifty")
    )
    assert grantcase(*run, faulty, "--call", CALL).complained("pack.yaml:", "/tracks/POP/minimum")
    assert grantcase(*run, folder, "--call", CALL, "--moment", "nope").complained("nope")
