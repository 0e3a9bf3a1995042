"""What the documentation names exists: commands, options, make targets, links, public events."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from docs.reference import write_events
from grantcase.cli import app
from grantcase.commands import catalogue
from tests.architecture.trees import tracked

ROOT = Path(__file__).parents[2]
PAGES = [path for path in tracked(ROOT) if path.endswith(".md")]
GUIDES = [path for path in PAGES if not path.startswith("docs/adr/")]
"""Pages whose commands people type; decisions are not edited when a command changes."""

_SHELL = re.compile(r"^ *```sh\n(.*?)^ *```", re.M | re.S)
_FENCED = re.compile(r"^ *```.*?^ *```", re.M | re.S)
_INLINE = re.compile(r"`((?:\.venv/bin/)?grantcase [^`]+|make [a-z]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_PLACEHOLDER = re.compile(r"[|<>…]|^[A-Z]+$")


def commands_in(page: str) -> Iterator[str]:
    """Every grantcase or make command of a page: shell blocks line by line, and inline code."""
    for block in _SHELL.findall(page):
        for line in block.replace("\\\n", " ").splitlines():
            for part in re.split(r"&&|\||;", line):
                if found := re.search(r"(?:^|\s)((?:\.venv/bin/)?grantcase|make) .*", part):
                    yield re.split(r" [<>] ", found.group().strip())[0]
    yield from _INLINE.findall(_FENCED.sub("", page))


def fault_of(text: str) -> str | None:
    """What is wrong with a command, or None."""
    program, *words = shlex.split(re.split(r"[<>#]", text)[0])
    if program == "make":
        known_target = f"\n{words[0]}:" in (ROOT / "Makefile").read_text()
        return None if known_target else f"make has no target {words[0]}"
    node: Any = get_command(app)
    while words and hasattr(node, "commands") and not words[0].startswith("-"):
        if _PLACEHOLDER.search(words[0]) and words[0] not in node.commands:
            return None
        if words[0] not in node.commands:
            return f"no command {words[0]}"
        node = node.commands[words.pop(0)]
    known = {name for parameter in node.params for name in parameter.opts}
    wrong = [word for word in words if word.startswith("--") and word not in {*known, "--help"}]
    if wrong:
        return f"{node.name} has no {wrong[0]}"
    return fault_of_do(words) if node.name == "do" else None


def fault_of_do(words: list[str]) -> str | None:
    """The commands that `grantcase do` is asked for exist."""
    named = [word for word in words if re.fullmatch(r"(?:[A-Z][a-z]+)+", word)]
    return next((f"no command {name}" for name in named if name not in catalogue()), None)


@pytest.mark.parametrize("page", GUIDES)
def test_every_command_on_a_page_exists(page: str):
    found = list(commands_in((ROOT / page).read_text()))
    assert [f"{text}: {fault}" for text in found if (fault := fault_of(text))] == []


def test_the_pages_that_people_type_from_have_commands():
    for page in ("README.md", "docs/tutorial/one-case-by-hand.md"):
        assert len(list(commands_in((ROOT / page).read_text()))) > 10, page


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (".venv/bin/grantcase case tell CP112-0001", "no command tell"),
        ("grantcase case show CP112-0001 --at 2023-01-01", "show has no --at"),
        ("grantcase do SubmitProposals --as lin:applicant", "no command SubmitProposals"),
        ("make tea", "make has no target tea"),
        ("grantcase do SubmitProposal --as lin:applicant", None),
        ("make demo", None),
    ],
)
def test_a_wrong_command_is_named(text: str, fault: str | None):
    assert fault_of(text) == fault


@pytest.mark.parametrize("page", PAGES)
def test_every_internal_link_resolves(page: str):
    text = _FENCED.sub("", (ROOT / page).read_text())
    assert [link for link in _LINK.findall(text) if not resolves(ROOT / page, link)] == []


def resolves(page: Path, link: str) -> bool:
    """True for web addresses, and for files and headings that are there."""
    if link.startswith(("http://", "https://")):
        return True
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings: lower case, spaces to hyphens, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


def test_links_that_lead_nowhere_are_found():
    assert not resolves(ROOT / "README.md", "docs/nowhere.md")
    assert not resolves(ROOT / "README.md", "docs/operations/README.md#nowhere")
    assert resolves(ROOT / "README.md", "docs/operations/README.md#backup")


def test_the_page_of_public_events_is_current():
    told = "run: python docs/reference/write_events.py"
    assert write_events.PAGE.read_text() == write_events.page(), told


def test_every_page_of_the_documentation_can_be_reached_from_its_index():
    index = (ROOT / "docs/README.md").read_text() + (ROOT / "docs/adr/README.md").read_text()
    pages = [path for path in PAGES if path.startswith("docs/") and path != "docs/README.md"]
    assert [path for path in pages if path.rpartition("/")[2] not in index] == []


def test_every_environment_variable_that_the_product_reads_is_documented():
    read: set[str] = set()
    for path in tracked(ROOT):
        if path.startswith(("grantcase/", "services/", "shared/")) and path.endswith(".py"):
            read |= set(re.findall(r"GRANTCASE_[A-Z0-9_]+[A-Z]", (ROOT / path).read_text()))
    page = (ROOT / "docs/operations/README.md").read_text()
    assert read
    assert sorted(name for name in read if f"`{name}`" not in page) == []
