"""From a command's declared fields to its marshmallow schema, JSON Schema and example.

(Longer than a page: one field type after the other, and what each says of a wrong value.)
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.bus.plain_values import must_be_plain
from shared.kernel.envelope import Command, CommandEnvelope
from shared.kernel.errors import InvalidInput

_ENVELOPE = frozenset(f.name for f in dataclasses.fields(Command))
_FIRST_DAY, _LAST_DAY = date(1912, 1, 1), date(2911, 12, 31)
"""民國 1 to 1000: whatever lies outside is a slip of the pen, and no calendar reckons with it."""

_MESSAGES = {
    "required": "必填 required",
    "null": "不得為空 must not be null",
    "invalid": "格式不符 not of the expected type",
    "invalid_uuid": "須為 UUID not a UUID",
    "invalid_utf8": "須為 UTF-8 not UTF-8",
    "type": "型別不符 wrong type",
    "format": "格式不符 malformed",
}


class _Truth(fields.Boolean):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class _WholeNumber(fields.Integer):
    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class _Day(fields.Date):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        day: date = super()._deserialize(value, attr, data, **kwargs)
        if not _FIRST_DAY <= day <= _LAST_DAY:
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


class _Instant(fields.AwareDateTime):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str):
            raise self.make_error("invalid", input=value, obj_type="datetime")
        instant: datetime = super()._deserialize(value, attr, data, **kwargs)
        if not _FIRST_DAY <= instant.date() <= _LAST_DAY:
            raise self.make_error("invalid", input=value, obj_type="datetime")
        return instant


_SCALARS: dict[Any, type[fields.Field[Any]]] = {
    str: fields.String,
    bool: _Truth,
    UUID: fields.UUID,
    date: _Day,
    datetime: _Instant,
}


def load_command(command_class: type[Command], envelope: CommandEnvelope) -> Command:
    """The typed command. Raises InvalidInput that names every wrong field."""
    payload = envelope.payload
    if not isinstance(payload, Mapping):
        raise InvalidInput("內容須為物件", "the payload must be an object", field="/")
    must_be_plain(payload)
    try:
        loaded = schema_of(typing.cast(type, command_class))().load(dict(payload))
    except ValidationError as error:
        raise _invalid(error) from None
    return command_class(
        command_id=envelope.command_id,
        actor=envelope.actor,
        received_at=envelope.received_at,
        expected_version=envelope.expected_version,
        causation_id=envelope.causation_id,
        **typing.cast(dict[str, Any], loaded),
    )


def json_schema(command_class: type) -> dict[str, Any]:
    """JSON Schema of the payload, labels in both languages as descriptions."""
    spec = APISpec("grantcase", "1", "3.1.0", plugins=[MarshmallowPlugin()])
    spec.components.schema(command_class.__name__, schema=schema_of(command_class))
    schemas = spec.to_dict()["components"]["schemas"]
    top = schemas.pop(command_class.__name__)
    if schemas:
        top["components"] = {"schemas": schemas}
    return dict(top)


def example(command_class: type) -> dict[str, Any]:
    """A payload that the schema accepts."""
    return {f.name: f.metadata.get("example") for f in own_fields(command_class)}


def own_fields(command_class: type) -> list[dataclasses.Field[Any]]:
    """The command's fields without those of its envelope."""
    return [f for f in dataclasses.fields(command_class) if f.name not in _ENVELOPE]


@cache
def schema_of(declared: type) -> type[Schema]:
    """The marshmallow schema of a command or of a dataclass nested in one."""
    hints = typing.get_type_hints(declared)
    members: dict[str, Any] = {f.name: _field(hints[f.name], f) for f in own_fields(declared)}
    members["Meta"] = type("Meta", (), {"unknown": RAISE})
    members["error_messages"] = {"unknown": "不認識的欄位 unknown field"}
    return type(f"{declared.__name__}Schema", (Schema,), members)


def _field(hint: Any, declared: dataclasses.Field[Any]) -> fields.Field[Any]:
    optional = declared.default is not dataclasses.MISSING
    options: dict[str, Any] = {
        "required": not optional,
        "validate": _validators(declared.metadata),
        "metadata": {
            "description": f"{declared.metadata.get('zh', '')} {declared.metadata.get('en', '')}"
        },
        "error_messages": _MESSAGES,
    }
    if optional:
        options["load_default"] = declared.default
    return _typed(hint, options)


def _typed(hint: Any, options: dict[str, Any]) -> fields.Field[Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(a for a in arguments if a is not type(None))
        return _typed(inner, {**options, "allow_none": True})
    if hint is int:
        return _WholeNumber(strict=True, **options)
    if hint is Any:
        return fields.Raw(**options)
    if hint in _SCALARS:
        return _SCALARS[hint](**options)
    if dataclasses.is_dataclass(hint):
        return _Nested(typing.cast(type, hint), options)
    if origin is tuple:
        return _Tuple(_typed(arguments[0], {"error_messages": _MESSAGES}), **options)
    return fields.Dict(keys=fields.String(), **options)


class _Tuple(fields.List[Any]):
    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(*args, **kwargs))


class _Nested(fields.Nested):
    def __init__(self, declared: type, options: dict[str, Any]):
        super().__init__(schema_of(declared), **options)
        self._declared = declared

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return self._declared(**super()._deserialize(*args, **kwargs))


def _validators(limits: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = []
    if limits.get("minimum") is not None or limits.get("maximum") is not None:
        low, high = limits.get("minimum"), limits.get("maximum")
        found.append(validate.Range(low, high, error=f"須介於 {low}～{high} out of range"))
    if limits.get("choices"):
        names = "、".join(limits["choices"])
        found.append(validate.OneOf(limits["choices"], error=f"須為 {names} 之一 not a choice"))
    if limits.get("pattern"):
        found.append(validate.Regexp(limits["pattern"], error="格式不符 malformed"))
    if limits.get("max_length"):
        length = limits["max_length"]
        found.append(validate.Length(max=length, error=f"至多 {length} 字 too long"))
    return found


def _invalid(error: ValidationError) -> InvalidInput:
    problems = error.normalized_messages()
    path, text = first_problem(problems, "")
    return InvalidInput(
        f"欄位 {path}：{text}", f"field {path}: {text}", field=path, problems=problems
    )


def first_problem(problems: Any, path: str) -> tuple[str, str]:
    """The first fault in nested marshmallow messages: (path, text)."""
    if isinstance(problems, Mapping):
        key, inner = next(iter(problems.items()))
        return first_problem(inner, f"{path}/{key}")
    return path, str(problems[0] if isinstance(problems, list) else problems)


__all__ = ["example", "json_schema", "load_command", "own_fields", "schema_of"]
