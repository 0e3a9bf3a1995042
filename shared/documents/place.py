"""Where a service keeps its documents, as configured: a local folder, or an S3-compatible store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from shared.documents.blobs import Blobs, FolderBlobs


class UnusableSetting(ValueError):
    """What is configured for documents cannot be used; names it."""


@dataclass(frozen=True, slots=True)
class S3Place:
    """`url`: http(s)://HOST[:PORT]/BUCKET[/PREFIX]; `key_file`: access key id and secret, one
    line each. The bucket exists; nothing here creates or empties one."""

    DEFAULT_REGION: ClassVar[str] = "us-east-1"

    url: str
    key_file: Path
    region: str = DEFAULT_REGION

    @property
    def endpoint(self) -> str:
        """Scheme and host."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def bucket(self) -> str:
        """The bucket's name. Raises UnusableSetting when there is none."""
        name = urlsplit(self.url).path.strip("/").partition("/")[0]
        if not name or urlsplit(self.url).scheme not in ("http", "https"):
            raise UnusableSetting(f"{self.url}: an S3 place is http(s)://HOST/BUCKET[/PREFIX]")
        return name

    @property
    def prefix(self) -> str:
        """What stands before every object's key: empty, or ending in a slash."""
        inner = urlsplit(self.url).path.strip("/").partition("/")[2]
        return f"{inner}/" if inner else ""

    def under(self, name: str) -> S3Place:
        """The place of one service within this one."""
        return S3Place(f"{self.url.rstrip('/')}/{name}", self.key_file, self.region)


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """With `s3` the folder stays empty."""

    folder: Path
    s3: S3Place | None = None

    def open(self) -> Blobs:
        """The objects there. Raises UnusableSetting."""
        if self.s3 is None:
            return FolderBlobs(self.folder)
        from shared.documents.s3_blobs import S3Blobs  # a large library, only when it is asked for

        return S3Blobs(self.s3)
