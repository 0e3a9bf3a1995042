"""Static types of expressions: unknown paths, wrong arguments, comparisons that are silently false.

CEL decides everything when it runs: a missing key raises only when it is reached, `9 == '9'` is
false without a word. The checker walks the tree once with the shapes of the facts. What it cannot
know is `any` and never a fault. It also notes which personal fields an expression reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from shared.programmes.expression import Call, ListOf, Literal, MapOf, Member, Name, Node
from shared.programmes.functions import FUNCTIONS, Function
from shared.programmes.shapes import NUMBERS, TEXTS, ListShape, MapShape, Scalar, Shape, read_shape

ANY = Scalar("any", nullable=True)
NULL = Scalar("null", nullable=True)
BOOL = Scalar("bool")
INT = Scalar("int")
TEXT = Scalar("str")
_COMPARED = frozenset({"==", "!="})
_ORDERED = frozenset({"<", "<=", ">", ">="})
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


def family(shape: Shape) -> str:
    """text, number, bool, instant, list, map, null or any: what may be compared with what."""
    if isinstance(shape, ListShape):
        return "list"
    if isinstance(shape, MapShape):
        return "map"
    if shape.kind in TEXTS:
        return "text"
    return "number" if shape.kind in NUMBERS else shape.kind


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
                return ListShape(_joined(shapes))
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
            check = _OPERATORS.get(node.function) or _OPERATORS.get(f"{node.function}()")
            if check is not None and len(shapes) == _ARITY.get(node.function, len(shapes)):
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
            if not _accepts(wanted, shape):
                self.fault(node, f"應為 {function.signature}", f"it is {function.signature}")
        return _given(function.result, shapes[0])

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


Check = Callable[[_Checker, Call, list[Shape], tuple[Node, ...]], Shape]


def _logic(checker: _Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
    for shape in shapes:
        checker.wanted(node, shape, "bool")
    return BOOL


def _choice(checker: _Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
    checker.wanted(node, shapes[0], "bool")
    return _joined(shapes[1:])


def _comparison(
    checker: _Checker, node: Call, shapes: list[Shape], arguments: tuple[Node, ...]
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
    checker: _Checker, node: Call, shapes: list[Shape], arguments: tuple[Node, ...]
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


def _sum(checker: _Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
    for shape in shapes:
        checker.wanted(node, shape, "number", "text", "list")
    families = {family(shape) for shape in shapes} - {"any"}
    if len(families) > 1:
        checker.fault(node, "不同型別不可相加", f"{' and '.join(sorted(families))} do not add")
    known = [shape for shape in shapes if family(shape) != "any"]
    return _plain(known[0]) if known else ANY


def _arithmetic(checker: _Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
    for shape in shapes:
        checker.wanted(node, shape, "number")
    return INT


def _division(checker: _Checker, node: Call, *_: object) -> Shape:
    checker.fault(
        node,
        "不可用 /：請用 half_up、ceil_div 或 floor_div",
        "/ is refused: name the rounding (half_up, ceil_div, floor_div)",
    )
    return INT


def _index(
    checker: _Checker, node: Call, shapes: list[Shape], arguments: tuple[Node, ...]
) -> Shape:
    whole, key = shapes
    if isinstance(whole, ListShape):
        checker.wanted(node, key, "number")
        return whole.item
    checker.wanted(node, whole, "list", "map")
    if isinstance(whole, MapShape):
        checker.wanted(node, key, "text")
        if isinstance(arguments[1], Literal) and arguments[1].value not in whole.fields:
            return checker.fault(node, "沒有此鍵", f"there is no {arguments[1].value}")
        return _joined(list(whole.fields.values()))
    return ANY


def _size(checker: _Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
    if family(shapes[0]) not in ("list", "map"):
        checker.fault(
            node,
            "size() 只能用於清單；文字請用 chars()",
            "size() is for lists; of text use chars()",
        )
    return INT


def _has(checker: _Checker, node: Call, *_: object) -> Shape:
    checker.fault(
        node,
        "has() 恆為真：請與 null 比較",
        "has() is always true, facts carry every key: compare with null",
    )
    return BOOL


def _cast(result: Scalar, *families: str) -> Check:
    def check(checker: _Checker, node: Call, shapes: list[Shape], _: tuple[Node, ...]) -> Shape:
        checker.wanted(node, shapes[0], *families)
        return result

    return check


_OPERATORS: dict[str, Check] = {
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
_ARITY = {"size": 1, "has": 1, "int": 1, "string": 1}


def _enumerated(checker: _Checker, shape: Shape, literal: Node) -> None:
    if not (isinstance(shape, Scalar) and shape.choices and isinstance(literal, Literal)):
        return
    if literal.kind == "str" and literal.value not in shape.choices:
        one_of = f"{literal.value} is not in {', '.join(shape.choices)}"
        checker.fault(literal, f"沒有此選項：{one_of}", one_of)


def _joined(shapes: list[Shape]) -> Shape:
    known = [shape for shape in shapes if family(shape) not in ("any", "null")]
    if not known or len({family(shape) for shape in known}) > 1:
        return ANY if known or not shapes else shapes[0]
    joined = _plain(known[0]) if len(set(map(str, known))) > 1 else known[0]
    nullable = any(isinstance(shape, Scalar) and shape.nullable for shape in shapes)
    return replace(joined, nullable=nullable) if isinstance(joined, Scalar) else joined


def _plain(shape: Shape) -> Shape:
    if isinstance(shape, Scalar) and (shape.choices or shape.personal or shape.kind in NUMBERS):
        return INT if shape.kind in NUMBERS else TEXT
    return shape


def _accepts(wanted: str, shape: Shape) -> bool:
    if family(shape) == "any":
        return True
    if wanted.startswith("list("):
        inner = wanted.removeprefix("list(").removesuffix(")").rstrip("?")
        return isinstance(shape, ListShape) and (inner == "any" or _accepts(inner, shape.item))
    optional, wanted = wanted.endswith("?"), wanted.rstrip("?")
    if family(shape) == "null":
        return optional
    if wanted in ("day", "date"):
        dates = ("date", "any") if wanted == "date" else ("date", "instant")
        return isinstance(shape, Scalar) and shape.kind in dates
    return family(shape) == {"str": "text", "int": "number"}.get(wanted, wanted)


def _given(result: str, first: Shape) -> Shape:
    if result == "same":
        return replace(first, nullable=False) if isinstance(first, Scalar) else first
    if result == "element?":
        item = first.item if isinstance(first, ListShape) else ANY
        return replace(item, nullable=True) if isinstance(item, Scalar) else item
    return read_shape(result)
