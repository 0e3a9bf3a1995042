"""Families of types: what may be compared, joined, and handed to a function."""

from __future__ import annotations

from dataclasses import replace

from shared.programmes.shapes import NUMBERS, TEXTS, ListShape, MapShape, Scalar, Shape, read_shape

ANY = Scalar("any", nullable=True)
NULL = Scalar("null", nullable=True)
BOOL = Scalar("bool")
INT = Scalar("int")
TEXT = Scalar("str")


def family(shape: Shape) -> str:
    """text, number, bool, instant, list, map, null or any: what may be compared with what."""
    if isinstance(shape, ListShape):
        return "list"
    if isinstance(shape, MapShape):
        return "map"
    if shape.kind in TEXTS:
        return "text"
    return "number" if shape.kind in NUMBERS else shape.kind


def joined(shapes: list[Shape]) -> Shape:
    """One type for the elements of a list or the branches of a choice; ANY where they differ."""
    known = [shape for shape in shapes if family(shape) not in ("any", "null")]
    if not known or len({family(shape) for shape in known}) > 1:
        return ANY if known or not shapes else shapes[0]
    joined = plain(known[0]) if len(set(map(str, known))) > 1 else known[0]
    nullable = any(isinstance(shape, Scalar) and shape.nullable for shape in shapes)
    return replace(joined, nullable=nullable) if isinstance(joined, Scalar) else joined


def plain(shape: Shape) -> Shape:
    """The type of something made from a value: no choices, not personal, a plain number."""
    if isinstance(shape, Scalar) and (shape.choices or shape.personal or shape.kind in NUMBERS):
        return INT if shape.kind in NUMBERS else TEXT
    return shape


def accepts(wanted: str, shape: Shape) -> bool:
    """Whether a function that wants this type (Function.arguments) takes the shape."""
    if family(shape) == "any":
        return True
    if wanted.startswith("list("):
        inner = wanted.removeprefix("list(").removesuffix(")").rstrip("?")
        return isinstance(shape, ListShape) and (inner == "any" or accepts(inner, shape.item))
    optional, wanted = wanted.endswith("?"), wanted.rstrip("?")
    if family(shape) == "null":
        return optional
    if wanted in ("day", "date"):
        dates = ("date", "any") if wanted == "date" else ("date", "instant")
        return isinstance(shape, Scalar) and shape.kind in dates
    return family(shape) == {"str": "text", "int": "number"}.get(wanted, wanted)


def given(result: str, first: Shape) -> Shape:
    """The shape a function gives (Function.result) for its first argument."""
    if result == "same":
        return replace(first, nullable=False) if isinstance(first, Scalar) else first
    if result == "element?":
        item = first.item if isinstance(first, ListShape) else ANY
        return replace(item, nullable=True) if isinstance(item, Scalar) else item
    return read_shape(result)
