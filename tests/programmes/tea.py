"""The invented tea house programme that the engine's tests run on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from shared.kernel.decisions import Evaluation
from shared.kernel.streams import UnknownPack
from shared.programmes.compiled import CompiledPack
from shared.programmes.evaluation import evaluate
from shared.programmes.examples import changed, example_facts
from shared.programmes.pack import Pack, load_pack

FOLDER = Path(__file__).parent / "packs" / "good"


@cache
def tea() -> Pack:
    """The good pack."""
    return load_pack(FOLDER)


@cache
def compiled() -> CompiledPack:
    """The good pack, compiled."""
    return CompiledPack(tea())


def facts(changes: Mapping[str, Any] | None = None, moment: str = "submit") -> dict[str, Any]:
    """The example of a moment with changes by JSON pointer."""
    return changed(example_facts(tea(), moment), changes or {})


def checked(changes: Mapping[str, Any] | None = None, moment: str = "submit") -> Evaluation:
    """The moment evaluated on its example with changes."""
    return evaluate(compiled(), moment, facts(changes, moment), complete=True)


def refs(evaluation: Evaluation) -> list[str]:
    """The clauses that spoke, in the order of the findings."""
    return [f"{finding.rule}/{finding.clause}" for finding in evaluation.findings]


def pack_with(clauses: list[dict[str, Any]], values: list[dict[str, Any]] | None = None) -> Pack:
    """The good pack with one rule TE-X of the given clauses and values, and no other."""
    rule = {
        "id": "TE-X",
        "title": {"zh-Hant": "試", "en": "Try"},
        "source": "試",
        "mark": "DEFAULT",
        "owner": "intake",
        "values": [{"moment": "submit", **value} for value in values or []],
        "clauses": [{**_CLAUSE, "id": chr(97 + i), **item} for i, item in enumerate(clauses)],
    }
    return Pack.from_document({**tea().document, "rules": [rule]})


class Shelf:
    """A Packs port over packs in memory."""

    def __init__(self, *packs: Pack):
        self._packs = {pack.digest: pack.document for pack in packs}

    def document(self, digest: str) -> Mapping[str, Any]:
        """The document. Raises UnknownPack."""
        if digest not in self._packs:
            raise UnknownPack(digest)
        return self._packs[digest]


_CLAUSE = {
    "moment": "submit",
    "severity": "block",
    "require": "true",
    "message": {"zh-Hant": "否", "en": "no"},
}
