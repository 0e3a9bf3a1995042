"""The syntax tree of a CEL expression: what it reads, and what is wrong with it at rest.

The CEL package shows no tree, so this small parser follows the CEL grammar; it evaluates nothing.
Operators are calls named by their sign; macros are calls on a target whose first argument is the
bound name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

MAX_CHARACTERS = 2000
MAX_DEPTH = 40  # nesting; also what keeps the recursive walks of a tree short
MAX_CHAIN = 200  # terms of one operator, steps of one member chain
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

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
      |(?P<double>\d+\.\d+([eE][-+]?\d+)?|\d+[eE][-+]?\d+|\.\d+)
      |(?P<int>\d+)
      |(?P<str>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
      |(?P<sign>\|\||&&|==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")
_LEVELS = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/", "%"))
_WORDS = {"true": True, "false": False, "null": None}


@cache
def parse(text: str) -> Node:
    """The tree of an expression. Raises SyntaxFault; double literals are refused here."""
    if len(text) > MAX_CHARACTERS:
        raise SyntaxFault(
            f"運算式超過 {MAX_CHARACTERS} 字元", f"longer than {MAX_CHARACTERS} characters", 0
        )
    return _Parser(_tokens(text), len(text)).whole()


def paths(node: Node, bound: frozenset[str] = frozenset()) -> Iterator[tuple[str, ...]]:
    """Every fact path the expression reads, in order of reading: ("forms", "F01", "track")."""
    match node:
        case Name(name):
            if name not in bound:
                yield (name,)
        case Member():
            chain = _chain(node)
            if chain is None:
                yield from paths(_root(node), bound)
            elif chain[0] not in bound:
                yield chain
        case Call(_, target, arguments):
            if target is not None:
                yield from paths(target, bound)
            inner, rest = bound, arguments
            if (name := node.binds) is not None:
                inner, rest = bound | {name}, arguments[1:]
            for argument in rest:
                yield from paths(argument, inner)
        case ListOf(items):
            for item in items:
                yield from paths(item, bound)
        case MapOf(entries):
            for key, value in entries:
                yield from paths(key, bound)
                yield from paths(value, bound)


def _chain(node: Node) -> tuple[str, ...] | None:
    if isinstance(node, Name):
        return (node.name,)
    if isinstance(node, Member):
        head = _chain(node.operand)
        return None if head is None else (*head, node.field)
    return None


def _root(node: Node) -> Node:
    while isinstance(node, Member):
        node = node.operand
    return node


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    offset: int


def _tokens(text: str) -> list[_Token]:
    tokens, offset = [], 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            sign = text[offset]
            raise SyntaxFault(f"不認得的字元 {sign}", f"unknown character {sign!r}", offset)
        kind = match.lastgroup or ""
        if kind == "double" or match["double"] is not None:
            raise SyntaxFault(
                f"不得使用小數 {match[0]}", f"the double literal {match[0]} is refused", offset
            )
        if kind != "space":
            tokens.append(_Token(kind, match[0], offset))
        offset = match.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens, one method per level of the grammar."""

    def __init__(self, tokens: list[_Token], end: int):
        self.tokens = tokens
        self.index = 0
        self.depth = 0
        self.end = end

    def whole(self) -> Node:
        node = self.ternary()
        if self.index < len(self.tokens):
            self.unexpected()
        return node

    def ternary(self) -> Node:
        self.deeper()
        node = self.binary(0)
        if (token := self.take("?")) is not None:
            yes = self.ternary()
            self.expect(":")
            node = Call("?:", None, (node, yes, self.ternary()), token.offset)
        self.depth -= 1
        return node

    def binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self.unary()
        node, terms = self.binary(level + 1), 1
        while (token := self.take(*_LEVELS[level])) is not None:
            terms = self.one_more(terms)
            node = Call(token.text, None, (node, self.binary(level + 1)), token.offset)
        return node

    def unary(self) -> Node:
        if (token := self.take("!", "-")) is not None:
            self.deeper()
            node = Call(f"{token.text}_", None, (self.unary(),), token.offset)
            self.depth -= 1
            return node
        return self.member()

    def member(self) -> Node:
        node, steps = self.primary(), 1
        while (token := self.take(".", "[")) is not None:
            steps = self.one_more(steps)
            if token.text == "[":
                index = self.ternary()
                self.expect("]")
                node = Call("[]", None, (node, index), token.offset)
                continue
            name = self.name()
            if self.take("(") is not None:
                node = Call(name.text, node, self.sequence(")"), name.offset)
            else:
                node = Member(node, name.text, name.offset)
        return node

    def primary(self) -> Node:
        token = self.next()
        if token.kind == "int":
            return Literal("int", int(token.text), token.offset)
        if token.kind == "str":
            return Literal("str", _ESCAPE.sub(r"\1", token.text[1:-1]), token.offset)
        if token.kind == "name":
            return self.word(token)
        if token.text == "(":
            node = self.ternary()
            self.expect(")")
            return node
        if token.text == "[":
            return ListOf(self.sequence("]"), token.offset)
        if token.text == "{":
            return MapOf(self.entries(), token.offset)
        self.index -= 1
        return self.unexpected()

    def word(self, token: _Token) -> Node:
        if token.text in _WORDS:
            value = _WORDS[token.text]
            return Literal("null" if value is None else "bool", value, token.offset)
        if token.text == "in":
            self.index -= 1
            self.unexpected()
        if self.take("(") is not None:
            return Call(token.text, None, self.sequence(")"), token.offset)
        return Name(token.text, token.offset)

    def sequence(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while self.take(closing) is None:
            if items:
                self.expect(",")
            items.append(self.ternary())
        return tuple(items)

    def entries(self) -> tuple[tuple[Node, Node], ...]:
        entries: list[tuple[Node, Node]] = []
        while self.take("}") is None:
            if entries:
                self.expect(",")
            key = self.ternary()
            self.expect(":")
            entries.append((key, self.ternary()))
        return tuple(entries)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SyntaxFault("運算式巢狀過深", f"nested deeper than {MAX_DEPTH}", self.offset)

    def one_more(self, terms: int) -> int:
        if terms == MAX_CHAIN:
            raise SyntaxFault("運算式過長", f"a chain longer than {MAX_CHAIN} terms", self.offset)
        return terms + 1

    @property
    def offset(self) -> int:
        return self.tokens[self.index].offset if self.index < len(self.tokens) else self.end

    def take(self, *signs: str) -> _Token | None:
        if self.index < len(self.tokens):
            token = self.tokens[self.index]
            if token.kind in ("sign", "name") and token.text in signs:
                self.index += 1
                return token
        return None

    def next(self) -> _Token:
        if self.index == len(self.tokens):
            self.unexpected()
        self.index += 1
        return self.tokens[self.index - 1]

    def name(self) -> _Token:
        if self.index == len(self.tokens) or self.tokens[self.index].kind != "name":
            self.unexpected()
        return self.next()

    def expect(self, sign: str) -> None:
        if self.take(sign) is None:
            self.unexpected(sign)

    def unexpected(self, wanted: str = "") -> Node:
        found = self.tokens[self.index].text if self.index < len(self.tokens) else "the end"
        wish = f", expected {wanted}" if wanted else ""
        raise SyntaxFault(f"語法錯誤：{found}", f"unexpected {found}{wish}", self.offset)
