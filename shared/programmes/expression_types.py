"""Static types of expressions: unknown paths, wrong arguments, comparisons that are silently false.

CEL decides everything when it runs: a missing key raises only when it is reached, `9 == '9'` is
false without a word. The checker walks the tree once with the shapes of the facts. What it cannot
know is `any` and never a fault. It also notes which personal fields an expression reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.programmes.functions import FUNCTIONS, Function
from shared.programmes.operator_types import ARITY, OPERATORS
from shared.programmes.shapes import ListShape, MapShape, Scalar, Shape
from shared.programmes.syntax_nodes import Call, ListOf, Literal, MapOf, Member, Name, Node
from shared.programmes.type_families import ANY, BOOL, NULL, TEXT, accepts, family, given, joined

_TEXT_TESTS = frozenset({"contains", "startsWith", "endsWith", "matches"})


@dataclass(frozen=True, slots=True)
class TypeFault:
    """One fault of an expression; offset counts characters from 0."""

    offset: int
    zh: str
    en: str


@dataclass(slots=True)
class Typed:
    """The type of an expression, its faults, and the personal fields it reads."""

    shape: Shape = ANY
    faults: list[TypeFault] = field(default_factory=list)
    personal: list[str] = field(default_factory=list)


def type_of(node: Node, names: Mapping[str, Shape]) -> Typed:
    """Type an expression over the shapes of its names."""
    typed = Typed()
    typed.shape = _Checker(typed).shape(node, dict(names))
    return typed


class _Checker:
    """One method per kind of node."""

    def __init__(self, typed: Typed):
        self.typed = typed

    def shape(self, node: Node, names: dict[str, Shape]) -> Shape:
        match node:
            case Literal(kind):
                return NULL if kind == "null" else Scalar(kind)
            case Name(name):
                if name not in names:
                    return self.fault(node, f"沒有 {name}", f"there is no {name}")
                return self.seen(names[name], name)
            case Member():
                return self.member(node, names)
            case ListOf(items):
                shapes = [self.shape(item, names) for item in items]
                return ListShape(joined(shapes))
            case MapOf(entries):
                for pair in entries:
                    for item in pair:
                        self.shape(item, names)
                return ANY
            case Call():
                return self.call(node, names)

    def member(self, node: Member, names: dict[str, Shape]) -> Shape:
        shape = self.shape(node.operand, names)
        if isinstance(shape, MapShape):
            if node.field in shape.fields:
                return self.seen(shape.fields[node.field], node.field)
            return self.fault(node, f"沒有 {node.field}", f"there is no {node.field}")
        if family(shape) == "any":
            return ANY
        return self.fault(
            node, f"{node.field} 的上層不是物件", f"what {node.field} is asked of is no map"
        )

    def call(self, node: Call, names: dict[str, Shape]) -> Shape:
        if node.binds is not None:
            return self.macro(node, names)
        arguments = ((node.target,) if node.target is not None else ()) + node.arguments
        shapes = [self.shape(argument, names) for argument in arguments]
        if node.function in FUNCTIONS:
            return self.own(node, FUNCTIONS[node.function], shapes)
        if node.function in _TEXT_TESTS:
            for shape in shapes:
                self.wanted(node, shape, "text")
            return BOOL
        if node.target is None or node.function == "size":
            check = OPERATORS.get(node.function) or OPERATORS.get(f"{node.function}()")
            if check is not None and len(shapes) == ARITY.get(node.function, len(shapes)):
                return check(self, node, shapes, arguments)
        return self.fault(
            node,
            f"不可使用 {node.function}()",
            f"{node.function}() is not in the list of functions",
        )

    def macro(self, node: Call, names: dict[str, Shape]) -> Shape:
        assert node.target is not None
        target = self.shape(node.target, names)
        item: Shape = TEXT if isinstance(target, MapShape) else ANY
        if isinstance(target, ListShape):
            item = target.item
        else:
            self.wanted(node, target, "list", "map")
        inner = {**names, node.binds or "": item}
        shapes = [self.shape(argument, inner) for argument in node.arguments[1:]]
        if not shapes or len(shapes) > (2 if node.function == "map" else 1):
            return self.fault(node, "巨集參數數目不符", f"{node.function} has wrong arguments")
        for shape in shapes[:-1] if node.function == "map" else shapes:
            self.wanted(node, shape, "bool")
        if node.function == "map":
            return ListShape(shapes[-1])
        return ListShape(item) if node.function == "filter" else BOOL

    def own(self, node: Call, function: Function, shapes: list[Shape]) -> Shape:
        if len(shapes) != len(function.arguments):
            return self.fault(node, f"應為 {function.signature}", f"it is {function.signature}")
        for shape, wanted in zip(shapes, function.arguments, strict=True):
            if not accepts(wanted, shape):
                self.fault(node, f"應為 {function.signature}", f"it is {function.signature}")
        return given(function.result, shapes[0])

    def wanted(self, node: Call, shape: Shape, *families: str) -> None:
        if family(shape) not in (*families, "any"):
            words = " or ".join(families)
            self.fault(
                node,
                f"{node.function} 需要 {words}，得到 {family(shape)}",
                f"{node.function} needs {words}, not {family(shape)}",
            )

    def seen(self, shape: Shape, name: str) -> Shape:
        if isinstance(shape, Scalar) and shape.personal:
            self.typed.personal.append(name)
        return shape

    def fault(self, node: Node, zh: str, en: str) -> Shape:
        self.typed.faults.append(TypeFault(node.offset, zh, en))
        return ANY
