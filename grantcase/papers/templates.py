"""Templates of papers: those every programme has (defaults/*.yaml) under those of the pack.

A pack's paper of the same id takes what it leaves out (label, needs, title, ...) from the default.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from grantcase.papers.errors import UnknownPaper
from shared.programmes.reading import read_yaml

FOLDER = Path(__file__).parent / "defaults"

Template = Mapping[str, Any]


CASE, CALL = "case", "call"
"""What a paper is about."""


def templates(pack: Mapping[str, Any], per: str) -> dict[str, Template]:
    """Paper id -> template of what is about a case, or a call: the pack's own first."""
    own = pack.get("papers") or {}
    found = {
        **{kind: {**defaults().get(kind, {}), **paper} for kind, paper in own.items()},
        **{kind: paper for kind, paper in defaults().items() if kind not in own},
    }
    return {kind: paper for kind, paper in found.items() if paper.get("per", CASE) == per}


def template(pack: Mapping[str, Any], kind: str, per: str) -> Template:
    """One template. Raises UnknownPaper."""
    known = templates(pack, per)
    if kind not in known:
        raise UnknownPaper(kind, list(known))
    return known[kind]


@lru_cache(maxsize=1)
def defaults() -> Mapping[str, Template]:
    """The papers every programme has."""
    found: dict[str, Template] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.name != "words.yaml":
            found.update(read_yaml(path, path.name).value["papers"])
    return found


def default_words() -> Mapping[str, str]:
    """Codes of the system's own events in the words of a paper."""
    words: Mapping[str, str] = _letterhead()["paper_words"]
    return words


def default_head() -> Mapping[str, Any]:
    """Who issues and signs, unless the pack says otherwise."""
    head: Mapping[str, Any] = _letterhead()["paper_head"]
    return head


@lru_cache(maxsize=1)
def _letterhead() -> Mapping[str, Any]:
    read: Mapping[str, Any] = read_yaml(FOLDER / "words.yaml", "words.yaml").value
    return read
