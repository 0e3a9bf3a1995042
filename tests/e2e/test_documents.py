"""Documents as people hand them in: the server looks at the bytes, not at the name."""

from __future__ import annotations

import base64
import io
import sys
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter

from grantcase.demo import people, proposals
from grantcase.demo.proposing import Stage, draft, submit
from services.intake.application.handlers import files
from services.intake.domain.proposal import Proposal
from shared.documents.blobs import FolderBlobs
from shared.documents.encrypted import DamagedDocument, EncryptedDocuments
from shared.kernel.canonical import sha256_hex
from tests.support.embedded import Office, copied, difference, opened

KEY = "sharp"
APPLICANT = people.applicant(proposals.BY_KEY[KEY].ubn)
EXECUTABLE = b"MZ\x90\x00" + b"\x00" * 60 + b"This program cannot be run in DOS mode"


@pytest.fixture
def desk(office: Office) -> Office:
    """An office with one complete draft."""
    return drafted(office)


def drafted(office: Office) -> Office:
    assert office.stage
    office.at("2023-03-01T10:00:00+08:00")
    draft(office.script, office.stage, KEY)
    return office


def payload(desk: Office, content: bytes, **changes: Any) -> dict[str, Any]:
    assert desk.stage
    return {
        "case_id": desk.stage.case(KEY),
        "kind": "proposal",
        "party": "proposer",
        "owner_ubn": proposals.BY_KEY[KEY].ubn,
        "file_name": "提案計畫書_準點數位股份有限公司.pdf",
        "file_base64": base64.b64encode(content).decode(),
        **changes,
    }


def upload(desk: Office, content: bytes, **changes: Any) -> Mapping[str, Any]:
    """What the server measured."""
    return desk.do(APPLICANT, "UploadDocument", **payload(desk, content, **changes))


def refused(desk: Office, content: bytes, **changes: Any) -> Mapping[str, Any]:
    """The error document; of a refusal by rules one CommandRefused is stored, else nothing."""
    before = desk.stored()
    document = desk.refused(APPLICANT, "UploadDocument", **payload(desk, content, **changes))
    added = {k: n for k, n in difference(before, desk.stored()).items() if ".log" not in k}
    by_rule = document["error"] == "refused-by-rules"
    assert added == ({"intake.events": 1, "intake.commands": 1} if by_rule else {})
    assert document["message"]["zh-Hant"]
    assert document["message"]["en"]
    return document


def kept(desk: Office) -> EncryptedDocuments:
    """The documents of intake as the service reads them."""
    units = desk.embedded.cores["intake"].units
    return EncryptedDocuments(FolderBlobs(desk.folder / "documents" / "intake"), units.keys)


def path_of(desk: Office, digest: str) -> Path:
    return desk.folder / "documents" / "intake" / digest[:2] / digest


def encrypted_pdf() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(proposals.pdf(1)))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "<xml/>")
    return buffer.getvalue()


def pdf_of(size: int) -> bytes:
    """A readable PDF of at least that size, for what is attached to it."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.add_attachment("big.bin", b"x" * size)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_pages_size_and_hash_are_measured_by_the_server(desk: Office) -> None:
    content = proposals.pdf(7)
    answer = upload(desk, content)
    assert answer["pages"] == 7
    assert answer["size_bytes"] == len(content)
    assert answer["sha256"] == sha256_hex(content)
    assert answer["media_type"] == "application/pdf"
    assert answer["scan"] == "not-configured"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (EXECUTABLE, "application/x-dosexec"),
        (EXECUTABLE[:60] + proposals.pdf(1), "application/x-dosexec"),
        (b"\x7fELF" + b"\0" * 60, "application/x-executable"),
        (zipped("anything"), "application/zip"),
        (b"just words", "application/octet-stream"),
    ],
    ids=["windows program", "program and pdf in one", "linux program", "zip", "text"],
)
def test_a_file_named_pdf_that_is_none_stops_the_submission(
    desk: Office, content: bytes, media_type: str
) -> None:
    desk.at("2023-03-15T10:00:00+08:00")
    assert upload(desk, content)["media_type"] == media_type
    assert media_type in findings(desk)["CP-DOC-02"]


def test_a_pdf_of_400_pages_stops_the_submission_by_its_rule(desk: Office) -> None:
    desk.at("2023-03-15T10:00:00+08:00")
    assert upload(desk, proposals.pdf(400))["pages"] == 400
    assert "400 pages" in findings(desk)["CP-DOC-04"]


def test_a_word_file_of_41_mb_stops_the_submission_by_its_rule(desk: Office) -> None:
    desk.at("2023-03-15T10:00:00+08:00")
    answer = upload(desk, word_of(41 * 1024 * 1024), file_name="提案計畫書.docx")
    assert answer["media_type"].endswith("wordprocessingml.document")
    assert set(findings(desk)) >= {"CP-DOC-03"}


def word_of(size: int) -> bytes:
    """A Word file of more than that many bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        archive.writestr("[Content_Types].xml", f'<Types><Default ContentType="{main}"/></Types>')
        archive.writestr("word/document.xml", "<w/>")
        archive.writestr("word/media/picture.bin", b"x" * size)
    return buffer.getvalue()


def test_the_day_of_issue_is_kept_with_the_document(desk: Office) -> None:
    upload(desk, proposals.pdf(1), issued_on="2023-02-28")
    assert desk.stage
    event = desk.events("intake", desk.stage.case(KEY))[-1]
    assert event["data"]["issued_on"] == "2023-02-28"
    before = desk.stored()
    document = desk.refused(
        APPLICANT, "UploadDocument", **payload(desk, proposals.pdf(1), issued_on="112/2/28")
    )
    assert document["field"].endswith("issued_on")
    assert difference(before, desk.stored()) == {}


