"""Tokens and recursive descent: the CEL grammar, bounded so that no expression can bring the
evaluation down. (Over 200 lines: one grammar stays in one module.)"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.programmes.syntax_nodes import (
    Call,
    ListOf,
    Literal,
    MapOf,
    Member,
    Name,
    Node,
    SyntaxFault,
)

MAX_DEPTH = 40  # nesting; also what keeps the recursive walks of a tree short
MAX_CHAIN = 200  # terms of one operator, steps of one member chain

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


def parse_tokens(text: str) -> Node:
    """The tree of an expression. Raises SyntaxFault; double literals are refused here."""
    return _Parser(_tokens(text), len(text)).whole()


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
