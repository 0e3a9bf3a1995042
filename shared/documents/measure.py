"""Measuring a file's bytes: type by content, pages, whether it is encrypted or unreadable.

What a program could run is looked for first: a file that is a program and a PDF at the same time is
a program. Office files with macros have types of their own, which no pack accepts by mistake.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from shared.documents import ole

_OPEN = "application/vnd.openxmlformats-officedocument"
_OFFICE = (
    (b"wordprocessingml.document.main+xml", f"{_OPEN}.wordprocessingml.document"),
    (b"presentationml.presentation.main+xml", f"{_OPEN}.presentationml.presentation"),
    (b"presentationml.slideshow.main+xml", f"{_OPEN}.presentationml.slideshow"),
    (b"spreadsheetml.sheet.main+xml", f"{_OPEN}.spreadsheetml.sheet"),
)
_WITH_MACROS = {
    "word/": "application/vnd.ms-word.document.macroEnabled.12",
    "ppt/": "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
    "xl/": "application/vnd.ms-excel.sheet.macroEnabled.12",
}
_OLD_OFFICE = {
    "EncryptedPackage": "application/encrypted-office",
    "WordDocument": "application/msword",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
}
_OLD_MACROS = ("_VBA_PROJECT_CUR", "Macros", "VBA", "_VBA_PROJECT")
_PROGRAMS = (
    (b"MZ", "application/x-dosexec"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/x-mach-binary"),
    (b"#!", "text/x-script"),
)
_PICTURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
_ZIP = b"PK\x03\x04"
_TYPES_MAX = 1024 * 1024
_PDF_WITHIN = 1024
"""Readers look for the head of a PDF within its first kilobyte."""


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
    for signature, kind in (*_PROGRAMS, *_PICTURES):
        if content.startswith(signature):
            return Measurement(kind, None, encrypted=False, readable=True)
    if content.startswith(_ZIP):
        return _zip(content)
    if content.startswith(ole.MAGIC):
        return _old_office(content)
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return _pdf(content)
    return Measurement("application/octet-stream", None, encrypted=False, readable=True)


def _pdf(content: bytes) -> Measurement:
    """One that opens with the empty password is encrypted (against printing) and readable."""
    encrypted = False
    try:
        reader = PdfReader(io.BytesIO(content))
        encrypted = reader.is_encrypted
        if encrypted and not reader.decrypt(""):
            return Measurement("application/pdf", None, encrypted=True, readable=False)
        pages = len(reader.pages)
        return Measurement("application/pdf", pages, encrypted=encrypted, readable=pages > 0)
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, NotImplementedError):
        return Measurement("application/pdf", None, encrypted=encrypted, readable=False)
    except (OSError, RecursionError, TypeError, ValueError, zlib.error):
        return Measurement("application/pdf", None, encrypted=encrypted, readable=False)


def _zip(content: bytes) -> Measurement:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            kind = _archive_type(archive)
            encrypted = any(entry.flag_bits & 1 for entry in archive.infolist())
    except (EOFError, NotImplementedError, OSError, ValueError, zipfile.BadZipFile, zlib.error):
        return Measurement("application/zip", None, encrypted=False, readable=False)
    return Measurement(kind, None, encrypted=encrypted, readable=not encrypted)


def _archive_type(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if "mimetype" in names and any(name.startswith("META-INF/") for name in names):
        return "application/vnd.oasis.opendocument"
    if "[Content_Types].xml" not in names:
        return "application/zip"
    entry = archive.getinfo("[Content_Types].xml")
    if entry.file_size > _TYPES_MAX or entry.flag_bits & 1:
        return "application/zip"
    declared = archive.read(entry)
    if b"macroEnabled" in declared or any("vbaproject" in name.lower() for name in names):
        return next(
            (t for start, t in _WITH_MACROS.items() if any(n.startswith(start) for n in names)),
            "application/zip",
        )
    return next((kind for mark, kind in _OFFICE if mark in declared), "application/zip")


def _old_office(content: bytes) -> Measurement:
    try:
        names = ole.streams(content)
    except ole.UnreadableOle:
        return Measurement("application/x-ole", None, encrypted=False, readable=False)
    kind = next((kind for name, kind in _OLD_OFFICE.items() if name in names), "application/x-ole")
    encrypted = kind == "application/encrypted-office"
    if kind == "application/msword":
        encrypted = ole.word_is_encrypted(content, names["WordDocument"])
    if any(name in names for name in _OLD_MACROS):
        kind = f"{kind}+macros"
    return Measurement(kind, None, encrypted=encrypted, readable=not encrypted)
