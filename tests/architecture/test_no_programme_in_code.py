"""Nothing of a programme stands in code: no form, rule, track, criterion or role name of a pack, no
date of a call. Examples of command fields and docstrings may name them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shared.kernel.permissions import ROLES
from shared.programmes.location import programme_folders
from shared.programmes.pack import load_pack

ROOT = Path(__file__).parents[2]
FILES = [
    path
    for top in ("services", "shared", "grantcase")
    for path in sorted((ROOT / top).rglob("*.py"))
    if "demo" not in path.relative_to(ROOT).parts
]
_FACTS = {"year_roc", "publication_url"}  # names of facts, too
_ROUND = {5_000, 10_000, 100_000}  # code has these for reasons of its own: halves, wholes, examples
PATTERNS = (r"\b(CP|SI)-[A-Z]+-\d\d", r"coprosperity", r"siir-")


@cache
def names_of_packs() -> set[str]:
    """Texts of a pack that only a programme gives: tracks, tiers' criteria, roles, parameters."""
    found: set[str] = set()
    for folder in programme_folders():
        document = load_pack(folder).document
        found |= set(document.get("tracks") or ()) | set(document["forms"])
        found |= {row["id"] for row in (document.get("scoring") or {}).get("criteria") or ()}
        found |= {name for name in document.get("call_parameters") or () if name not in _FACTS}
        found |= {name for name in document["roles"] if "_" in name} - set(ROLES)
    return found


@cache
def amounts_of_packs() -> set[int]:
    """Money, and other figures of four digits or more, of a pack's parameters."""
    return {
        value
        for folder in programme_folders()
        for value in load_pack(folder).parameters.values()
        if type(value) is int and value > 1000 and value not in _ROUND
    }


def literals(tree: ast.AST) -> Iterator[ast.Constant]:
    """Constants that are neither docstrings nor examples of command fields."""
    skipped: set[int] = set()
    examples: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "arg":
            skipped |= {id(inner) for inner in ast.walk(node)}
            examples |= {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id in examples for target in node.targets
        ):
            skipped |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in skipped:
            yield node


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_no_name_date_or_amount_of_a_programme(path: Path) -> None:
    names, amounts = names_of_packs(), amounts_of_packs()
    for node in literals(ast.parse(path.read_text("utf-8"))):
        value = node.value
        if isinstance(value, str):
            assert value not in names, f"line {node.lineno}: {value}"
            assert not any(re.search(one, value) for one in PATTERNS), f"{node.lineno}: {value}"
        elif type(value) is int:
            assert value not in amounts, f"line {node.lineno}: {value}"
