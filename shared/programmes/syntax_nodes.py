"""The nodes of an expression's tree. Operators are calls named by their sign; macros are calls on a
target whose first argument is the bound name."""

from __future__ import annotations

from dataclasses import dataclass

MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})


class SyntaxFault(Exception):
    """An expression that does not parse; `offset` counts characters from 0."""

    def __init__(self, zh: str, en: str, offset: int):
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Literal:
    """'POP', 9, true, null; kind is str, int, bool or null."""

    kind: str
    value: str | int | bool | None
    offset: int


@dataclass(frozen=True, slots=True)
class Name:
    """A top-level fact or a bound name."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Member:
    """operand.field."""

    operand: Node
    field: str
    offset: int


@dataclass(frozen=True, slots=True)
class Call:
    """function(arguments), target.function(arguments), an operator, `[]` or `?:`."""

    function: str
    target: Node | None
    arguments: tuple[Node, ...]
    offset: int

    @property
    def binds(self) -> str | None:
        """The name a macro binds, else None."""
        if self.target is None or self.function not in MACROS or not self.arguments:
            return None
        first = self.arguments[0]
        return first.name if isinstance(first, Name) else None


@dataclass(frozen=True, slots=True)
class ListOf:
    """[a, b]."""

    items: tuple[Node, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class MapOf:
    """{'a': b}."""

    entries: tuple[tuple[Node, Node], ...]
    offset: int


Node = Literal | Name | Member | Call | ListOf | MapOf
