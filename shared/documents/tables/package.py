"""Looking at a workbook before anything reads it: what it unpacks to, macros, formulas, merges.

Nothing is evaluated. Each refusal names its rule, a word of the list below.

    NOT_A_WORKBOOK  OLD_WORKBOOK  ENCRYPTED  MACROS  UNPACKED_MAX  XML_ENTITIES
    WRONG_SHEET     COLUMNS_MAX   FORMULAS   MERGED_CELLS
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.utils.exceptions import CellCoordinatesException

from shared.documents.tables.faults import InvalidTable, listed, refused_file

UNPACKED_MAX = 50 * 1024 * 1024
"""Bytes of all parts together, as the archive declares them; reading never goes beyond that."""
PARTS_MAX = 1_000
COLUMNS_MAX = 300
LINES_MAX = 1_048_576
"""Lines of a sheet, as spreadsheets have them."""
FORMULAS_SHOWN = 10

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACRO_PARTS = ("vbaproject", "xl/macrosheets/", "xl/activex/", "xl/dialogsheets/", "vbadata")
_BROKEN = (EOFError, KeyError, NotImplementedError, OSError, zipfile.BadZipFile, zlib.error)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Package:
    """An .xlsx archive that may be read; `sheets` maps its sheets' names to their parts."""

    def __init__(self, table: str, content: bytes):
        """Raises InvalidTable."""
        self.table = table
        if content[:8] == _OLE:
            raise self._old(content)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise self._no_workbook(error) from None
        self._check_parts()
        try:
            self.sheets = self._sheets()
        except (ParseError, *_BROKEN) as error:
            raise self._no_workbook(error) from None

    def check_sheet(self, name: str) -> None:
        """Formulas, merged cells and dimensions of one sheet. Raises InvalidTable."""
        formulas: list[str] = []
        try:
            for element in self._elements(self.sheets[name]):
                if element.tag == f"{_MAIN}c":
                    self._check_place(element, formulas)
                elif element.tag == f"{_MAIN}mergeCell":
                    raise self._merged(str(element.get("ref")))
                elif element.tag == f"{_MAIN}row":
                    self._check_line(element)
                    element.clear()
        except (ParseError, *_BROKEN) as error:
            raise self._no_workbook(error) from None
        if formulas:
            raise refused_file(
                self.table,
                "FORMULAS",
                f"儲存格含公式，請貼上值：{listed(formulas)}",
                f"cells hold formulas, paste their values: {listed(formulas)}",
            )

    def _check_place(self, cell: Element, formulas: list[str]) -> None:
        place = cell.get("r") or ""
        if cell.find(f"{_MAIN}f") is not None:
            formulas.append(place)
        if not place:
            return
        try:
            column = column_index_from_string(coordinate_from_string(place)[0])
        except (CellCoordinatesException, ValueError) as error:
            raise self._no_workbook(error) from None
        if column > COLUMNS_MAX:
            raise refused_file(
                self.table,
                "COLUMNS_MAX",
                f"{place} 超過 {COLUMNS_MAX} 欄",
                f"{place} lies beyond {COLUMNS_MAX} columns",
            )

    def _check_line(self, row: Element) -> None:
        number = row.get("r")
        if number is not None and not (number.isdigit() and int(number) <= LINES_MAX):
            raise self._no_workbook(f"row {number}")

    def _check_parts(self) -> None:
        parts = self._archive.infolist()
        names = [part.filename.lower() for part in parts]
        if any(part.flag_bits & 1 for part in parts):
            raise refused_file(
                self.table, "ENCRYPTED", "檔案有密碼保護", "it is protected by a password"
            )
        unpacked = sum(part.file_size for part in parts)
        if unpacked > UNPACKED_MAX or len(parts) > PARTS_MAX:
            raise refused_file(
                self.table,
                "UNPACKED_MAX",
                f"解壓縮後 {unpacked:,} 位元組、{len(parts)} 個部分，"
                f"上限 {UNPACKED_MAX:,}、{PARTS_MAX}",
                f"it unpacks to {unpacked:,} bytes in {len(parts)} parts; at most {UNPACKED_MAX:,}"
                f" in {PARTS_MAX}",
            )
        self._refuse_entities(parts)
        if any(mark in name for name in names for mark in _MACRO_PARTS) or self._says_macros():
            raise refused_file(
                self.table,
                "MACROS",
                "含有巨集，請另存為不含巨集的 .xlsx",
                "it holds macros; save it as .xlsx without macros",
            )

    def _refuse_entities(self, parts: Sequence[zipfile.ZipInfo]) -> None:
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in self._head(part):
                raise refused_file(
                    self.table,
                    "XML_ENTITIES",
                    f"{part.filename} 宣告 DTD",
                    f"{part.filename} declares a DTD",
                )

    def _head(self, part: zipfile.ZipInfo) -> bytes:
        try:
            with self._archive.open(part) as source:
                return source.read(4096).replace(b"\0", b"")  # UTF-16, too
        except _BROKEN as error:
            raise self._no_workbook(error) from None

    def _says_macros(self) -> bool:
        try:
            return b"macroEnabled" in self._archive.read("[Content_Types].xml")
        except _BROKEN as error:
            raise self._no_workbook(error) from None

    def _sheets(self) -> Mapping[str, str]:
        links = {
            str(link.get("Id")): str(link.get("Target"))
            for link in self._elements("xl/_rels/workbook.xml.rels")
            if link.tag.endswith("}Relationship")
        }
        found = {}
        for sheet in self._elements("xl/workbook.xml"):
            if sheet.tag == f"{_MAIN}sheet":
                target = links.get(str(sheet.get(_LINK)), "")
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                found[str(sheet.get("name"))] = posixpath.normpath(part)
        return found

    def _elements(self, part: str) -> Iterator[Element]:
        """The elements of a part, each when it ends."""
        with self._archive.open(part) as source:
            stream: Any = iterparse(source)
            for _, element in stream:
                yield element

    def _merged(self, place: str) -> InvalidTable:
        return refused_file(
            self.table,
            "MERGED_CELLS",
            f"{place} 為合併儲存格，請取消合併",
            f"{place} are merged cells; split them",
        )

    def _old(self, content: bytes) -> InvalidTable:
        if _ENCRYPTED in content:
            return refused_file(
                self.table, "ENCRYPTED", "檔案有密碼保護", "it is protected by a password"
            )
        return refused_file(
            self.table,
            "OLD_WORKBOOK",
            "為舊版 .xls 檔，請另存為 .xlsx",
            "it is an old .xls file; save it as .xlsx",
        )

    def _no_workbook(self, why: object) -> InvalidTable:
        return refused_file(
            self.table,
            "NOT_A_WORKBOOK",
            f"不是可讀取的 .xlsx 檔：{why}",
            f"it is no .xlsx workbook that can be read: {why}",
        )
