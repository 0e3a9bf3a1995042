"""Measuring a file's bytes: type by content, pages, whether it is encrypted or unreadable."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("WordDocument".encode("utf-16-le"), "application/msword"),
    ("PowerPoint Document".encode("utf-16-le"), "application/vnd.ms-powerpoint"),
    ("EncryptedPackage".encode("utf-16-le"), "application/encrypted-office"),
)
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"MZ", "application/x-dosexec"),
    (b"\x7fELF", "application/x-executable"),
)


@dataclass(frozen=True, slots=True)
class Measurement:
    """media_type by content; pages of a PDF, else None; readable = it opens without a password."""

    media_type: str
    pages: int | None
    encrypted: bool
    readable: bool


def measure(content: bytes) -> Measurement:
    """What a file is, by its bytes; its name is not looked at."""
    if not content:
        return Measurement("application/x-empty", None, encrypted=False, readable=False)
    if b"%PDF-" in content[:1024]:
        return _pdf(content)
    if content[:4] == b"PK\x03\x04":
        return _zip(content)
    if content[:8] == _OLE:
        kind = next((t for mark, t in _OLE_STREAMS if mark in content), "application/x-ole")
        encrypted = kind == "application/encrypted-office"
        return Measurement(kind, None, encrypted=encrypted, readable=not encrypted)
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return Measurement(kind, None, encrypted=False, readable=True)
    return Measurement("application/octet-stream", None, encrypted=False, readable=True)


def _pdf(content: bytes) -> Measurement:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return Measurement("application/pdf", None, encrypted=True, readable=False)
        return Measurement("application/pdf", len(reader.pages), encrypted=False, readable=True)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return Measurement("application/pdf", None, encrypted=False, readable=False)


def _zip(content: bytes) -> Measurement:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        return Measurement("application/zip", None, encrypted=False, readable=False)
    encrypted = any(entry.flag_bits & 1 for entry in entries)
    names = [entry.filename for entry in entries]
    if "mimetype" in names and any(name.startswith("META-INF/") for name in names):
        kind = "application/vnd.oasis.opendocument"
    else:
        kind = next(
            (t for start, t in _OFFICE.items() if any(n.startswith(start) for n in names)),
            "application/zip",
        )
    return Measurement(kind, None, encrypted=encrypted, readable=not encrypted)
