"""A command's envelope as JSON: what `do` takes over RPC.

    {"command_id", "command", "actor": {"id", "roles", "organisation"}, "payload",
     "expected_version", "now"}

`now` is given with the simulated clock only; with the system clock the service stamps the
instant itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.kernel.clock import Clock, instant_text, parse_instant
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.errors import InvalidInput

_FIELDS = {"command_id", "command", "actor", "payload", "expected_version", "now"}
_ACTOR_FIELDS = {"id", "roles", "organisation"}


def to_json(envelope: CommandEnvelope, *, simulated: bool) -> dict[str, Any]:
    """Plain JSON values; `now` is the envelope's received_at when time is simulated."""
    actor = envelope.actor
    text: dict[str, Any] = {
        "command_id": str(envelope.command_id),
        "command": envelope.name,
        "actor": {
            "id": actor.id,
            "roles": list(actor.roles),
            "organisation": actor.organisation,
        },
        "payload": dict(envelope.payload),
        "expected_version": envelope.expected_version,
    }
    return {**text, "now": instant_text(envelope.received_at)} if simulated else text


def from_json(text: Any, clock: Clock, arrived_at: datetime) -> CommandEnvelope:
    """The envelope, received_at being `arrived_at` or, with the simulated clock, its `now`.

    Raises InvalidInput naming the field; also for a `now` that the clock in use does not take.
    """
    _fields(text, _FIELDS, "/")
    return CommandEnvelope(
        command_id=_read(text, "command_id", _uuid),
        name=_read(text, "command", _text),
        actor=_actor(text.get("actor")),
        received_at=_received_at(text, clock, arrived_at),
        payload=text.get("payload", {}),
        expected_version=_read_if_there(text, "expected_version", _version),
    )


def _received_at(text: Mapping[str, Any], clock: Clock, arrived_at: datetime) -> datetime:
    if not clock.simulated:
        if text.get("now") is not None:
            raise InvalidInput(
                "此服務使用系統時鐘，不接受指定時間",
                "this service runs on the system clock and takes no `now`",
                field="now",
            )
        return arrived_at
    instant: datetime = _read(text, "now", _instant)
    return instant


def _actor(text: Any) -> Actor:
    _fields(text, _ACTOR_FIELDS, "actor")
    return Actor(
        id=_read(text, "id", _text, "actor/"),
        roles=_read(text, "roles", _roles, "actor/"),
        organisation=_read_if_there(text, "organisation", _text, "actor/"),
    )


def _fields(text: Any, known: set[str], path: str) -> None:
    if not isinstance(text, Mapping):
        raise _wrong(path, "須為物件", "an object is wanted")
    for name in text:
        if name not in known:
            raise _wrong(str(name), "不認識的欄位", "unknown field")


def _read(text: Mapping[str, Any], name: str, parse: Any, path: str = "") -> Any:
    try:
        return parse(text.get(name))
    except (ValueError, TypeError):
        raise _wrong(path + name, "缺漏或格式不符", "missing or malformed") from None


def _read_if_there(text: Mapping[str, Any], name: str, parse: Any, path: str = "") -> Any:
    return None if text.get(name) is None else _read(text, name, parse, path)


def _wrong(field: str, zh: str, en: str) -> InvalidInput:
    return InvalidInput(f"欄位 {field}：{zh}", f"field {field}: {en}", field=field)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


def _uuid(value: Any) -> UUID:
    return UUID(_text(value))


def _instant(value: Any) -> datetime:
    return parse_instant(_text(value))


def _roles(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(role) for role in value)


def _version(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value
