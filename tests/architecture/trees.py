"""Reading the folder trees that READMEs show, and comparing them with the disk.

A tree is a fenced block whose first line ends in "/" or draws branches. One entry per line, depth
by indentation or branches, the name first, then a remark. "<id>" stands for any name; a line "…"
says that more stands beside it, which is then not compared.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.M | re.S)
_BRANCHES = re.compile(r"^[\s│├└─|`+-]*")
_MORE = ("…", "...")


@dataclass
class Entry:
    """One line of a tree; children is empty when the tree does not look inside."""

    pattern: str
    children: list[Entry] = field(default_factory=list)


def trees_in(markdown: str) -> list[list[Entry]]:
    """The top entries of every tree in a page."""
    blocks = (match.group(1) for match in _FENCE.finditer(markdown))
    return [_parse(block.splitlines()) for block in blocks if _is_tree(block)]


def differences(entries: list[Entry], files: Iterable[str]) -> list[str]:
    """What the tree shows and the files (paths relative to the page) lack, and the reverse."""
    return list(_compare(entries, [PurePosixPath(file).parts for file in files], ""))


def _is_tree(block: str) -> bool:
    lines = [line for line in block.splitlines() if line.strip()]
    first = _BRANCHES.sub("", lines[0]).split()[0] if lines else ""
    return "├─" in block or (len(lines) > 2 and first.endswith("/") and not first.startswith("/"))


def _parse(lines: list[str]) -> list[Entry]:
    top: list[Entry] = []
    open_entries: list[tuple[int, list[Entry]]] = [(-1, top)]
    for line in filter(str.strip, lines):
        depth = len(_BRANCHES.match(line).group())  # type: ignore[union-attr]
        name = re.split(r"\s", line[depth:].strip())[0]
        while open_entries[-1][0] >= depth:
            open_entries.pop()
        entry = Entry(re.sub(r"<\w+>", "*", name.rstrip("/")))
        open_entries[-1][1].append(entry)
        open_entries.append((depth, entry.children))
    if len(top) == 1 and top[0].children and top[0].pattern == ".":
        return top[0].children
    return top


def _compare(entries: list[Entry], files: list[tuple[str, ...]], where: str) -> Iterator[str]:
    present = {parts[0] for parts in files}
    shown = [entry for entry in entries if entry.pattern not in _MORE]
    for entry in shown:
        head, _, rest = entry.pattern.partition("/")
        matching = [name for name in present if fnmatch(name, head)]
        if not matching:
            yield f"{where}{entry.pattern} is shown but does not exist"
        children = [Entry(rest, entry.children), Entry("…")] if rest else entry.children
        for name in matching if children else []:
            inside = [parts[1:] for parts in files if parts[0] == name and len(parts) > 1]
            yield from _compare(children, inside, f"{where}{name}/")
    if len(shown) == len(entries):
        heads = [entry.pattern.partition("/")[0] for entry in shown]
        for name in sorted(present):
            if not name.startswith(".") and not any(fnmatch(name, head) for head in heads):
                yield f"{where}{name} exists but is not shown"


def tracked(root: Path) -> list[str]:
    """Paths of the files under git in a folder, relative to it, that are on the disk."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        text=True,
        capture_output=True,
        check=True,
    )
    return [path for path in done.stdout.split("\0") if path and (root / path).is_file()]
