"""Forms of a pack: the draft schema, completion, personal fields, roster columns.

A draft is checked for types and unknown fields only; that something is mandatory is a clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.kernel.clock import parse_instant
from shared.kernel.envelope import Personal
from shared.programmes.pack import Pack
from shared.programmes.shapes import NUMBERS, ListShape, MapShape, Scalar, Shape, empty, form_shape

TEXT_MAX = 20_000


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A field that the store encrypts: `path` within the form, `*` for every row of a table."""

    path: tuple[str, ...]
    subject: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a roster: the field's path in a row, its labels, its type and choices."""

    id: str
    label: Mapping[str, str]
    shape: Scalar
    required: str
    example: Any = None


def form_schema(pack: Pack, form_id: str) -> Schema:
    """The marshmallow schema of a form's draft: `load` gives the complete form (null, []) or
    raises ValidationError whose messages follow the form's structure. A repeatable form is
    loaded with many=True."""
    form = pack.forms[form_id]
    shape = form_shape(form)
    item = shape.item if isinstance(shape, ListShape) else shape
    schema = _schema_class(item, form_id)
    return schema(many=isinstance(shape, ListShape))


def empty_form(pack: Pack, form_id: str) -> Any:
    """A form that was not handed in: a map of nulls, or []."""
    return empty(form_shape(pack.forms[form_id]))


def personal_fields(form: Mapping[str, Any]) -> tuple[PersonalField, ...]:
    """Every personal field of a form, at any depth."""
    start = ("*",) if form.get("repeatable") else ()
    return tuple(_personal(form["fields"], start))


def strip_personal(pack: Pack, forms: Mapping[str, Any]) -> dict[str, Any]:
    """The forms less every personal field: these go into public events."""
    return {
        form_id: _stripped(pack.forms[form_id]["fields"], value) for form_id, value in forms.items()
    }


def seal_personal(pack: Pack, form_id: str, value: Any, subject_ids: Any) -> Any:
    """The form with every filled personal field wrapped in Personal(subject, value).

    subject_ids(subject, row) gives the opaque id of the data subject; row is the nearest row of a
    table, or None.
    """
    return _sealed(pack.forms[form_id]["fields"], value, subject_ids, None)


def roster_columns(pack: Pack, form_id: str) -> tuple[Column, ...]:
    """The columns of a repeatable form, groups flattened with dots; inner tables are left out."""
    return tuple(_columns(pack.forms[form_id]["fields"], ""))


def _personal(form_fields: Any, path: tuple[str, ...]) -> Iterator[PersonalField]:
    for item in form_fields:
        here = (*path, item["id"], *(("*",) if item.get("repeatable") else ()))
        if "fields" in item:
            yield from _personal(item["fields"], here)
        elif item.get("personal"):
            yield PersonalField(here, item.get("subject") or item["id"])


def _stripped(form_fields: Any, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_stripped(form_fields, row) for row in value]
    if not isinstance(value, Mapping):
        return value
    kept: dict[str, Any] = {}
    for item in form_fields:
        if item["id"] in value and not item.get("personal"):
            inner = value[item["id"]]
            kept[item["id"]] = _stripped(item["fields"], inner) if "fields" in item else inner
    return kept


def _sealed(form_fields: Any, value: Any, subject_ids: Any, row: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_sealed(form_fields, item, subject_ids, item) for item in value]
    if not isinstance(value, Mapping):
        return value
    sealed = dict(value)
    for item in form_fields:
        inner = sealed.get(item["id"])
        if inner in (None, []):
            continue
        if "fields" in item:
            sealed[item["id"]] = _sealed(item["fields"], inner, subject_ids, row)
        elif item.get("personal"):
            subject = subject_ids(item.get("subject") or item["id"], row)
            sealed[item["id"]] = Personal(subject, inner)
    return sealed


def _columns(form_fields: Any, prefix: str) -> Iterator[Column]:
    for item in form_fields:
        name = f"{prefix}{item['id']}"
        if item.get("repeatable"):
            continue
        if "fields" in item:
            yield from _columns(item["fields"], f"{name}.")
            continue
        shape = form_shape({"fields": [item]})
        leaf = shape.fields[item["id"]] if isinstance(shape, MapShape) else None
        if isinstance(leaf, Scalar):
            yield Column(name, item["label"], leaf, item.get("required", "no"), item.get("example"))


def _schema_class(shape: Shape, name: str) -> type[Schema]:
    assert isinstance(shape, MapShape)
    members: dict[str, Any] = {
        key: _member(item, f"{name}_{key}") for key, item in shape.fields.items()
    }
    members["Meta"] = type("Meta", (), {"unknown": RAISE})
    return type(f"{name}Draft", (Schema,), members)


def _member(shape: Shape, name: str) -> fields.Field:
    if isinstance(shape, MapShape):
        blank = empty(shape)
        return _Group(_schema_class(shape, name), load_default=lambda: blank, allow_none=True)
    if isinstance(shape, ListShape):
        return _Table(_member(shape.item, name), load_default=list, allow_none=True)
    return _leaf(shape)


class _Group(fields.Nested):
    """A group of fields; null is an empty group."""

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super().deserialize({} if value is None else value, *args, **kwargs)


class _Table(fields.List):
    """A table; null is an empty table."""

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super().deserialize([] if value is None else value, *args, **kwargs)


def _leaf(shape: Scalar) -> fields.Field:
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
