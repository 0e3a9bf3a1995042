"""Payloads made wrong on purpose, from a valid one and the declared fields of its command."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.bus.command_schema import load_command, own_fields
from shared.kernel.envelope import CommandEnvelope
from shared.kernel.errors import InvalidInput

_WRONG: Mapping[Any, tuple[Any, ...]] = {
    UUID: (5, "not-a-uuid", [], {"a": {"b": None}}),
    str: (5, True, ["text"], {"a": {"b": None}}, "\ud800", "nul \0 byte"),
    int: ("5", 1.5, True, [], {"a": None}, 10**30),
    bool: ("yes", 1, [], {}),
    date: ("2023-13-45", "tomorrow", 20230101, "9999-12-31", {"year": 2023}),
    datetime: ("2023-03-01T10:00:00", "soon", 5, {}),
    Any: (1.5, {"a": {"b": 1.5}}, ["\ud800"], {"a": "nul \0 byte"}, [10**30]),
    tuple: ("text", 5, {"a": {"b": None}}, [1.5]),
    dict: ("text", 5, [], ["text"]),
}


def kind_of(hint: Any) -> tuple[Any, bool]:
    """(key of the wrong values, whether null is a value) of a field's type."""
    arguments = typing.get_args(hint)
    if type(None) in arguments:
        return kind_of(next(a for a in arguments if a is not type(None)))[0], True
    if hint is Any or hint in _WRONG:
        return hint, hint is Any
    if typing.get_origin(hint) is tuple:
        return tuple, False
    return dict, False


def bad_payloads(
    command: type, payload: Mapping[str, Any]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(what is wrong, the field to be named, payload): every field missing, null, of a wrong
    type; and a field that does not exist."""
    hints = typing.get_type_hints(command)
    for declared in own_fields(command):
        name = declared.name
        kind, nullable = kind_of(hints[name])
        if declared.default is dataclasses.MISSING:
            left = {key: value for key, value in payload.items() if key != name}
            yield f"{name} missing", name, left
        wrong = _WRONG[kind] if nullable else (*_WRONG[kind], None)
        for value in wrong:
            yield f"{name} = {value!r:.40}", name, {**payload, name: value}
    yield "unknown field", "no_such_field", {**payload, "no_such_field": 1}
    yield "not an object", "/", ["text"]  # type: ignore[misc]


def other_contents(command: type, valid: CommandEnvelope) -> list[CommandEnvelope]:
    """The same command id with another payload, another actor, another expected version."""
    found = [
        replace(valid, actor=replace(valid.actor, id="somebody-else")),
        replace(valid, expected_version=10**6),
    ]
    for declared in own_fields(command):
        changed = deepcopy(dict(valid.payload))
        value = changed.get(declared.name)
        if isinstance(value, str) and len(value) > 2 and not declared.metadata.get("choices"):
            changed[declared.name] = value[:-1] + ("0" if value[-1] != "0" else "1")
        elif type(value) is int:
            changed[declared.name] = value + 1
        elif type(value) is bool:
            changed[declared.name] = not value
        else:
            continue
        try:
            load_command(command, replace(valid, payload=changed))
        except InvalidInput:
            continue
        found.append(replace(valid, payload=changed))
        break
    return found


def strange_contents(payload: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(what is strange, payload): inside free content every key left out, every value replaced;
    only the first row of a list is looked at."""
    for path in list(_paths(payload, ()))[:_PATHS]:
        yield f"without {'/'.join(map(str, path))}", _changed(payload, path, _GONE)
        for value in (None, "", -1, {"a": {"b": None}}):
            yield f"{'/'.join(map(str, path))} = {value!r}", _changed(payload, path, value)


_PATHS = 12
_GONE = object()


def _paths(tree: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Places below the payload's own fields."""
    if isinstance(tree, Mapping):
        for key, item in tree.items():
            if path:
                yield (*path, key)
            yield from _paths(item, (*path, key))
    elif isinstance(tree, list) and tree:
        yield (*path, 0)
        yield from _paths(tree[0], (*path, 0))


def _changed(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    inner = _changed(tree[path[0]], path[1:], value)
    if isinstance(tree, list):
        return [*([] if inner is _GONE else [inner]), *tree[1:]]
    kept = {key: item for key, item in tree.items() if key != path[0]}
    return kept if inner is _GONE else {**kept, path[0]: inner}
