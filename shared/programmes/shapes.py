"""Shapes: the types of facts, parameters and form fields, read from the words of a pack.

str  int  bool  date  instant  money  bp  centi  ubn  email  phone  url
enum(A, B)   list(TYPE)   [SHAPE]   {name: SHAPE, ...}        TYPE? may be null
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

TEXTS = frozenset({"str", "date", "ubn", "email", "phone", "url", "enum"})
NUMBERS = frozenset({"int", "money", "bp", "centi"})
SCALARS = TEXTS | NUMBERS | {"bool", "instant"}


class UnknownType(ValueError):
    """A type that the pack format does not have."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value; `choices` only for enum."""

    kind: str
    nullable: bool = False
    choices: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list; never null, empty where there is nothing."""

    item: Shape


@dataclass(frozen=True, slots=True)
class MapShape:
    """Exactly these keys."""

    fields: Mapping[str, Shape] = field(hash=False)
    nullable: bool = False


Shape = Scalar | ListShape | MapShape


def read_shape(written: Any) -> Shape:
    """A shape from its written form: text, one-element list, or map. Raises UnknownType.

    A map with the key `?` (any value) may itself be null.
    """
    if isinstance(written, str):
        return _read_text(written.strip())
    if isinstance(written, Mapping):
        fields = {name: read_shape(shape) for name, shape in written.items() if name != "?"}
        return MapShape(fields, nullable="?" in written)
    if isinstance(written, Sequence) and len(written) == 1:
        return ListShape(read_shape(written[0]))
    raise UnknownType(f"{written!r} is not a type")


def form_shape(form: Mapping[str, Any]) -> Shape:
    """The facts of a form: every field may be null, every table may be empty."""
    return _fields_shape(form)


def field_shape(form_field: Mapping[str, Any]) -> Shape:
    """The facts of one form field or group of fields."""
    if "fields" in form_field:
        return _fields_shape(form_field)
    shape = read_shape(form_field["type"])
    if isinstance(shape, Scalar):
        shape = replace(shape, nullable=True, personal=bool(form_field.get("personal")))
    elif isinstance(shape, ListShape) and isinstance(shape.item, Scalar):
        item = replace(shape.item, personal=bool(form_field.get("personal")))
        shape = ListShape(item)
    return ListShape(shape) if form_field.get("repeatable") else shape


def at_path(shape: Shape | None, path: Sequence[str]) -> Shape | None:
    """The shape at a path of names, numbers stepping into lists; None where there is none."""
    for step in path:
        if isinstance(shape, MapShape):
            shape = shape.fields.get(step)
        elif isinstance(shape, ListShape) and step.isdigit():
            shape = shape.item
        else:
            return None
    return shape


def is_personal(shape: Shape | None) -> bool:
    """True when the value is, or holds, a personal field."""
    match shape:
        case Scalar():
            return shape.personal
        case ListShape(item):
            return is_personal(item)
        case MapShape(fields):
            return any(map(is_personal, fields.values()))
    return False


def empty(shape: Shape) -> Any:
    """What stands where nothing was filled in: null, [] or a map of these."""
    if isinstance(shape, ListShape):
        return []
    if isinstance(shape, MapShape) and not shape.nullable:
        return {name: empty(item) for name, item in shape.fields.items()}
    return None


def _fields_shape(group: Mapping[str, Any]) -> Shape:
    shape = MapShape({item["id"]: field_shape(item) for item in group["fields"]})
    return ListShape(shape) if group.get("repeatable") else shape


def _read_text(text: str) -> Shape:
    nullable = text.endswith("?")
    name = text[:-1].rstrip() if nullable else text
    if name in SCALARS - {"enum"}:
        return Scalar(name, nullable)
    head, bracket, inner = name.partition("(")
    if bracket and inner.endswith(")"):
        if head == "enum":
            choices = tuple(choice.strip() for choice in inner[:-1].split(","))
            if all(choices):
                return Scalar("enum", nullable, choices)
        if head == "list" and not nullable:
            return ListShape(_read_text(inner[:-1].strip()))
    raise UnknownType(f"{text!r} is not a type of the pack format")
