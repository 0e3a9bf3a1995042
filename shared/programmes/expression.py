"""The syntax tree of a CEL expression: what it reads, and what is wrong with it at rest.

The CEL package shows no tree, so a small parser follows the CEL grammar; it evaluates nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from shared.programmes.expression_parser import parse_tokens
from shared.programmes.syntax_nodes import Call, ListOf, MapOf, Member, Name, Node, SyntaxFault

MAX_CHARACTERS = 2000


@cache
def parse(text: str) -> Node:
    """The tree of an expression. Raises SyntaxFault; double literals are refused here."""
    if len(text) > MAX_CHARACTERS:
        raise SyntaxFault(
            f"運算式超過 {MAX_CHARACTERS} 字元", f"longer than {MAX_CHARACTERS} characters", 0
        )
    return parse_tokens(text)


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
            if (binds := node.binds) is not None:
                inner, rest = bound | {binds}, arguments[1:]
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
