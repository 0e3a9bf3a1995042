"""Documents under their hash, encrypted: in a folder, and in a real S3-compatible server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.documents.blobs import Blobs, FolderBlobs, StorageFailed
from shared.documents.encrypted import DamagedDocument, DocumentErased, EncryptedDocuments
from shared.documents.place import DocumentPlace, S3Place, UnusableSetting
from shared.documents.s3_blobs import S3Blobs
from shared.eventstore.migrate import migrate_keys
from shared.eventstore.subject_keys import SqlKeyStore, SubjectErased
from shared.kernel.canonical import sha256_hex
from tests.support.s3_server import place, s3_server

CONTENT = "統一編號 12345676 的立案證明".encode()
DIGEST = sha256_hex(CONTENT)


def key_store(folder: Path, master: bytes = b"m" * 32) -> SqlKeyStore:
    url = f"sqlite:///{folder / 'keys.db'}"
    migrate_keys(url)
    return SqlKeyStore(url, master)


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[SqlKeyStore]:
    store = key_store(tmp_path)
    yield store
    store.close()


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    with s3_server() as url:
        yield url


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "folder":
        return FolderBlobs(tmp_path / "documents")
    return S3Blobs(place(request.getfixturevalue("s3_url"), tmp_path, f"/{tmp_path.name}"))


def test_what_is_put_comes_back_under_its_hash(blobs: Blobs, keys: SqlKeyStore) -> None:
    documents = EncryptedDocuments(blobs, keys)
    assert documents.put(CONTENT) == DIGEST
    assert documents.get(DIGEST) == CONTENT
    assert list(documents.digests()) == [DIGEST]


def test_what_is_stored_is_ciphertext(blobs: Blobs, keys: SqlKeyStore) -> None:
    EncryptedDocuments(blobs, keys).put(CONTENT)
    stored = blobs.get(DIGEST)
    assert CONTENT[:10] not in stored
    assert CONTENT[-10:] not in stored


def test_the_same_content_again_leaves_the_object_as_it_is(blobs: Blobs, keys: SqlKeyStore) -> None:
    documents = EncryptedDocuments(blobs, keys)
    documents.put(CONTENT)
    stored = blobs.get(DIGEST)
    documents.put(CONTENT)
    assert blobs.get(DIGEST) == stored


def test_what_is_not_there_is_not_found(blobs: Blobs, keys: SqlKeyStore) -> None:
    with pytest.raises(FileNotFoundError):
        EncryptedDocuments(blobs, keys).get("0" * 64)
    assert not blobs.holds("0" * 64)


@pytest.mark.parametrize("place_of_damage", [0, 10, 25, 40, -1])
def test_one_changed_byte_is_noticed(blobs: Blobs, keys: SqlKeyStore, place_of_damage: int) -> None:
    documents = EncryptedDocuments(blobs, keys)
    documents.put(CONTENT)
    stored = bytearray(blobs.get(DIGEST))
    stored[place_of_damage] ^= 1
    blobs.put(DIGEST, bytes(stored))
    with pytest.raises((DamagedDocument, DocumentErased)):
        documents.get(DIGEST)


def test_an_object_put_under_another_hash_does_not_open(blobs: Blobs, keys: SqlKeyStore) -> None:
    documents = EncryptedDocuments(blobs, keys)
    documents.put(CONTENT)
    blobs.put("0" * 64, blobs.get(DIGEST))
    with pytest.raises(DamagedDocument):
        documents.get("0" * 64)


def test_a_destroyed_key_erases_the_document_in_every_copy(blobs: Blobs, keys: SqlKeyStore) -> None:
    documents = EncryptedDocuments(blobs, keys)
    documents.put(CONTENT)
    keys.destroy(f"document:{DIGEST}", datetime(2023, 3, 1, tzinfo=UTC))
    with pytest.raises(DocumentErased):
        documents.get(DIGEST)


def test_an_erased_document_is_not_quietly_taken_again(tmp_path: Path, keys: SqlKeyStore) -> None:
    keys.destroy(f"document:{DIGEST}", datetime(2023, 3, 1, tzinfo=UTC))
    with pytest.raises(SubjectErased):
        EncryptedDocuments(FolderBlobs(tmp_path / "d"), keys).put(CONTENT)


def test_a_hundred_objects_are_all_listed(blobs: Blobs) -> None:
    names = sorted(sha256_hex(bytes([number])) for number in range(100))
    for name in names:
        blobs.put(name, b"x")
    assert list(blobs.names()) == names


def test_services_in_one_bucket_do_not_see_each_other_s_objects(
    s3_url: str, tmp_path: Path
) -> None:
    office = place(s3_url, tmp_path, f"/{tmp_path.name}")
    intake, review = S3Blobs(office.under("intake")), S3Blobs(office.under("review"))
    intake.put(DIGEST, b"x")
    assert not review.holds(DIGEST)
    assert list(review.names()) == []


def test_a_store_that_does_not_answer_is_told_and_nothing_is_taken(
    tmp_path: Path, keys: SqlKeyStore
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(StorageFailed) as caught:
        EncryptedDocuments(S3Blobs(place(url, tmp_path)), keys).put(CONTENT)
    assert caught.value.zh
    assert caught.value.field == "file_base64"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    (tmp_path / DIGEST[:2] / DIGEST).mkdir(parents=True)
    with pytest.raises(StorageFailed):
        blobs.put(DIGEST, b"x")


@pytest.mark.parametrize("url", ["http://host", "ftp://host/bucket", "bucket"])
def test_a_place_without_a_bucket_is_refused_by_name(url: str, tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("id\nsecret")
    with pytest.raises(UnusableSetting, match=url):
        DocumentPlace(tmp_path, S3Place(url, key_file)).open()


def test_a_key_file_without_both_lines_is_refused_by_name(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("id")
    with pytest.raises(UnusableSetting, match="key"):
        DocumentPlace(tmp_path, S3Place("http://host/bucket", key_file)).open()
