"""Where the bytes of documents lie: objects under their names, each written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from shared.kernel.errors import DomainError


class StorageFailed(DomainError):
    """The store of documents does not answer; nothing was taken."""

    code = "storage-failed"

    def __init__(self, why: str):
        super().__init__(
            f"文件儲存區無回應，文件未收下，請稍後再送：{why}",
            f"the store of documents does not answer; the document was not taken: {why}",
            field="file_base64",
        )


class Blobs(Protocol):
    """Objects by name; a name is a SHA-256 in hex."""

    def put(self, name: str, content: bytes) -> None:
        """Keep the bytes durably; a crash leaves no half object. Raises StorageFailed."""
        ...

    def get(self, name: str) -> bytes:
        """The bytes. Raises FileNotFoundError and StorageFailed."""
        ...

    def holds(self, name: str) -> bool:
        """Whether there is such an object. Raises StorageFailed."""
        ...

    def names(self) -> Iterator[str]:
        """Every object, in order. Raises StorageFailed."""
        ...


class FolderBlobs:
    """Objects as files: `root/ab/abcdef...`."""

    def __init__(self, root: Path):
        self.root = root

    def put(self, name: str, content: bytes) -> None:
        """See Blobs."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
        try:
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise StorageFailed(str(error)) from error

    def get(self, name: str) -> bytes:
        """See Blobs."""
        return self._path(name).read_bytes()

    def holds(self, name: str) -> bool:
        """See Blobs."""
        return self._path(name).exists()

    def names(self) -> Iterator[str]:
        """See Blobs."""
        for path in sorted(self.root.glob("??/*")):
            if not path.name.startswith("."):
                yield path.name

    def _path(self, name: str) -> Path:
        return self.root / name[:2] / name
