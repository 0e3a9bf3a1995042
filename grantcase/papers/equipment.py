"""What a paper needs of the operating system: Pango and a font with Traditional Chinese glyphs.

`python -m grantcase.papers.equipment` prints the Debian packages that are missing, one line, empty
when all is there: deploy/bin/build-venv installs them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from grantcase.papers.errors import NotEquipped

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""What WeasyPrint loads -> the Debian package that holds it."""

FONTS = {"NotoSerifCJK-Regular.ttc": "fonts-noto-cjk", "NotoSansCJK-Regular.ttc": "fonts-noto-cjk"}
"""File of a font collection -> its Debian package."""

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))

SERIF = "Noto Serif CJK TC"
SANS = "Noto Sans CJK TC"
"""The collections hold one face per region; only TC has the glyph forms used in Taiwan."""


def must_be_complete() -> None:
    """Raises NotEquipped."""
    if packages := missing():
        raise NotEquipped(packages)


@lru_cache(maxsize=1)
def missing() -> tuple[str, ...]:
    """The Debian packages to install."""
    return tuple(sorted({*_libraries(), *_fonts()}))


def _libraries() -> Iterator[str]:
    for file, package in LIBRARIES.items():
        try:
            ctypes.CDLL(file)
        except OSError:
            yield package


def _fonts() -> Iterator[str]:
    homes = (Path.home() / ".fonts", Path.home() / ".local/share/fonts")
    there = {path.name for folder in (*FOLDERS, *homes) for path in folder.rglob("*.ttc")}
    for file, package in FONTS.items():
        if file not in there:
            yield package


if __name__ == "__main__":
    print(*missing())
