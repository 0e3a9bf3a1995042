"""Valid example facts of a moment, made from the examples of form fields; vectors start here."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from shared.kernel.business_number import is_valid_ubn
from shared.programmes.facts import call_shape, moment_shape
from shared.programmes.pack import Pack
from shared.programmes.reading import at_pointer
from shared.programmes.shapes import ListShape, MapShape, Scalar, Shape, form_shape

_BY_KIND: dict[str, Any] = {
    "str": "範例",
    "int": 1,
    "bool": True,
    "date": "2023-07-15",
    "instant": "2023-03-10T10:00:00+08:00",
    "money": 100_000,
    "bp": 5_000,
    "centi": 7_500,
    "ubn": "12345676",
    "email": "someone@example.org",
    "phone": "02-2000-0000",
    "url": "https://example.org/",
}


def example_facts(pack: Pack, moment_id: str) -> dict[str, Any]:
    """Facts that satisfy the shape of the moment, as JSON: generated, then changed by the
    moment's own `example` (see `changed`)."""
    moment = pack.moments[moment_id]
    facts = {name: example_of(shape) for name, shape in moment_shape(pack, moment).fields.items()}
    if pack.calls:
        facts["call"] = call_example(pack)
    if moment.get("forms"):
        facts["forms"] = {name: form_example(pack.forms[name]) for name in moment["forms"]}
    if moment.get("plan"):
        facts["plan"] = {name: form_example(pack.forms[name]) for name in moment["plan"]}
    for step in moment.get("steps") or ():
        _step_example(pack, step, facts["steps"][step])
    return changed(facts, moment.get("example") or {})


def form_example(form: Mapping[str, Any]) -> Any:
    """A filled form: its own `example` laid over the examples of its fields; a repeatable form
    without an example of its own has one row."""
    generated = _form_example(form, form_shape(form))
    return overlay(generated, form["example"]) if "example" in form else generated


def changed(facts: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the facts with changes: a key that starts with `/` is a JSON pointer (`-` at its
    end appends to a list), any other key is laid upon the fact of that name.

    A map merges; a list replaces, its rows filled up from the row that stood first;
    `{rows: n, with: {...}}` makes n rows from that first row. Raises KeyError or IndexError for a
    pointer that leads nowhere.
    """
    result = copy.deepcopy(dict(facts))
    for key, value in changes.items():
        if key.startswith("/"):
            _put(result, key, value)
        else:
            result[key] = overlay(result.get(key), value)
    return result


def overlay(base: Any, over: Any) -> Any:
    """`over` laid upon `base`; neither is changed."""
    if isinstance(base, list):
        return _list_overlay(base, over)
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        merged = dict(base)
        for key, value in over.items():
            merged[key] = overlay(base[key], value) if key in base else copy.deepcopy(value)
        return merged
    return copy.deepcopy(over)


def rows_like(row: Any, count: int) -> list[Any]:
    """`count` copies of a row: `ubn` is another valid 統一編號 and `no` the number in each; `{n}`
    in a text is the number too."""
    return [_nth_row(row, number) for number in range(1, count + 1)]


def nth_ubn(number: int) -> str:
    """The n-th (from 1) of a fixed sequence of valid 統一編號, one in every ten numbers."""
    start = 10_000_000 + number * 10
    return next(str(start + i) for i in range(10) if is_valid_ubn(str(start + i)))


def _put(document: Any, path: str, value: Any) -> None:
    head, _, last = path.rpartition("/")
    parent = at_pointer(document, head)
    last = last.replace("~1", "/").replace("~0", "~")
    if isinstance(parent, list):
        if last == "-":
            parent.append(overlay(parent[0] if parent else None, value))
        else:
            parent[int(last)] = overlay(parent[int(last)], value)
    else:
        parent[last] = overlay(parent[last], value)


def _list_overlay(base: list[Any], over: Any) -> Any:
    if isinstance(over, Mapping) and "rows" in over:
        row = overlay(base[0], over.get("with") or {}) if base else over.get("with")
        return rows_like(row, over["rows"])
    if isinstance(over, list) and base and isinstance(base[0], Mapping):
        return [overlay(base[0], row) for row in over]
    return copy.deepcopy(over)


def _nth_row(value: Any, number: int) -> Any:
    if isinstance(value, Mapping):
        return {key: _nth_cell(key, item, number) for key, item in value.items()}
    if isinstance(value, list):
        return [_nth_row(item, number) for item in value]
    return value.replace("{n}", str(number)) if isinstance(value, str) else value


def _nth_cell(key: str, value: Any, number: int) -> Any:
    if key == "ubn" and isinstance(value, str):
        return nth_ubn(number)
    if key == "no" and type(value) is int:
        return number
    return _nth_row(value, number)


def example_of(shape: Shape) -> Any:
    """The default example of a shape; a list has one element."""
    if isinstance(shape, MapShape):
        return {name: example_of(item) for name, item in shape.fields.items()}
    if isinstance(shape, ListShape):
        return [example_of(shape.item)]
    return _scalar_example(shape)


def _scalar_example(shape: Scalar) -> Any:
    return shape.choices[0] if shape.choices else _BY_KIND[shape.kind]


def call_example(pack: Pack) -> dict[str, Any]:
    """The first call's parameters; a default per type where there is no call, or it is silent."""
    generated: Mapping[str, Any] = example_of(call_shape(pack))
    written = (pack.calls[0].get("parameters") or {}) if pack.calls else {}
    return {name: written.get(name, generated[name]) for name in generated}


def _form_example(group: Mapping[str, Any], shape: Shape) -> Any:
    item = shape.item if isinstance(shape, ListShape) else shape
    assert isinstance(item, MapShape)
    row = {
        field["id"]: _field_example(field, item.fields[field["id"]]) for field in group["fields"]
    }
    return [row] if isinstance(shape, ListShape) else row


def _step_example(pack: Pack, step_id: str, fact: dict[str, Any]) -> None:
    forms = {name: form_example(pack.forms[name]) for name in pack.steps[step_id].get("forms", ())}
    fact.update(missed=False, forms=forms)
    fact["rows"][0]["forms"] = copy.deepcopy(forms)


def _field_example(field: Mapping[str, Any], shape: Shape) -> Any:
    if "fields" in field:
        generated = _form_example(field, shape)
        return overlay(generated, field["example"]) if "example" in field else generated
    return field["example"] if "example" in field else example_of(shape)
