"""Whether the columns of one event, as stored, are the only ones that give its hashed text.

The leaf proves the hashed text (hashing.py), not where one column ends and the next begins. Read
from its left end that text has one reading when data and metadata are each one complete JSON
object (an object says itself where it ends), when no name holds a quote, a backslash or a control
character, and when both numbers are integers: then a byte moved from one column to the other
leaves one of them malformed, and it is found here. That the objects are canonical (sorted keys,
one spelling) follows from the same reading: parsed and written again, they are the stored bytes.

msgspec reads and writes; it may only ever refuse too much (integers above 64 bits), so that what
it refuses is asked again of kernel.canonical, which decides.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import msgspec

from shared.eventstore.hashing import STREAM, TYPE
from shared.eventstore.sealing import AuditRow
from shared.kernel.canonical import canonical_json


def is_canonical(text: str) -> bool:
    """Whether the text is exactly one canonical JSON object."""
    return canonical_object(text) is not None


def canonical_object(text: str) -> dict[str, Any] | None:
    """The parsed text, or None when it is not exactly one canonical JSON object."""
    stored = text.encode()
    try:
        tree = _decode(stored)
        if _encode(tree) == stored:
            return tree
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        pass
    return _exactly(text)


def are_plain_names(row: AuditRow) -> bool:
    """Whether id, stream, type, recorded_at and the numbers stand in the hashed text unescaped."""
    names = f"{row.id}{row.recorded_at}"
    return (
        _are_named(row.stream, row.type)
        and '"' not in names
        and "\\" not in names
        and names.isprintable()
        and type(row.version) is type(row.schema_version) is int
    )


@lru_cache(maxsize=4096)
def _are_named(stream: str, type: str) -> bool:
    """Cached: the events of a stream stand near one another."""
    return bool(STREAM.fullmatch(stream) and TYPE.fullmatch(type))


def _exactly(text: str) -> dict[str, Any] | None:
    try:
        tree = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
        return tree if type(tree) is dict and canonical_json(tree) == text else None
    except (ValueError, RecursionError):
        return None


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is not an integer")


_decode = msgspec.json.Decoder(dict[str, Any], float_hook=_refuse).decode
_encode = msgspec.json.Encoder(order="deterministic").encode
