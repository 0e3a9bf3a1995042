"""Public events on the wire: CloudEvents 1.0 over AMQP, binary mode.

The attributes travel as headers `cloudEvents:<name>`, the event's data alone as the JSON body.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.kernel.canonical import canonical_json
from shared.kernel.clock import instant_text, parse_instant
from shared.kernel.envelope import PublicEvent

CONTENT_TYPE = "application/json"
PREFIX = "cloudEvents:"
_TYPE = re.compile(r"grantcase\.([a-z][a-z0-9]*)\.([A-Z][A-Za-z0-9]*)\.v([1-9][0-9]*)")


class MalformedEnvelope(ValueError):
    """A message that is not one of our CloudEvents; says which attribute is wrong and why."""


@dataclass(frozen=True, slots=True)
class WireMessage:
    """What is published: persistent, mandatory, under `routing_key`."""

    routing_key: str
    message_id: str
    headers: Mapping[str, str]
    body: bytes


def to_wire(event: PublicEvent) -> WireMessage:
    """The message of a public event; from_wire gives the equal event back."""
    return message(
        id=str(event.id),
        source=event.source,
        type=event.type,
        schema_version=event.schema_version,
        time=instant_text(event.occurred_at),
        subject=str(event.subject) if event.subject else None,
        sequence=event.feed_sequence,
        causation_id=str(event.causation_id) if event.causation_id else None,
        pack_digest=event.pack_digest,
        actor_id=event.actor_id,
        body=canonical_json(event.data).encode(),
    )


def message(
    *,
    id: str,
    source: str,
    type: str,
    schema_version: int,
    time: str,
    subject: str | None,
    sequence: int,
    causation_id: str | None,
    pack_digest: str | None,
    actor_id: str,
    body: bytes,
) -> WireMessage:
    """The message of an event given as texts; absent attributes are left out."""
    headers = {
        "cloudEvents:specversion": "1.0",
        "cloudEvents:id": id,
        "cloudEvents:type": f"grantcase.{source}.{type}.v{schema_version}",
        "cloudEvents:source": f"/grantcase/{source}",
        "cloudEvents:time": time,
        "cloudEvents:sequence": str(sequence),
    }
    if subject is not None:
        headers["cloudEvents:subject"] = headers["cloudEvents:correlationid"] = subject
    if causation_id is not None:
        headers["cloudEvents:causationid"] = causation_id
    if pack_digest is not None:
        headers["cloudEvents:packdigest"] = pack_digest
    if actor_id:
        headers["cloudEvents:actorid"] = actor_id
    return WireMessage(f"{source}.{type}", id, headers, body)


def from_wire(headers: Mapping[str, Any] | None, data: Any) -> PublicEvent:
    """The event of a message, `data` being its body parsed as JSON. Raises MalformedEnvelope."""
    attributes = _Attributes(headers or {})
    if attributes.text("specversion") != "1.0":
        raise MalformedEnvelope("specversion: only 1.0 is understood")
    source, short_name, schema_version = _read_type(attributes.text("type"))
    if attributes.text("source") != f"/grantcase/{source}":
        raise MalformedEnvelope(f"source: {attributes.text('source')!r} is not that of its type")
    if not isinstance(data, Mapping):
        raise MalformedEnvelope(f"data: a JSON object is wanted, not {type(data).__name__}")
    return PublicEvent(
        id=attributes.read("id", UUID),
        source=source,
        type=short_name,
        schema_version=schema_version,
        feed_sequence=attributes.read("sequence", _positive),
        occurred_at=attributes.read("time", parse_instant),
        data=data,
        subject=attributes.read_if_there("subject", UUID),
        causation_id=attributes.read_if_there("causationid", UUID),
        actor_id=attributes.read_if_there("actorid", str) or "",
        pack_digest=attributes.read_if_there("packdigest", str),
    )


class _Attributes:
    def __init__(self, headers: Mapping[str, Any]):
        self._headers = headers

    def text(self, name: str) -> str:
        value = self._headers.get(PREFIX + name)
        if not isinstance(value, str) or not value:
            raise MalformedEnvelope(f"{name}: the header {PREFIX}{name} is missing")
        return value

    def read(self, name: str, parse: Any) -> Any:
        value = self.text(name)
        try:
            return parse(value)
        except ValueError as error:
            raise MalformedEnvelope(f"{name}: {value!r} ({error})") from None

    def read_if_there(self, name: str, parse: Any) -> Any:
        return self.read(name, parse) if PREFIX + name in self._headers else None


def _read_type(text: str) -> tuple[str, str, int]:
    match = _TYPE.fullmatch(text)
    if match is None:
        raise MalformedEnvelope(f"type: {text!r} is not grantcase.<service>.<Type>.v<n>")
    return match[1], match[2], int(match[3])


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("a feed sequence is 1 or more")
    return number
