"""Old Office files (OLE compound files): what they hold, by the names in their directory.

Only as much of [MS-CFB] as that takes; nothing of the content is interpreted, but one bit of a
.doc that says whether it is encrypted.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_FAT, _ENTRY, _END = 109, 128, 0xFFFFFFFA  # above that: markers, no sectors
_ENTRIES_MAX = 10_000
_WORD_FLAGS, _WORD_ENCRYPTED = 0x0A, 0x0100


class UnreadableOle(ValueError):
    """Not a compound file, or a broken one."""


def streams(content: bytes) -> Mapping[str, int]:
    """Name of every stream and storage -> offset of its first byte. Raises UnreadableOle."""
    try:
        size = 1 << struct.unpack_from("<H", content, 0x1E)[0]
        if size not in (512, 4096):
            raise UnreadableOle("sector size")
        return dict(_entries(content, size))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise UnreadableOle(str(error)) from None


def word_is_encrypted(content: bytes, start: int) -> bool:
    """fEncrypted of the file information block of a WordDocument stream."""
    if len(content) < start + _WORD_FLAGS + 2:
        return False
    flags: int = struct.unpack_from("<H", content, start + _WORD_FLAGS)[0]
    return bool(flags & _WORD_ENCRYPTED)


def _entries(content: bytes, size: int) -> Iterator[tuple[str, int]]:
    fat = _fat(content, size)
    sector, seen = struct.unpack_from("<I", content, 0x30)[0], 0
    while sector < _END:
        for place in range(0, size, _ENTRY):
            entry = _sector(content, sector, size)[place : place + _ENTRY]
            length = struct.unpack_from("<H", entry, 64)[0]
            if 2 <= length <= 64:
                name = entry[: length - 2].decode("utf-16-le")
                yield name, (struct.unpack_from("<I", entry, 116)[0] + 1) * size
        seen += 1
        if seen * size // _ENTRY > _ENTRIES_MAX:
            raise UnreadableOle("the directory has no end")
        sector = fat[sector]


def _fat(content: bytes, size: int) -> list[int]:
    """For each sector the next one of its chain."""
    fat: list[int] = []
    for number in _fat_sectors(content, size):
        if number < _END:
            fat.extend(struct.unpack(f"<{size // 4}I", _sector(content, number, size)))
    return fat


def _fat_sectors(content: bytes, size: int) -> Iterator[int]:
    """Where the table of chains lies: 109 sectors named in the header, more in a list of lists."""
    yield from struct.unpack_from(f"<{_HEADER_FAT}I", content, 0x4C)
    more, count = struct.unpack_from("<II", content, 0x44)
    for _ in range(min(count, len(content) // size)):
        if more >= _END:
            return
        *numbers, more = struct.unpack(f"<{size // 4}I", _sector(content, more, size))
        yield from numbers


def _sector(content: bytes, number: int, size: int) -> bytes:
    start = (number + 1) * size
    sector = content[start : start + size]
    if len(sector) != size:
        raise UnreadableOle("it ends too early")
    return sector
