"""The small parts that the schemas of a pack are made of."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.programmes.shapes import UnknownType, read_shape

KEBAB = validate.Regexp(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
NAME = validate.Regexp(r"[a-z][a-z0-9_]*\Z")
FIELD = validate.Regexp(r"[A-Za-z][A-Za-z0-9_]*\Z")
RULE = validate.Regexp(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+\Z")
CLAUSE = validate.Regexp(r"[a-z][a-z0-9]*\Z")
_POSITIVE = validate.Range(min=0)


class Strict(Schema):
    """No unknown keys."""

    class Meta:
        unknown = RAISE


def text(*checks: Any, required: bool = True, null: bool = False) -> fields.String:
    """A text field."""
    return fields.String(required=required, allow_none=null, validate=list(checks))


def whole(required: bool = True, null: bool = False) -> fields.Integer:
    """An integer >= 0."""
    return fields.Integer(strict=True, required=required, allow_none=null, validate=_POSITIVE)


def nested(schema: type[Schema], *, required: bool = True, many: bool = False) -> fields.Field[Any]:
    """Another schema."""
    return fields.Nested(schema, required=required, many=many)


def named(value: fields.Field[Any], *, keys: Any = FIELD, required: bool = True) -> fields.Dict:
    """A map of names to values."""
    return fields.Dict(keys=fields.String(validate=keys), values=value, required=required)


class _Moments(fields.Field[Any]):
    """A moment id, or a list of different ones."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(isinstance(item, str) for item in listed):
            raise ValidationError("Not a valid moment: a text, or a list of texts.")
        if len(set(listed)) < len(listed):
            raise ValidationError("Not a valid list of moments: one stands there twice.")
        return value


def moments() -> fields.Field[Any]:
    """The moment, or moments, of a clause or value."""
    return _Moments(required=True)


class Words(Strict):
    """A text in both languages."""

    zh_hant = fields.String(data_key="zh-Hant", required=True, validate=validate.Length(min=1))
    en = fields.String(required=True, validate=validate.Length(min=1))


def words(required: bool = True) -> fields.Field[Any]:
    """Words as a field."""
    return fields.Nested(Words, required=required)


def _is_shape(written: Any) -> None:
    try:
        read_shape(written)
    except UnknownType as error:
        raise ValidationError(f"Not a type: {error}") from error


def shape(required: bool = True) -> fields.Raw:
    """A written type."""
    return fields.Raw(required=required, validate=_is_shape)
