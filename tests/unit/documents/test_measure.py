"""What a file is, by its bytes alone."""

from __future__ import annotations

import io
import random
import struct
import zipfile

import openpyxl
import pytest
from pypdf import PdfWriter

from shared.documents.measure import Measurement, measure

WORD = "openxmlformats-officedocument.wordprocessingml.document"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = '<Types><Override ContentType="application/vnd.{}.main+xml" PartName="/x.xml"/></Types>'


def pdf(pages: int = 1, *, user: str | None = None, owner: str | None = None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if user is not None:
        writer.encrypt(user, owner, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def office(kind: str, folder: str = "word", *more: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES.format(kind))
        for name in (f"{folder}/document.xml", *more):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


def ole(*names: str, flags: int = 0, filler: int = 0) -> bytes:
    """A compound file: sector 0 the list of chains, 1 the directory, 2 the first stream; `filler`
    sectors of nothing put the directory beyond what the header's list of chains reaches."""
    size = 512
    chains = (filler + 4) // (size // 4 - 1) + 1
    directory = chains + filler
    lists = -(-max(chains - 109, 0) // 127)
    fat = [0xFFFFFFFE] * (chains * size // 4)
    entries = b""
    for name in ("Root Entry", *names):
        text = name.encode("utf-16-le")
        entry = bytearray(128)
        entry[: len(text)] = text
        struct.pack_into("<H", entry, 64, len(text) + 2)
        struct.pack_into("<I", entry, 116, directory + 2)
        entries += bytes(entry)
    entries = entries.ljust(2 * size, b"\0")
    fat[directory] = directory + 1
    stream = bytearray(size)
    struct.pack_into("<H", stream, 0x0A, flags)
    header = bytearray(size)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 0x1E, 9)
    struct.pack_into("<I", header, 0x30, directory)
    struct.pack_into("<II", header, 0x44, directory + 3 if lists else 0xFFFFFFFE, lists)
    numbers = [*range(chains)] + [0xFFFFFFFF] * 109
    struct.pack_into("<109I", header, 0x4C, *numbers[:109])
    body = struct.pack(f"<{len(fat)}I", *fat) + bytes(filler * size) + entries + bytes(stream)
    for place in range(lists):
        part = numbers[109 + place * 127 : 109 + (place + 1) * 127]
        following = directory + 4 + place if place + 1 < lists else 0xFFFFFFFE
        part += [0xFFFFFFFF] * (127 - len(part))
        body += struct.pack("<128I", *part, following)
    return bytes(header) + body


def workbook() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


KINDS = {
    "pdf": (pdf(), "application/pdf"),
    "pdf after a line of junk": (b"\n\n" + pdf(), "application/pdf"),
    "program that is a pdf, too": (b"MZ" + pdf(), "application/x-dosexec"),
    "linux program": (b"\x7fELF" + pdf(), "application/x-executable"),
    "mac program": (b"\xcf\xfa\xed\xfe" + pdf(), "application/x-mach-binary"),
    "script": (b"#!/bin/sh\n%PDF-1.7", "text/x-script"),
    "docx": (office(WORD), DOCX),
    "docx with macros": (
        office(WORD, "word", "word/vbaProject.bin"),
        "application/vnd.ms-word.document.macroEnabled.12",
    ),
    "docm": (
        office("ms-word.document.macroEnabled"),
        "application/vnd.ms-word.document.macroEnabled.12",
    ),
    "pptx": (
        office("openxmlformats-officedocument.presentationml.presentation", "ppt"),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "xlsx": (
        workbook(),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "zip with a folder named word": (office("something", "word"), "application/zip"),
    "doc": (ole("WordDocument"), "application/msword"),
    "doc with macros": (ole("WordDocument", "Macros"), "application/msword+macros"),
    "ppt": (ole("Current User", "PowerPoint Document"), "application/vnd.ms-powerpoint"),
    "xls": (ole("Workbook"), "application/vnd.ms-excel"),
    "large doc": (ole("WordDocument", filler=20_000), "application/msword"),
    "jpeg": (b"\xff\xd8\xff\xe0" + b"\0" * 20, "image/jpeg"),
    "png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "image/png"),
    "text": (b"%PDF is a format", "application/octet-stream"),
    "nothing": (b"", "application/x-empty"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_type_follows_the_content(kind: str) -> None:
    content, media_type = KINDS[kind]
    assert measure(content).media_type == media_type


@pytest.mark.parametrize("pages", [1, 50, 400])
def test_the_pages_of_a_pdf_are_counted(pages: int) -> None:
    assert measure(pdf(pages)).pages == pages


def test_a_pdf_with_a_password_is_encrypted_and_unreadable() -> None:
    assert measure(pdf(user="secret")) == Measurement(
        "application/pdf", None, encrypted=True, readable=False
    )


def test_a_pdf_protected_against_printing_only_is_encrypted_and_readable() -> None:
    assert measure(pdf(3, user="", owner="secret")) == Measurement(
        "application/pdf", 3, encrypted=True, readable=True
    )


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (ole("EncryptedPackage", "EncryptionInfo"), "application/encrypted-office"),
        (ole("WordDocument", flags=0x0100), "application/msword"),
    ],
    ids=["new office", "old word"],
)
def test_an_office_file_with_a_password_is_encrypted(content: bytes, media_type: str) -> None:
    assert measure(content) == Measurement(media_type, None, encrypted=True, readable=False)


@pytest.mark.parametrize("content", [pdf(2), workbook(), ole("WordDocument"), office("x")])
def test_no_damage_raises(content: bytes) -> None:
    chance = random.Random(7)
    for _ in range(300):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert measure(bytes(damaged[: chance.randrange(1, len(damaged))])).media_type
