"""A content-addressed folder: the bytes of a document under their SHA-256, written once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from shared.kernel.canonical import sha256_hex

Scan = Callable[[bytes], str]
"""The virus scanner: clean, infected or not-configured."""


def not_configured(content: bytes) -> str:
    """No scanner is configured; a pack parameter says whether that blocks."""
    return "not-configured"


class DamagedDocument(Exception):
    """The bytes under a hash no longer have that hash."""


class DocumentFolder:
    """Documents of one service: `root/ab/abcdef...`; the same content is kept once."""

    def __init__(self, root: Path):
        self.root = root

    def put(self, content: bytes) -> str:
        """Keep the bytes durably and return their SHA-256; a crash leaves no half file."""
        digest = sha256_hex(content)
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{digest}.{secrets.token_hex(4)}")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes. Raises FileNotFoundError, and DamagedDocument when they were changed."""
        content = self._path(digest).read_bytes()
        if sha256_hex(content) != digest:
            raise DamagedDocument(digest)
        return content

    def digests(self) -> Iterator[str]:
        """Every document kept."""
        for path in sorted(self.root.glob("??/*")):
            if not path.name.startswith("."):
                yield path.name

    def _path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest
