"""The facts of a moment as a JSON Schema (2020-12): what `rules facts` prints."""

from __future__ import annotations

from typing import Any

from shared.programmes.facts import moment_shape
from shared.programmes.pack import Pack
from shared.programmes.shapes import NUMBERS, ListShape, MapShape, Scalar, Shape

_FORMATS = {"date": "date", "instant": "date-time", "email": "email", "url": "uri"}


def facts_schema(pack: Pack, moment_id: str) -> dict[str, Any]:
    """Every key is required, none may be added; `x-type` is the type in the words of the pack
    format, `x-personal` marks personal fields."""
    shape = moment_shape(pack, pack.moments[moment_id])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{pack.id} {moment_id}",
        **shape_schema(shape),
    }


def shape_schema(shape: Shape) -> dict[str, Any]:
    """The schema of one shape."""
    if isinstance(shape, ListShape):
        return {"type": "array", "items": shape_schema(shape.item)}
    if isinstance(shape, MapShape):
        return {
            "type": ["object", "null"] if shape.nullable else "object",
            "properties": {name: shape_schema(item) for name, item in shape.fields.items()},
            "required": list(shape.fields),
            "additionalProperties": False,
        }
    return _scalar(shape)


def _scalar(shape: Scalar) -> dict[str, Any]:
    kind = "boolean" if shape.kind == "bool" else "string"
    if shape.kind in NUMBERS:
        kind = "integer"
    schema: dict[str, Any] = {"type": [kind, "null"] if shape.nullable else kind}
    if shape.choices:
        schema["enum"] = [*shape.choices, *([None] if shape.nullable else [])]
    if shape.kind in _FORMATS:
        schema["format"] = _FORMATS[shape.kind]
    if shape.kind not in ("str", "int", "bool", "enum"):
        schema["x-type"] = shape.kind
    if shape.personal:
        schema["x-personal"] = True
    return schema
