"""Forms of a pack: the draft schema, completion, personal fields.

A draft is checked for types and unknown fields only; that something is mandatory is a clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from shared.kernel.envelope import Personal
from shared.programmes.drafts import draft_schema
from shared.programmes.pack import Pack
from shared.programmes.shapes import ListShape, empty, form_shape


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A field that the store encrypts: `path` within the form, `*` for every row of a table."""

    path: tuple[str, ...]
    subject: str


def form_schema(pack: Pack, form_id: str) -> Schema:
    """The marshmallow schema of a form's draft: `load` gives the complete form (null, []) or
    raises ValidationError whose messages follow the form's structure. A repeatable form is
    loaded with many=True."""
    form = pack.forms[form_id]
    shape = form_shape(form)
    item = shape.item if isinstance(shape, ListShape) else shape
    schema = draft_schema(item, form_id)
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
