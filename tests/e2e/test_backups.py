"""Backup, restore, and the erasure of a data subject that no backup undoes."""

from __future__ import annotations

import base64
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from grantcase.backend import SERVICES
from grantcase.demo import people, proposals
from grantcase.demo.proposing import Stage, draft
from shared.documents.blobs import FolderBlobs
from shared.documents.encrypted import EncryptedDocuments
from shared.documents.place import S3Place
from shared.documents.s3_blobs import S3Blobs
from shared.kernel.envelope import Actor
from tests.support.embedded import Office, copied, difference, opened, stored_in
from tests.support.embedded_terminal import Said, Terminal, terminal
from tests.support.s3_server import place, s3_server

KEY = "sharp"
DPO = Actor(id="dpo", roles=("dpo",))
ERASED = "[已刪除 erased]"
AFTER_THE_WINDOW = "2023-03-20T09:00:00+08:00"


@pytest.fixture
def run(
    published: tuple[Path, Stage],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Terminal:
    """grantcase on a store with one draft, whose forms hold personal data."""
    template, stage = published
    with opened(copied(template, tmp_path / "store"), deepcopy(stage)) as office:
        drafted(office)
    return terminal(monkeypatch, capsys, tmp_path / "store")


def drafted(office: Office) -> Office:
    assert office.stage
    office.at("2023-03-01T10:00:00+08:00")
    draft(office.script, office.stage, KEY)
    return office


def backup(run: Terminal, tmp_path: Path, name: str = "backup") -> Said:
    return run("backup", tmp_path / name, "--keys", tmp_path / "keys")


def restore(run: Terminal, tmp_path: Path, target: str, source: str = "backup") -> Said:
    return run(
        "restore",
        tmp_path / source,
        "--keys",
        tmp_path / "keys",
        "--master-key",
        tmp_path / "store" / "secrets" / "master.key",
        "--store",
        tmp_path / target,
    )


def test_what_was_backed_up_comes_back_and_verifies(run: Terminal, tmp_path: Path) -> None:
    assert backup(run, tmp_path).code == 0
    said = restore(run, tmp_path, "again")
    assert said.code == 0
    assert "restored and verified" in said.out
    assert difference(stored_in(tmp_path / "store"), stored_in(tmp_path / "again")) == {}
    documents = sorted(path.name for path in (tmp_path / "store" / "documents").glob("*/??/*"))
    assert documents
    assert documents == sorted(p.name for p in (tmp_path / "again" / "documents").glob("*/??/*"))
    shown = run("case", "timeline", "CP112-0001", "--store", tmp_path / "again")
    assert shown.out == run("case", "timeline", "CP112-0001").out
    assert run("rebuild", "intake", "--check", "--store", tmp_path / "again").code == 0


def test_the_restored_store_goes_on(run: Terminal, tmp_path: Path) -> None:
    backup(run, tmp_path)
    restore(run, tmp_path, "again")
    at = ("--to", AFTER_THE_WINDOW, "--store", tmp_path / "again")
    assert run("clock", "advance", *at).code == 0
    assert "lapsed" in json.dumps(_states(tmp_path / "again"))
    assert run("audit", "verify", "--store", tmp_path / "again").code == 0


def test_the_keys_lie_apart_and_the_master_key_in_neither(run: Terminal, tmp_path: Path) -> None:
    backup(run, tmp_path)
    in_backup = {path.name for path in (tmp_path / "backup").rglob("*") if path.is_file()}
    in_keys = {path.name for path in (tmp_path / "keys").iterdir()}
    assert not {name for name in in_backup if "key" in name}
    assert in_keys == {f"{s}-keys.db" for s in SERVICES} | {f"{s}.signing.key" for s in SERVICES}
    master = (tmp_path / "store" / "secrets" / "master.key").read_text()
    for folder in ("backup", "keys"):
        for path in (tmp_path / folder).rglob("*"):
            assert not path.is_file() or master.encode() not in path.read_bytes()


def test_keys_may_not_lie_in_the_backup(run: Terminal, tmp_path: Path) -> None:
    inside = tmp_path / "backup" / "keys"
    assert run("backup", tmp_path / "backup", "--keys", inside).complained("keys")
    assert not (tmp_path / "backup").exists()


def test_a_folder_in_use_is_not_overwritten(run: Terminal, tmp_path: Path) -> None:
    backup(run, tmp_path)
    assert backup(run, tmp_path).complained("not empty")
    before = stored_in(tmp_path / "store")
    assert restore(run, tmp_path, "store").complained("not empty")
    assert stored_in(tmp_path / "store") == before


def test_restored_documents_open_with_the_keys_from_their_own_place(
    run: Terminal, tmp_path: Path
) -> None:
    backup(run, tmp_path)
    restore(run, tmp_path, "again")
    with opened(tmp_path / "again", starts=AFTER_THE_WINDOW) as office:
        keys = office.embedded.cores["intake"].units.keys
        documents = EncryptedDocuments(FolderBlobs(tmp_path / "again/documents/intake"), keys)
        assert all(documents.get(digest).startswith(b"%PDF") for digest in documents.digests())
    stored = [path for path in (tmp_path / "backup" / "documents").rglob("*") if path.is_file()]
    assert stored
    assert not any(b"%PDF" in path.read_bytes() for path in stored)


def test_a_document_that_was_changed_ends_the_backup_by_name(run: Terminal, tmp_path: Path) -> None:
    path = next((tmp_path / "store" / "documents").glob("*/??/*"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert backup(run, tmp_path).complained(path.name)


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_damaged_backup_is_named_and_nothing_is_left_behind(
    run: Terminal, tmp_path: Path, damage: str
) -> None:
    backup(run, tmp_path)
    victim = tmp_path / "backup" / "finance.db"
    if damage == "missing":
        victim.unlink()
    else:
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 1
        victim.write_bytes(content)
    assert restore(run, tmp_path, "again").complained("finance.db")
    assert not (tmp_path / "again").exists()
    assert not [path for path in tmp_path.iterdir() if "restoring" in path.name]


def test_what_is_no_backup_is_refused(run: Terminal, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "backup").mkdir()
    assert restore(run, tmp_path, "again").complained("backup")


def test_an_open_case_holds_its_subjects(office: Office) -> None:
    subject = subjects(drafted(office))[0]
    before = office.stored()
    document = office.refused(DPO, "EraseSubject", subject_id=subject)
    assert (document["error"], document["field"]) == ("legal-hold", "subject_id")
    assert "CP112-0001" in document["message"]["zh-Hant"]
    assert "CP112-0001" in document["message"]["en"]
    assert difference(before, office.stored()) == {}


def test_an_unknown_subject_is_refused(office: Office) -> None:
    document = office.refused(DPO, "EraseSubject", subject_id="nobody")
    assert (document["error"], document["field"]) == ("unknown", "subject_id")


def test_only_a_data_protection_officer_erases(office: Office) -> None:
    subject = subjects(lapsed(office))[0]
    document = office.refused(people.OFFICER, "EraseSubject", subject_id=subject)
    assert document["error"] == "not-permitted"


def test_an_erased_subject_is_recorded_by_every_service_and_reads_as_erased(
    office: Office,
) -> None:
    subject = subjects(lapsed(office))[0]
    clear = personal_texts(office)
    office.do(DPO, "EraseSubject", subject_id=subject)
    assert personal_texts(office).count(ERASED) > clear.count(ERASED)
    for service, type in (
        ("intake", "SubjectErased"),
        ("review", "ErasureRecorded"),
        ("finance", "ErasureRecorded"),
        ("monitoring", "ErasureRecorded"),
    ):
        units = office.embedded.cores[service].units
        history = units.reader.history("subject", subject)
        assert [recorded.type for recorded in history] == [type]
        with pytest.raises(Exception, match="erased"):
            units.keys.key_for(subject)


def test_erasing_again_changes_nothing(office: Office) -> None:
    subject = subjects(lapsed(office))[0]
    office.do(DPO, "EraseSubject", subject_id=subject)
    before = office.stored()
    assert office.do(DPO, "EraseSubject", subject_id=subject)["events"] == []
    added = difference(before, office.stored())
    assert added == {"intake.commands": 1}


def test_the_other_subjects_stay_readable(office: Office) -> None:
    first, *others = subjects(lapsed(office))
    office.do(DPO, "EraseSubject", subject_id=first)
    keys = office.embedded.cores["intake"].units.keys
    assert all(keys.key_for(subject).secret for subject in others)


def test_an_old_backup_with_the_newest_keys_stays_erased(run: Terminal, tmp_path: Path) -> None:
    backup(run, tmp_path)
    run("clock", "advance", "--to", AFTER_THE_WINDOW)
    subject = run("case", "subjects", "CP112-0001").out.split()[0]
    payload = json.dumps({"subject_id": subject})
    assert run("do", "EraseSubject", "--as", "d:dpo", stdin=payload).code == 0
    assert backup(run, tmp_path, "newer").code == 0  # the keys' place is overwritten
    assert restore(run, tmp_path, "old").code == 0
    shown = run("case", "timeline", "CP112-0001", "--json", "--store", tmp_path / "old")
    assert ERASED in shown.out
    assert run("audit", "verify", "--store", tmp_path / "old").code == 0


def lapsed(office: Office) -> Office:
    """The draft was never sent: nothing holds its subjects any more."""
    drafted(office).at(AFTER_THE_WINDOW)
    return office


def subjects(office: Office) -> list[str]:
    assert office.stage
    found = office.embedded.query("intake", "subjects", case_id=str(office.stage.case(KEY)))
    assert len(found) > 1
    return [row["subject"] for row in found]


def personal_texts(office: Office) -> str:
    assert office.stage
    events = office.events("intake", office.stage.case(KEY))
    number = proposals.BY_KEY[KEY].ubn
    applicant = office.embedded.cores["intake"].units.reader.history("applicant", number)
    return json.dumps([event["data"] for event in events], ensure_ascii=False) + str(applicant)


def _states(folder: Path) -> list[Any]:
    with opened(folder, starts=AFTER_THE_WINDOW) as office:
        return [row["state"] for row in office.embedded.query("intake", "cases")]


def test_documents_in_an_object_store_are_backed_up_and_go_back_there(
    run: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server() as url:
        for prefix in ("/one", "/two"):
            office = place(url, tmp_path, prefix)
            monkeypatch.setenv("GRANTCASE_DOCUMENTS_S3_URL", office.url)
            monkeypatch.setenv("GRANTCASE_DOCUMENTS_S3_KEY_FILE", str(office.key_file))
            if prefix == "/one":
                assert run("do", "UploadDocument", "--as", AS, stdin=a_document()).code == 0
                assert backup(run, tmp_path).code == 0
                before = held(office)
        assert restore(run, tmp_path, "again").code == 0
        assert len(before) == 1
        assert held(office) == before
        assert not [path for path in (tmp_path / "again" / "documents").rglob("??/*")]


AS = f"lin:applicant@{proposals.BY_KEY[KEY].ubn}"


def a_document() -> str:
    case_id = str(Stage.case(None, KEY))  # type: ignore[arg-type]
    content = base64.b64encode(proposals.pdf(5)).decode()
    return json.dumps(
        {"case_id": case_id, "kind": "slides", "file_name": "a.pdf", "file_base64": content}
    )


def held(office: S3Place) -> dict[str, bytes]:
    """Intake's objects of a bucket."""
    blobs = S3Blobs(office.under("intake"))
    return {name: blobs.get(name) for name in blobs.names()}
