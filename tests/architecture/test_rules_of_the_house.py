"""What CONTRIBUTING.md asks of every module, checked."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.trees import tracked

ROOT = Path(__file__).parents[2]
FILES = tracked(ROOT)
MODULES = [path for path in FILES if path.endswith(".py")]
BANNED_NAMES = {"utils", "helpers", "common", "misc", "manager"}
PAGE, LONGEST_MODULE = 200, 300

# written so that this file does not find itself
MACHINE_PATHS = re.compile(r"/(?:home|root|Users|wor[k]|bash_job[s])/|\.librar[y]/")
PACKAGE_HOSTS = re.compile(r"pypi\.or[g]|pythonhoste[d]|--index-ur[l]|--find-link[s] http")


def tree_of(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(), path)


def under(*folders: str) -> list[str]:
    return [path for path in MODULES if path.startswith(folders)]


def test_the_import_contracts_are_kept():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_nameko_and_eventlet_are_imported_in_three_modules_only():
    importing = re.compile(r"^\s*(?:from|import) (?:nameko|eventlet)\b", re.M)
    product = under("grantcase/", "services/", "shared/")
    found = {path for path in product if importing.search((ROOT / path).read_text())}
    assert found == {f"shared/bus/{name}.py" for name in ("case_service", "entrypoints", "serve")}


def test_no_module_has_a_name_that_says_nothing():
    parts = {path: {*Path(path).parts[:-1], Path(path).stem} for path in MODULES}
    assert [path for path, names in parts.items() if names & BANNED_NAMES] == []


def test_no_module_is_longer_than_a_page_of_thought():
    lengths = {path: len((ROOT / path).read_text().splitlines()) for path in MODULES}
    assert {path: n for path, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_a_module_longer_than_a_page_says_why():
    product = under("grantcase/", "services/", "shared/")
    longer = [path for path in product if len((ROOT / path).read_text().splitlines()) > PAGE]
    reason = re.compile(r"\bpage\b|200\s+lines", re.I)
    said = {path: ast.get_docstring(tree_of(path)) or "" for path in longer}
    assert [path for path, docstring in said.items() if not reason.search(docstring)] == []


def test_every_module_says_what_it_is_for():
    product = under("grantcase/", "services/", "shared/")
    assert [path for path in product if not ast.get_docstring(tree_of(path))] == []


PURE = [
    path
    for path in under("services/", "shared/kernel/")
    if re.match(r"shared/kernel/|services/\w+/(domain|application)/", path)
]


@pytest.mark.parametrize("path", PURE)
def test_no_floating_point_in_domain_application_and_kernel(path: str):
    assert [f"{path}:{line}" for line in floats(tree_of(path))] == []


def floats(tree: ast.Module) -> Iterator[int]:
    """Lines with a float literal, the name float, or the division that makes one."""
    for node in ast.walk(tree):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        named = isinstance(node, ast.Name) and node.id == "float"
        divided = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        if literal or named or divided:
            yield node.lineno


def test_floats_are_found_in_all_three_forms():
    assert sorted(floats(ast.parse("a = 0.5\nb: float = 1\nc = a / 2\nd = 7 // 2"))) == [1, 2, 3]


CLOCKLESS = [
    path
    for path in under("services/", "shared/kernel/", "shared/contracts/", "shared/programmes/")
    if path != "shared/kernel/clock.py"
]


@pytest.mark.parametrize("path", CLOCKLESS)
def test_nothing_that_decides_reads_a_clock(path: str):
    assert [f"{path}:{line}" for line in clock_reads(tree_of(path))] == []


def clock_reads(tree: ast.Module) -> Iterator[int]:
    """Lines that call datetime.now, utcnow, today, time.time and their kin."""
    forbidden = {
        *(("datetime", name) for name in ("now", "utcnow", "today")),
        ("date", "today"),
        *(("time", name) for name in ("time", "time_ns", "localtime", "gmtime")),
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if (name, node.attr) in forbidden:
                yield node.lineno


def test_clock_reads_are_found():
    code = "datetime.now(UTC)\ndatetime.datetime.utcnow()\ndate.today()\nclock.now()"
    assert list(clock_reads(ast.parse(code))) == [1, 2, 3]


def test_the_lock_file_holds_exactly_the_pins_of_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lock = (ROOT / "requirements.lock").read_text()
    locked = {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([\w.-]+)==(\S+) \\$", lock, re.M)
    }
    for requirement in map(Requirement, wanted):
        version = locked.get(canonicalize_name(requirement.name))
        assert version, f"{requirement} is not in requirements.lock: run deploy/bin/lock"
        assert version in requirement.specifier, f"{requirement} but locked is {version}"


def test_every_dependency_but_setuptools_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert [text for text in wanted if "==" not in text] == ["setuptools<81"]


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, PACKAGE_HOSTS], ids=["paths", "hosts"])
def test_no_file_names_a_developers_machine_or_a_package_host(pattern: re.Pattern[str]):
    found = []
    for path in FILES:
        text = (ROOT / path).read_bytes().decode(errors="replace")
        found += [f"{path}: {match.group()}" for match in pattern.finditer(text)]
    assert found == []


def test_ci_calls_make_test_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["exec make test"]


def test_make_explains_every_target():
    done = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, text=True, capture_output=True, check=True
    )
    explained = [line.split("\t")[0] for line in done.stdout.splitlines()]
    assert explained == ["help", "demo", "test", "check", "bench", "soak", "up", "down"]
