"""The marshmallow schema of a draft, made from a form's shape: types and unknown fields only."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.kernel.clock import parse_instant
from shared.programmes.shapes import NUMBERS, ListShape, MapShape, Scalar, Shape, empty

TEXT_MAX = 20_000


def draft_schema(shape: Shape, name: str) -> type[Schema]:
    """The schema class of a group of fields."""
    assert isinstance(shape, MapShape)
    members: dict[str, Any] = {
        key: _member(item, f"{name}_{key}") for key, item in shape.fields.items()
    }
    members["Meta"] = type("Meta", (), {"unknown": RAISE})
    return type(f"{name}Draft", (Schema,), members)


def _member(shape: Shape, name: str) -> fields.Field[Any]:
    if isinstance(shape, MapShape):
        blank = empty(shape)
        return _Group(draft_schema(shape, name), load_default=lambda: blank, allow_none=True)
    if isinstance(shape, ListShape):
        return _Table(_member(shape.item, name), load_default=list, allow_none=True)
    return _leaf(shape)


class _Group(fields.Nested):
    """A group of fields; null is an empty group."""

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super().deserialize({} if value is None else value, *args, **kwargs)


class _Table(fields.List[Any]):
    """A table; null is an empty table."""

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super().deserialize([] if value is None else value, *args, **kwargs)


def _leaf(shape: Scalar) -> fields.Field[Any]:
    common: dict[str, Any] = {"load_default": None, "allow_none": True}
    if shape.kind == "bool":
        return _Bool(**common)
    if shape.kind in NUMBERS:
        return fields.Integer(
            strict=True, validate=[validate.Range(-(2**63), 2**63 - 1), _not_bool], **common
        )
    checks: list[Any] = [validate.Length(max=TEXT_MAX)]
    if shape.kind == "enum":
        checks = [validate.OneOf(shape.choices)]
    if shape.kind == "date":
        checks = [_iso_date]
    if shape.kind == "instant":
        checks = [_iso_instant]
    if shape.kind == "email":
        checks.append(validate.Email())
    return _Text(validate=checks, **common)


class _Text(fields.String):
    """Text; an empty text is an empty field."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        return text if text.strip() else None

    def _validate(self, value: Any) -> None:
        if value is not None:
            super()._validate(value)


class _Bool(fields.Boolean):
    """true or false, nothing that merely resembles them."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if type(value) is not bool:
            raise ValidationError("Not a valid boolean.")
        return value


def _not_bool(value: Any) -> None:
    if isinstance(value, bool):
        raise ValidationError("Not a valid integer.")


def _iso_date(text: str) -> None:
    try:
        if len(text) != 10:
            raise ValueError
        date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError("Not a date (YYYY-MM-DD).") from error


def _iso_instant(text: str) -> None:
    try:
        parse_instant(text)
    except ValueError as error:
        raise ValidationError("Not an instant with its offset.") from error
