"""The frames of one published message (AMQP 0-9-1), built in one go.

The client library builds the same bytes from general parts, for any property and any type; with
the five properties and text headers that our messages have, this takes a third of the time. A
test holds both to the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from struct import Struct

from shared.bus.cloudevents import CONTENT_TYPE, WireMessage

_METHOD, _HEADER, _BODY, _END = 1, 2, 3, b"\xce"
_FRAME_OVERHEAD = 8
_BASIC, _PUBLISH, _MANDATORY, _PERSISTENT = 60, 40, 1, 2
_PROPERTIES = 0xF080  # content type, content encoding, headers, delivery mode, message id

_frame_start = Struct(">BHI").pack
_method_start = Struct(">HHH").pack
_content = Struct(">HHQH").pack
_length = Struct(">I").pack


def publish_frames(channel: int, exchange: str, message: WireMessage, frame_max: int) -> bytes:
    """basic.publish, mandatory and persistent, with its content; a body of more than frame_max
    bytes in several frames. Raises ValueError for a header name or message id over 255 bytes."""
    body = message.body
    header = _header(message, len(body))
    return b"".join(
        (
            _method_frame(channel, exchange, message.routing_key),
            _frame_start(_HEADER, channel, len(header)),
            header,
            _END,
            *_body_frames(channel, body, frame_max - _FRAME_OVERHEAD),
        )
    )


def _body_frames(channel: int, body: bytes, most: int) -> Iterator[bytes]:
    for first in range(0, len(body), most):
        part = body[first : first + most]
        yield _frame_start(_BODY, channel, len(part))
        yield part
        yield _END


def _header(message: WireMessage, size: int) -> bytes:
    entries: list[bytes] = []
    for name, text in message.headers.items():
        value = text.encode()
        entries += (_header_name(name), _length(len(value)), value)
    table = b"".join(entries)
    return b"".join(
        (
            _content(_BASIC, 0, size, _PROPERTIES),
            _CONTENT,
            _length(len(table)),
            table,
            _DELIVERY,
            _short(message.message_id),
        )
    )


@lru_cache(maxsize=256)
def _method_frame(channel: int, exchange: str, routing_key: str) -> bytes:
    """Cached: a service has as many as it has public types."""
    start = _method_start(_BASIC, _PUBLISH, 0)
    arguments = start + _short(exchange) + _short(routing_key) + bytes([_MANDATORY])
    return _frame_start(_METHOD, channel, len(arguments)) + arguments + _END


@lru_cache(maxsize=256)
def _header_name(name: str) -> bytes:
    return _short(name) + b"S"  # the value is a long string


def _short(text: str) -> bytes:
    encoded = text.encode()
    return bytes([len(encoded)]) + encoded


_CONTENT = _short(CONTENT_TYPE) + _short("utf-8")
_DELIVERY = bytes([_PERSISTENT])
