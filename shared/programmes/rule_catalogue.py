"""The catalogue that a programme was specified in: which rule ids and test vectors it has.

Stands as catalogue.yaml in the folder of the pack and is no part of its digest: it proves that the
pack is whole (shared/programmes/coverage.py), it decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.programmes.reading import Fault, UnreadablePack, YamlFile, read_yaml

NAME = "catalogue.yaml"
_FAMILY = re.compile(r"^[A-Z]{2,}(-[A-Z]+)+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """`families`: CP-TRK -> how many ids it has, numbered from 1; `gaps`: ids that it leaves out;
    `own`: rules that the office added; vectors are `vector_prefix` and a number from 1."""

    families: Mapping[str, int] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    vector_prefix: str = ""
    vector_count: int = 0

    def vectors_of(self, ids: Iterator[str]) -> frozenset[int]:
        """The catalogue's numbers among vector ids; CP-T125b is number 125."""
        pattern = re.compile(re.escape(self.vector_prefix) + r"0*(\d+)(?!\d)")
        found = (pattern.match(vector) for vector in ids)
        numbers = {int(match[1]) for match in found if match}
        return frozenset(numbers & set(range(1, self.vector_count + 1)))


def family_of(rule: str) -> str:
    """CP-TRK of CP-TRK-02."""
    return rule.rpartition("-")[0]


def rule_ids(catalogue: Catalogue, known: Mapping[str, Any]) -> list[str]:
    """Every id of the catalogue, in its order. Numbers are padded as the pack pads them: with as
    many digits as the family's longest number, at least two."""
    ids: list[str] = []
    widths: dict[str, int] = {}
    for rule in known:
        width = len(rule.rpartition("-")[2])
        widths[family_of(rule)] = max(widths.get(family_of(rule), 2), width)
    for family, count in catalogue.families.items():
        width = widths.get(family) or max([2, *widths.values()])
        ids += (f"{family}-{number:0{width}d}" for number in range(1, count + 1))
    return [rule for rule in ids if rule not in catalogue.gaps]


def read_catalogue(folder: Path) -> Catalogue | None:
    """The catalogue of the pack in a folder; None where it has none. Raises UnreadablePack."""
    if not (folder / NAME).is_file():
        return None
    read = read_yaml(folder / NAME, NAME)
    faults = read.faults or list(_faults(read))
    if faults:
        raise UnreadablePack(faults)
    vectors = read.value.get("vectors") or {}
    return Catalogue(
        families=read.value["families"],
        gaps=tuple(read.value.get("gaps") or ()),
        own=tuple(read.value.get("own") or ()),
        vector_prefix=vectors.get("prefix", ""),
        vector_count=vectors.get("count", 0),
    )


def _faults(read: YamlFile) -> Iterator[Fault]:
    value = read.value
    if not isinstance(value, dict) or not isinstance(value.get("families"), dict):
        yield _fault(read, "", "應有 families: 家族與條數", "it holds `families:`, name to count")
        return
    for key in set(value) - {"families", "vectors", "gaps", "own"}:
        yield _fault(read, f"/{key}", f"不認得的欄位 {key}", f"unknown key {key}")
    for name, count in value["families"].items():
        if not _FAMILY.match(str(name)) or not _whole(count):
            en = "a family is CP-TRK with the number of its rules"
            yield _fault(read, f"/families/{name}", "應為家族代號與條數", en)
    vectors = value.get("vectors", {"prefix": "-", "count": 1})
    if not isinstance(vectors, dict) or set(vectors) != {"prefix", "count"}:
        yield _fault(read, "/vectors", "應有 prefix 與 count", "vectors has a prefix and a count")
    elif not isinstance(vectors["prefix"], str) or not _whole(vectors["count"]):
        yield _fault(read, "/vectors", "prefix 為文字、count 為整數", "a text and a whole number")
    for key in ("gaps", "own"):
        if not isinstance(value.get(key, []), list):
            yield _fault(read, f"/{key}", "應為規則代號清單", "it is a list of rule ids")


def _whole(count: Any) -> bool:
    return isinstance(count, int) and not isinstance(count, bool) and count > 0


def _fault(read: YamlFile, path: str, zh: str, en: str) -> Fault:
    place = read.place(path)
    return Fault(read.name, place.line, place.column, path, zh, en)