def test_documents_of_two_enterprises_stand_side_by_side(desk: Office) -> None:
    kept_before = len(current(desk))
    for owner in ("22099131", "04595257"):
        upload(desk, proposals.pdf(1), kind="other", owner_ubn=owner, party="enterprise")
        upload(desk, proposals.pdf(2), kind="other", owner_ubn=owner, party="enterprise")
    assert len(current(desk)) == kept_before + 2


def current(desk: Office) -> tuple[Any, ...]:
    assert desk.stage
    units = desk.embedded.cores["intake"].units
    with units.begin() as unit:
        proposal, _ = unit.streams.load(Proposal, "proposal", desk.stage.case(KEY))
    return proposal.current_documents()


def test_a_file_beyond_every_limit_is_refused_before_it_is_looked_at(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FILE_BYTES_MAX", 3_000)
    document = refused(desk, b"x" * 3_100)
    assert (document["rule"], document["field"]) == ("FILE_BYTES_MAX", "file_base64")


def findings(desk: Office) -> dict[str, str]:
    """Rule -> English text of what refuses the submission."""
    assert desk.stage
    document = desk.refused(APPLICANT, "SubmitProposal", case_id=desk.stage.case(KEY))
    assert document["error"] == "refused-by-rules"
    return {finding["rule"]: finding["message"]["en"] for finding in document["findings"]}


def test_an_encrypted_pdf_is_refused_by_rule(desk: Office) -> None:
    assert refused(desk, encrypted_pdf())["rule"] == "CP-DOC-35"


def test_a_broken_pdf_is_refused_by_rule(desk: Office) -> None:
    assert refused(desk, b"%PDF-1.7\nnothing that a reader could open")["rule"] == "CP-DOC-35"


def test_a_file_of_zero_bytes_is_refused(desk: Office) -> None:
    assert refused(desk, b"")["error"] in ("refused-by-rules", "invalid-input")


def test_a_file_above_the_limit_stops_the_submission(desk: Office) -> None:
    desk.at("2023-03-15T10:00:00+08:00")
    size = upload(desk, pdf_of(41 * 1024 * 1024))["size_bytes"]
    assert size > 41 * 1024 * 1024
    assert any(f"{size:,}" in text for text in findings(desk).values())


def test_the_same_content_is_kept_once_under_its_hash(desk: Office) -> None:
    documents = kept(desk)
    content = proposals.pdf(11)
    first, second = upload(desk, content), upload(desk, content)
    assert first["sha256"] == second["sha256"]
    assert first["document_id"] != second["document_id"]
    assert list(documents.digests()).count(first["sha256"]) == 1
    assert documents.get(first["sha256"]) == content


def test_what_lies_in_the_folder_is_ciphertext(desk: Office) -> None:
    content = proposals.pdf(11)
    stored = path_of(desk, upload(desk, content)["sha256"]).read_bytes()
    assert b"%PDF" in content
    assert b"%PDF" not in stored
    assert len(stored) < len(content) + 100


def test_a_changed_document_is_noticed_when_it_is_read(desk: Office) -> None:
    digest = upload(desk, proposals.pdf(12))["sha256"]
    path = path_of(desk, digest)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DamagedDocument):
        kept(desk).get(digest)


def test_an_unknown_kind_is_refused(desk: Office) -> None:
    document = refused(desk, proposals.pdf(1), kind="love-letter")
    assert (document["error"], document["field"]) == ("invalid-input", "kind")


@pytest.fixture
def scanned(
    published: tuple[Path, Stage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """An office whose scanner takes every document with the word VIRUS for infected."""
    scanner = tmp_path / "scanner.py"
    scanner.write_text(
        "import sys\n"
        "content = sys.stdin.buffer.read()\n"
        "sys.exit(2 if b'CRASH' in content else 1 if b'VIRUS' in content else 0)\n"
    )
    monkeypatch.setenv("GRANTCASE_SCAN_COMMAND", f"{sys.executable} {scanner}")
    template, stage = published
    with opened(copied(template, tmp_path / "store"), deepcopy(stage)) as office:
        yield drafted(office)


def test_a_clean_document_says_so(scanned: Office) -> None:
    assert upload(scanned, proposals.pdf(3))["scan"] == "clean"


def test_an_infected_document_stops_the_submission_until_it_is_replaced(scanned: Office) -> None:
    assert scanned.stage
    infected = proposals.pdf(3) + b"\n% VIRUS"
    case_id = scanned.stage.case(KEY)
    scanned.at("2023-03-15T10:00:00+08:00")
    assert upload(scanned, infected)["scan"] == "infected"
    document = scanned.refused(APPLICANT, "SubmitProposal", case_id=case_id)
    assert document["error"] == "refused-by-rules"
    assert "CP-CALL-16" in {finding["rule"] for finding in document["findings"]}
    assert upload(scanned, proposals.pdf(3))["scan"] == "clean"
    assert submit(scanned.script, scanned.stage, KEY)["case_number"]


def test_a_scanner_that_gives_no_verdict_keeps_the_document_out(scanned: Office) -> None:
    content = proposals.pdf(3) + b"\n% CRASH"
    document = refused(scanned, content)
    assert (document["error"], document["field"]) == ("scan-failed", "file_base64")
    assert sha256_hex(content) not in kept(scanned).digests()
