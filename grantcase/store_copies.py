"""Backup and restore of a store folder: events and documents in one place, keys in another.

The keys' place holds one generation only: an old backup of events, restored with the newest keys,
stays erased where a subject's key has been destroyed since (architecture.md 4.7).
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

from grantcase.backend import SERVICES
from grantcase.embedded import documents_of, keys_url
from shared.documents.blobs import FolderBlobs, StorageFailed
from shared.documents.encrypted import DamagedDocument, DocumentErased, EncryptedDocuments
from shared.documents.place import DocumentPlace
from shared.eventstore.subject_keys import SqlKeyStore, load_master_key
from shared.kernel.canonical import canonical_json, sha256_hex

_MANIFEST = "manifest.json"
_KEY_FILES = tuple(f"{service}.signing.key" for service in SERVICES)


class DamagedBackup(Exception):
    """A file is missing or is not what the manifest or its hash says; names it."""


class FolderInUse(Exception):
    """The target already holds something else."""


def backup(folder: Path, target: Path, keys: Path) -> dict[str, int]:
    """Copy a consistent state while the store is in use: {files, documents, keys}.

    The master key is in neither: it lies with the operator. Raises FolderInUse when the target
    is not empty or keys and target are the same place, DamagedBackup when a document is no longer
    what its hash says.
    """
    if target.resolve() == keys.resolve() or keys.resolve().is_relative_to(target.resolve()):
        raise FolderInUse("金鑰須另置他處 the keys go to a place of their own")
    if target.exists() and any(target.iterdir()):
        raise FolderInUse(f"{target} 不是空的資料夾 {target} is not empty")
    (target / "documents").mkdir(parents=True)
    documents = _copy_documents(folder, target / "documents")
    for service in SERVICES:
        _copy_database(folder / f"{service}.db", target / f"{service}.db")
    shutil.copy2(folder / "store.json", target / "store.json")
    files = sorted(path for path in target.rglob("*") if path.is_file())
    manifest = {str(p.relative_to(target)): sha256_hex(p.read_bytes()) for p in files}
    (target / _MANIFEST).write_text(canonical_json(manifest))
    return {"files": len(files), "documents": documents, "keys": _copy_keys(folder, keys)}


def restore(source: Path, keys: Path, folder: Path, master_key: Path) -> None:
    """Rebuild a store folder from a backup, the newest keys and the operator's master key.

    Raises FolderInUse when the folder is not empty and DamagedBackup naming the first bad file;
    nothing is left behind then.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderInUse(f"{folder} 不是空的資料夾 {folder} is not empty")
    _check(source)
    draft = folder.with_name(f".{folder.name}.restoring")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        shutil.copytree(source, draft)
        (draft / _MANIFEST).unlink()
        (draft / "secrets").mkdir(mode=0o700)
        for path in keys.iterdir():
            shutil.copy2(path, draft / "secrets" / path.name)
        shutil.copy2(master_key, draft / "secrets" / "master.key")
        _to_object_store(draft)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except (OSError, StorageFailed) as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise DamagedBackup(f"無法還原 cannot be restored: {error}") from error


def _check(source: Path) -> None:
    try:
        manifest = json.loads((source / _MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise DamagedBackup(f"{source} 不是備份 is not a backup: {error}") from None
    for name, digest in manifest.items():
        path = source / name
        if not path.is_file() or sha256_hex(path.read_bytes()) != digest:
            raise DamagedBackup(f"{name} 遺失或遭變更 is missing or was changed")


def _copy_database(source: Path, target: Path) -> None:
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()


def _copy_documents(folder: Path, target: Path) -> int:
    """Ciphertext as it lies there, each proved to be what its hash says; how many."""
    copied = 0
    master = load_master_key(folder / "secrets" / "master.key")
    for service in SERVICES:
        blobs = documents_of(folder, service).open()
        keys = SqlKeyStore(keys_url(folder, service), master)
        documents, copies = EncryptedDocuments(blobs, keys), FolderBlobs(target / service)
        try:
            for digest in documents.digests():
                stored = blobs.get(digest)
                _prove(documents, digest, stored)
                copies.put(digest, stored)
                copied += 1
        finally:
            keys.close()
    return copied


def _prove(documents: EncryptedDocuments, digest: str, stored: bytes) -> None:
    try:
        documents.opened(digest, stored)
    except DocumentErased:
        return  # its ciphertext still belongs to the record
    except DamagedDocument:
        raise DamagedBackup(f"文件 {digest} 遭變更 document {digest} was changed") from None


def _to_object_store(folder: Path) -> None:
    """Restored documents go where the configuration says that documents lie."""
    for service in SERVICES:
        place = DocumentPlace(folder / "documents" / service, documents_of(folder, service).s3)
        if place.s3 is None:
            continue
        blobs, files = place.open(), FolderBlobs(place.folder)
        for name in files.names():
            blobs.put(name, files.get(name))
        shutil.rmtree(place.folder, ignore_errors=True)


def _copy_keys(folder: Path, keys: Path) -> int:
    """One generation: every file is overwritten, whole or not at all."""
    keys.mkdir(parents=True, exist_ok=True)
    keys.chmod(0o700)
    for name in _KEY_FILES:
        shutil.copy2(folder / "secrets" / name, keys / name)
    for service in SERVICES:
        name = f"{service}-keys.db"
        draft = keys / f".{name}.new"
        draft.unlink(missing_ok=True)
        _copy_database(folder / "secrets" / name, draft)
        draft.replace(keys / name)
    return 2 * len(SERVICES)
