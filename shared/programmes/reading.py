"""YAML with positions: plain JSON values, and for every value its file, line and column.

Only text, integers, booleans, null, lists and maps exist in a pack. A plain scalar that YAML would
turn into a date stays text (2023-07-15); a decimal number, a number with a leading zero, a
duplicate key and a file that is not UTF-8 are faults.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*(_[0-9]{3})*)\Z")
_DECIMAL = re.compile(r"[-+]?([0-9][0-9_]*)?\.?[0-9]+([eE][-+]?[0-9]+)?\Z")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of a pack; line and column count from 1, field is a JSON pointer in the file."""

    file: str
    line: int
    column: int
    field: str
    reason_zh: str
    reason_en: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.field or '/'}: {self.reason_en}"


class UnreadablePack(Exception):
    """The folder is no pack at all; `faults` says where and why."""

    def __init__(self, faults: list[Fault]):
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands; `pointer` is relative to its file."""

    file: str
    line: int
    column: int
    pointer: str = ""


@dataclass(slots=True)
class YamlFile:
    """One file: its value as plain JSON, and the places of its values by JSON pointer."""

    name: str
    value: Any = None
    places: dict[str, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, pointer: str) -> Place:
        """The place of the value, or of its nearest ancestor that was written down."""
        while pointer not in self.places and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.places.get(pointer, Place(self.name, 1, 1, pointer))


def read_yaml(path: Path, name: str) -> YamlFile:
    """Read one file; what is wrong with it is in `faults`, and the rest is still read."""
    read = YamlFile(name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        read.faults.append(
            Fault(name, line, 1, "", "檔案不是 UTF-8 編碼", "the file is not UTF-8 text")
        )
        return read
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        read.faults.append(_syntax_fault(name, error))
        return read
    read.value = {} if root is None else _Reader(read).plain(root, "")
    return read


def pointer(base: str, key: str | int) -> str:
    """A JSON pointer one step further (RFC 6901)."""
    return f"{base}/{str(key).replace('~', '~0').replace('/', '~1')}"


def at_pointer(document: Any, path: str) -> Any:
    """The value at a JSON pointer; raises KeyError, IndexError or TypeError when there is none."""
    for step in path.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def _syntax_fault(name: str, error: MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = error.problem or str(error)
    return Fault(name, line, column, "", f"YAML 語法錯誤：{problem}", f"YAML syntax: {problem}")


class _Reader:
    """Turns YAML nodes into plain values and notes places and faults."""

    def __init__(self, read: YamlFile):
        self.read = read

    def plain(self, node: Node, path: str) -> Any:
        mark = node.start_mark
        self.read.places[path] = Place(self.read.name, mark.line + 1, mark.column + 1, path)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.plain(item, pointer(path, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: str) -> Mapping[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = pointer(path, key)
            if key in result:
                self._fault(key_node, here, f"欄位重複：{key}", f"the key {key} stands here twice")
            result[key] = self.plain(value_node, here)
            mark = key_node.start_mark
            self.read.places[here] = Place(self.read.name, mark.line + 1, mark.column + 1, here)
        return result

    def _scalar(self, node: ScalarNode, path: str) -> Any:
        text = node.value
        if node.style is not None:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.match(text):
            return int(text)
        if _DECIMAL.match(text):
            self._fault(
                node,
                path,
                f"{text}：小數或以 0 開頭的數字；請改用整數（_bp、_centi）或加引號",
                f"{text} is a decimal or starts with 0: write an integer (_bp, _centi) or quote it",
            )
        return text

    def _fault(self, node: Node, path: str, zh: str, en: str) -> None:
        mark = node.start_mark
        self.read.faults.append(Fault(self.read.name, mark.line + 1, mark.column + 1, path, zh, en))
