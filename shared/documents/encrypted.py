"""Documents encrypted at rest under the hash of their content.

An object is `GCD1`, the id of the document's key (16 bytes), a nonce (12 bytes) and AES-256-GCM
ciphertext, bound to the hash. Each document has its own key in the service's key store, wrapped
by the master key, so that a backup of documents is ciphertext whose keys lie elsewhere, and that
a destroyed key erases the document in every copy.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.documents.blobs import Blobs
from shared.eventstore.subject_keys import KeyStore
from shared.kernel.canonical import sha256_hex

_MAGIC = b"GCD1"
_KEY_ID, _NONCE = 16, 12
_HEAD = len(_MAGIC) + _KEY_ID + _NONCE


class DamagedDocument(Exception):
    """The object under a hash no longer holds the content that has this hash."""


class DocumentErased(Exception):
    """The document's key is gone: erased, or the keys are not those of this store."""


class EncryptedDocuments:
    """Documents of one service: the same content is kept once, whoever hands it in."""

    def __init__(self, blobs: Blobs, keys: KeyStore):
        self._blobs = blobs
        self._keys = keys

    def put(self, content: bytes) -> str:
        """Keep the document and return its SHA-256, the address. Raises StorageFailed, and
        SubjectErased when a document with this content was erased for good."""
        digest = sha256_hex(content)
        if not self._blobs.holds(digest):
            key = self._keys.key_for(_subject(digest))  # committed before the object is written
            nonce = os.urandom(_NONCE)
            sealed = AESGCM(key.secret).encrypt(nonce, content, _binding(digest))
            self._blobs.put(digest, _MAGIC + UUID(key.id).bytes + nonce + sealed)
        return digest

    def get(self, digest: str) -> bytes:
        """The content. Raises FileNotFoundError, DamagedDocument, DocumentErased, StorageFailed."""
        return self.opened(digest, self._blobs.get(digest))

    def opened(self, digest: str, stored: bytes) -> bytes:
        """The content of an object as it lies in the store. Raises as `get`."""
        if len(stored) < _HEAD or not stored.startswith(_MAGIC):
            raise DamagedDocument(digest)
        key_id = str(UUID(bytes=stored[len(_MAGIC) : len(_MAGIC) + _KEY_ID]))
        state = self._keys.find([key_id]).get(key_id)
        if state is None or state.secret is None:
            raise DocumentErased(digest)
        nonce = stored[_HEAD - _NONCE : _HEAD]
        try:
            content = AESGCM(state.secret).decrypt(nonce, stored[_HEAD:], _binding(digest))
        except InvalidTag:
            raise DamagedDocument(digest) from None
        if sha256_hex(content) != digest:
            raise DamagedDocument(digest)
        return content

    def digests(self) -> Iterator[str]:
        """Every document kept."""
        return self._blobs.names()


def _subject(digest: str) -> str:
    return f"document:{digest}"


def _binding(digest: str) -> bytes:
    return f"document|{digest}".encode()
