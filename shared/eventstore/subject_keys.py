"""One AES-256 key per data subject, in a second store, wrapped by a master key.

Destroying a subject's key erases all personal fields of that subject in every copy of the log;
the ciphertext, its hashes and every proof stay as they are. A tombstone remains, so that a later
event cannot quietly bring the subject back. The database must not share backups with the log.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.exc import IntegrityError

from shared.eventstore.engines import open_engine, reader_of
from shared.kernel.clock import instant_text
from shared.kernel.errors import WrongState
from shared.kernel.ids import random_id

metadata = sa.MetaData()
subject_keys = sa.Table(
    "subject_keys",
    metadata,
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("key_id", sa.Text, nullable=False, unique=True),
    sa.Column("wrapped", sa.LargeBinary),  # nonce (12 bytes) + AES-GCM; null once destroyed
    sa.Column("destroyed_at", sa.Text),
)


class SubjectErased(WrongState):
    """A new personal value of a subject whose key was destroyed: it is not stored."""

    code = "subject-erased"

    def __init__(self, subject: str):
        super().__init__(
            f"當事人 {subject} 的個人資料已刪除，不得再行寫入",
            f"the personal data of subject {subject} was erased; nothing new is stored about it",
            field="subject",
        )


@dataclass(frozen=True, slots=True)
class DataKey:
    """A live key of 32 bytes."""

    id: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class KeyState:
    """What is known of a key id: its secret, or when it was destroyed."""

    secret: bytes | None
    destroyed_at: str | None = None


class KeyStore(Protocol):
    """Keys by subject. Every method commits by itself, before any event that depends on it."""

    def key_for(self, subject: str) -> DataKey:
        """The subject's key, made and committed when new. Raises SubjectErased."""
        ...

    def find(self, key_ids: Collection[str]) -> Mapping[str, KeyState]:
        """States of the known ones among the ids; an absent id reads as erased."""
        ...

    def destroy(self, subject: str, at: datetime) -> bool:
        """Destroy for ever; False when it was destroyed before (at keeps the first instant)."""
        ...


def load_master_key(path: Path | str) -> bytes:
    """32 bytes from a secret file of 64 hex digits. Raises ValueError naming the file."""
    try:
        key = bytes.fromhex(Path(path).read_text().strip())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError(f"{path}: a master key is 64 hex digits")
    return key


class SqlKeyStore:
    """Keys in an SQLite file or a PostgreSQL database of their own."""

    def __init__(self, url: str, master_key: bytes):
        self._engine = open_engine(url)
        self._reader = reader_of(self._engine)
        self._master = AESGCM(master_key)

    def key_for(self, subject: str) -> DataKey:
        """See KeyStore."""
        row = self._row(subject)
        if row is None:
            self._create(subject)
            row = self._row(subject)
        if row is None or row.wrapped is None:
            raise SubjectErased(subject)
        return DataKey(row.key_id, self._unwrap(row))

    def find(self, key_ids: Collection[str]) -> Mapping[str, KeyState]:
        """See KeyStore."""
        if not key_ids:
            return {}
        query = sa.select(subject_keys).where(subject_keys.c.key_id.in_(key_ids))
        with self._reader.connect() as connection:
            rows = connection.execute(query).all()
        return {
            row.key_id: KeyState(self._unwrap(row) if row.wrapped else None, row.destroyed_at)
            for row in rows
        }

    def destroy(self, subject: str, at: datetime) -> bool:
        """See KeyStore. On SQLite the bytes are overwritten and the write-ahead log emptied; on
        PostgreSQL the wrapped bytes of the old row remain in the files until vacuum."""
        gone = {"wrapped": None, "destroyed_at": instant_text(at)}
        with self._engine.begin() as connection:
            changed = connection.execute(
                subject_keys.update()
                .where(subject_keys.c.subject == subject, subject_keys.c.wrapped.is_not(None))
                .values(gone)
            ).rowcount
        if not changed and self._row(subject) is None:
            changed = self._insert({"subject": subject, "key_id": str(random_id()), **gone})
        self._scrub()
        return bool(changed)

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def _row(self, subject: str) -> sa.Row[Any] | None:
        query = sa.select(subject_keys).where(subject_keys.c.subject == subject)
        with self._reader.connect() as connection:
            return connection.execute(query).one_or_none()

    def _create(self, subject: str) -> None:
        key_id, nonce = str(random_id()), os.urandom(12)
        wrapped = nonce + self._master.encrypt(nonce, os.urandom(32), _binding(subject, key_id))
        self._insert({"subject": subject, "key_id": key_id, "wrapped": wrapped})

    def _insert(self, values: Mapping[str, object]) -> bool:
        try:
            with self._engine.begin() as connection:
                connection.execute(subject_keys.insert().values(values))
        except IntegrityError:  # another process made it first: theirs counts
            return False
        return True

    def _unwrap(self, row: sa.Row[Any]) -> bytes:
        return self._master.decrypt(
            row.wrapped[:12], row.wrapped[12:], _binding(row.subject, row.key_id)
        )

    def _scrub(self) -> None:
        if self._engine.dialect.name == "sqlite":
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()


def _binding(subject: str, key_id: str) -> bytes:
    return f"{subject}|{key_id}".encode()
