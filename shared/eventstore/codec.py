"""Dataclasses <-> JSON trees, strictly: nothing is coerced, floats are refused.

Trees are written by the value's run-time type and read by the declared type (cattrs).

Taken: str, int, bool, None, UUID, date, aware datetime, enums of those, tuple, frozenset
(sorted), Mapping, nested frozen dataclasses, Optional and unions, and Any (plain JSON, read back as
plain JSON). Personal and Erased may stand wherever their type or Any is declared; they stay objects
in the tree (shared.eventstore.personal turns them into ciphertext).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

import cattrs
from cattrs.strategies import configure_union_passthrough

from shared.kernel.canonical import NotCanonical
from shared.kernel.clock import instant_text, parse_instant
from shared.kernel.envelope import Erased, Personal


class Undecodable(Exception):
    """A stored tree does not fit the event class: an upcaster is missing or wrong."""


_PRIVATE = (Personal, Erased)


def encode(value: Any) -> Any:
    """The JSON tree of a value, by its run-time type. Raises NotCanonical for what is not taken."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    encoder = _ENCODERS.get(kind) or _encoder_for(value)
    return encoder(value)


def build_converter() -> cattrs.Converter:
    """Structures trees into classes; detailed validation is off for speed."""
    converter = cattrs.Converter(detailed_validation=False, forbid_extra_keys=True)
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _exactly(kind))
    converter.register_structure_hook(NoneType, _nothing)
    converter.register_structure_hook(float, _refuse_float)
    converter.register_structure_hook(UUID, lambda value, _: _uuid(value))
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    converter.register_structure_hook(datetime, lambda value, _: parse_instant(value))
    configure_union_passthrough(str | int | bool | None, converter, accept_ints_as_floats=False)
    for private in _PRIVATE:
        converter.register_structure_hook(private, _private_value)
    converter.register_structure_hook_factory(
        _is_union_with_private, lambda union: _union_hook(converter, union)
    )
    converter.register_structure_hook(Any, lambda value, _: value)
    return converter


def _encoder_for(value: Any) -> Callable[[Any], Any]:
    if is_dataclass(value):
        return _encode_dataclass
    if isinstance(value, Enum):
        return lambda member: member.value
    if isinstance(value, Mapping):
        return lambda mapping: {_key(key): encode(item) for key, item in mapping.items()}
    if isinstance(value, (set, frozenset)):
        return lambda members: sorted(encode(member) for member in members)
    raise NotCanonical(f"{type(value).__name__} is not stored in events: {value!r}")


def _encode_dataclass(value: Any) -> dict[str, Any]:
    return {item.name: encode(getattr(value, item.name)) for item in fields(value)}


def _encode_sequence(value: Any) -> list[Any]:
    return [encode(item) for item in value]


def _key(key: Any) -> str:
    text = encode(key)
    if type(text) is not str:
        raise NotCanonical(f"a key must be text, a UUID or a date, not {key!r}")
    return text


_ENCODERS: dict[type, Callable[[Any], Any]] = {
    UUID: str,
    datetime: instant_text,
    date: date.isoformat,
    list: _encode_sequence,
    tuple: _encode_sequence,
    Personal: lambda personal: Personal(personal.subject, encode(personal.value)),
    Erased: lambda erased: erased,
}


@lru_cache(maxsize=4096)
def _uuid(text: str) -> UUID:
    """Cached: the events of a case name the same ids."""
    return UUID(text)


def _exactly(kind: type) -> Callable[[Any, Any], Any]:
    def check(value: Any, declared: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{kind.__name__} wanted, {value!r} is stored")
        return value if declared is kind else declared(value)  # an enum of that kind

    return check


def _nothing(value: Any, _: Any) -> None:
    if value is not None:
        raise TypeError(f"null wanted, {value!r} is stored")


def _refuse_float(*_: Any) -> Any:
    raise TypeError("floats are not stored: use integers (_twd, _bp, _centi)")


def _private_value(value: Any, _: Any) -> Personal | Erased:
    if not isinstance(value, _PRIVATE):
        raise TypeError(f"a personal value is wanted, {type(value).__name__} is stored")
    return value


def _is_union_with_private(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and any(arm in _PRIVATE for arm in get_args(kind))


def _union_hook(converter: cattrs.Converter, union: Any) -> Callable[[Any, Any], Any]:
    rest = tuple(arm for arm in get_args(union) if arm not in _PRIVATE)
    plain: Any = Union[rest] if rest else None  # noqa: UP007 - built at run time

    def structure(value: Any, _: Any) -> Any:
        if isinstance(value, _PRIVATE):
            return value
        if plain is None:
            return _private_value(value, union)
        return converter.structure(value, plain)

    return structure
