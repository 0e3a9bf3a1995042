"""Who knows one service knows all four."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from shared.contracts.catalogue import SOURCES

SERVICES = Path(__file__).parents[2] / "services"
SHAPE = (
    "README.md",
    "domain/events",
    "domain/errors",
    "application/commands",
    "application/handlers",
    "application/facts",
    "application/ports",
    "projections/tables",
    "publishing",
    "schemas",
    "service",
    "wiring",
)


@pytest.mark.parametrize("service", SOURCES)
@pytest.mark.parametrize("part", SHAPE)
def test_each_service_has_each_part_as_a_module_or_a_package(service: str, part: str):
    path = SERVICES / service / part
    module, package = path.with_suffix(".py"), path / "__init__.py"
    assert path.is_file() or module.is_file() or package.is_file()


@pytest.mark.parametrize("service", SOURCES)
def test_no_package_is_empty(service: str):
    for marker in (SERVICES / service).rglob("__init__.py"):
        modules = [path for path in marker.parent.glob("*.py") if path != marker]
        folders = [path for path in marker.parent.glob("*/__init__.py")]
        assert modules or folders or len(ast.parse(marker.read_text()).body) > 1, marker


@pytest.mark.parametrize("name", ["wiring", "schemas", "publishing"])
def test_the_same_names_stand_at_the_top_of_each_module(name: str):
    public = {
        service: {
            target
            for node in ast.parse((SERVICES / service / f"{name}.py").read_text()).body
            for target in names_of(node)
            if not target.startswith("_") and not isinstance(node, ast.ClassDef)
        }
        for service in SOURCES
    }
    assert len(set(map(frozenset, public.values()))) == 1, public


def names_of(node: ast.stmt) -> list[str]:
    """What a statement at the top of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []
