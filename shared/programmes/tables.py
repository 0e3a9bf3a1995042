"""The tables of a pack: every repeatable form and every repeatable group, with their columns.

A table is named by its form and the path of the group in it: `F19`, `F15.projects`. A table inside
the rows of another one (`F17.lines.details`) has a column for the row that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.programmes.pack import Pack
from shared.programmes.shapes import ListShape, Scalar, Shape, field_shape

OWNER = "#"
"""Prefix of a column that names the row of an outer table."""


class UnknownTable(LookupError):
    """The pack has no table of this name."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field's path in a row (dots for groups), its labels, type and choices.

    `many`: a cell holds several values; `choices` maps a choice to its labels, where given.
    """

    id: str
    label: Mapping[str, str]
    shape: Scalar
    required: str = "no"
    example: Any = None
    many: bool = False
    note: Mapping[str, str] | None = None
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A repeatable form (`path` is empty) or group; `owners` are the outer tables' ids."""

    id: str
    form: str
    path: tuple[str, ...]
    label: Mapping[str, str]
    note: Mapping[str, str] | None
    owners: tuple[str, ...]
    columns: tuple[Column, ...]


def tables_of(pack: Pack) -> tuple[Table, ...]:
    """Every table of a pack, in the order of its forms; outer ones before inner ones."""
    return tuple(table for form in pack.forms.values() for table in _tables(form, form["id"], ()))


def table_of(pack: Pack, table_id: str) -> Table:
    """One table. Raises UnknownTable."""
    for table in tables_of(pack):
        if table.id == table_id:
            return table
    raise UnknownTable(table_id)


def _tables(
    group: Mapping[str, Any], form: str, owners: tuple[str, ...], path: tuple[str, ...] = ()
) -> Iterator[Table]:
    inner_owners = owners
    if group.get("repeatable"):
        table_id = ".".join((form, *path))
        yield Table(
            id=table_id,
            form=form,
            path=path,
            label=group["label"],
            note=group.get("note"),
            owners=owners,
            columns=(*map(_owner, owners), *_columns(group["fields"], "")),
        )
        inner_owners = (*owners, table_id)
    for item in group["fields"]:
        if "fields" in item:
            yield from _tables(item, form, inner_owners, (*path, item["id"]))


def _owner(table_id: str) -> Column:
    label = {"zh-Hant": f"所屬 {table_id} 第幾列", "en": f"Row of {table_id} it belongs to"}
    return Column(f"{OWNER}{table_id}", label, Scalar("int", True), "yes", 1)


def _columns(fields: Sequence[Mapping[str, Any]], prefix: str) -> Iterator[Column]:
    for item in fields:
        name = f"{prefix}{item['id']}"
        if "fields" in item:
            if not item.get("repeatable"):
                yield from _columns(item["fields"], f"{name}.")
            continue
        leaf, many = _leaf(field_shape(item))
        if leaf is not None:
            choices = item.get("choices")
            yield Column(
                id=name,
                label=item["label"],
                shape=leaf,
                required=item.get("required", "no"),
                example=item.get("example"),
                many=many,
                note=item.get("note"),
                choices=choices if isinstance(choices, Mapping) else {},
            )


def _leaf(shape: Shape) -> tuple[Scalar | None, bool]:
    if isinstance(shape, ListShape) and isinstance(shape.item, Scalar):
        return shape.item, True
    return (shape, False) if isinstance(shape, Scalar) else (None, False)
