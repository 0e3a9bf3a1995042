"""Types of CEL's operators and of the few functions of its own that packs may call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from shared.programmes.shapes import ListShape, MapShape, Scalar, Shape
from shared.programmes.syntax_nodes import Call, ListOf, Literal, Node
from shared.programmes.type_families import ANY, BOOL, INT, TEXT, family, joined, plain

_COMPARED = frozenset({"==", "!="})
_ORDERED = frozenset({"<", "<=", ">", ">="})


class Checker(Protocol):
    """Where faults go."""

    def fault(self, node: Node, zh: str, en: str) -> Shape:
        """Note a fault; the type is then ANY."""
        ...

    def wanted(self, node: Call, shape: Shape, *families: str) -> None:
        """Note a fault unless the shape is of one of the families."""
        ...


Check = Callable[[Checker, Call, list[Shape], tuple[Node, ...]], Shape]


def _logic(checker: Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
    for shape in shapes:
        checker.wanted(node, shape, "bool")
    return BOOL


def _choice(checker: Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
    checker.wanted(node, shapes[0], "bool")
    return joined(shapes[1:])


def _comparison(
    checker: Checker, node: Call, shapes: list[Shape], arguments: tuple[Node, ...]
) -> Shape:
    families = {family(shape) for shape in shapes} - {"any"}
    if node.function in _ORDERED:
        for shape in shapes:
            checker.wanted(node, shape, "text", "number", "instant")
    else:
        families -= {"null"}
    if len(families) > 1:
        words = " and ".join(sorted(families))
        checker.fault(node, f"無法比較 {words}", f"{words} are never equal")
    _enumerated(checker, shapes[0], arguments[1])
    _enumerated(checker, shapes[1], arguments[0])
    return BOOL


def _membership(
    checker: Checker, node: Call, shapes: list[Shape], arguments: tuple[Node, ...]
) -> Shape:
    left, right = shapes
    checker.wanted(node, right, "list", "map")
    if isinstance(right, ListShape):
        both = {family(left), family(right.item)} - {"any", "null"}
        if len(both) > 1:
            checker.fault(node, "型別不同，永不相符", "no element can be equal to it")
        _enumerated(checker, right.item, arguments[0])
    if isinstance(arguments[1], ListOf):
        for item in arguments[1].items:
            _enumerated(checker, left, item)
    return BOOL


def _sum(checker: Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
    for shape in shapes:
        checker.wanted(node, shape, "number", "text", "list")
    families = {family(shape) for shape in shapes} - {"any"}
    if len(families) > 1:
        checker.fault(node, "不同型別不可相加", f"{' and '.join(sorted(families))} do not add")
    known = [shape for shape in shapes if family(shape) != "any"]
    return plain(known[0]) if known else ANY


def _arithmetic(checker: Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
    for shape in shapes:
        checker.wanted(node, shape, "number")
    return INT


def _division(checker: Checker, node: Call, *_: object) -> Shape:
    checker.fault(
        node,
        "不可用 /：請用 half_up、ceil_div 或 floor_div",
        "/ is refused: name the rounding (half_up, ceil_div, floor_div)",
    )
    return INT


def _index(checker: Checker, node: Call, shapes: list[Shape], arguments: tuple[Node, ...]) -> Shape:
    whole, key = shapes
    if isinstance(whole, ListShape):
        checker.wanted(node, key, "number")
        return whole.item
    checker.wanted(node, whole, "list", "map")
    if isinstance(whole, MapShape):
        checker.wanted(node, key, "text")
        if isinstance(arguments[1], Literal) and arguments[1].value not in whole.fields:
            return checker.fault(node, "沒有此鍵", f"there is no {arguments[1].value}")
        return joined(list(whole.fields.values()))
    return ANY


def _size(checker: Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
    if family(shapes[0]) not in ("list", "map"):
        checker.fault(
            node,
            "size() 只能用於清單；文字請用 chars()",
            "size() is for lists; of text use chars()",
        )
    return INT


def _has(checker: Checker, node: Call, *_: object) -> Shape:
    checker.fault(
        node,
        "has() 恆為真：請與 null 比較",
        "has() is always true, facts carry every key: compare with null",
    )
    return BOOL


def _cast(result: Scalar, *families: str) -> Check:
    def check(checker: Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
        checker.wanted(node, shapes[0], *families)
        return result

    return check


OPERATORS: dict[str, Check] = {
    **dict.fromkeys(("&&", "||", "!_"), _logic),
    **dict.fromkeys(_COMPARED | _ORDERED, _comparison),
    **dict.fromkeys(("-", "*", "%", "-_"), _arithmetic),
    "?:": _choice,
    "in": _membership,
    "+": _sum,
    "/": _division,
    "[]": _index,
    "size()": _size,
    "has()": _has,
    "int()": _cast(INT, "text", "number"),
    "string()": _cast(TEXT, "text", "number", "bool"),
}
ARITY = {"size": 1, "has": 1, "int": 1, "string": 1}


def _enumerated(checker: Checker, shape: Shape, literal: Node) -> None:
    if not (isinstance(shape, Scalar) and shape.choices and isinstance(literal, Literal)):
        return
    if literal.kind == "str" and literal.value not in shape.choices:
        one_of = f"{literal.value} is not in {', '.join(shape.choices)}"
        checker.fault(literal, f"沒有此選項：{one_of}", one_of)
