"""Whether the columns of one event, as stored, are the only ones that give its hashed text.

The leaf proves the hashed text (hashing.py), not where one column ends and the next begins. Read
from the left that text has one reading, when data and metadata are each exactly one JSON object
(an object says itself where it ends), no name holds a quote, a backslash or a control character,
and both numbers are integers. So bytes moved from one column into another leave the leaf as it is
and one of the columns malformed; it is found here. One spelling of each object (sorted keys, no
spaces) is shown by the same reading: parsed and written again it must give the stored bytes.

msgspec parses and writes. Where it refuses (an integer above 64 bits, say) the standard library
and kernel.canonical decide; a test holds that it never takes what they would not.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import msgspec

from shared.eventstore.hashing import STREAM, TYPE
from shared.eventstore.sealing import AuditRow
from shared.kernel.canonical import canonical_json


def canonical_object(text: str) -> dict[str, Any] | None:
    """The parsed text, or None when it is not exactly one canonical JSON object."""
    try:
        stored = text.encode()
        tree = _decode(stored)
        if _encode(tree) == stored:
            return tree
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError, AttributeError):
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
def _are_named(stream: Any, kind: Any) -> bool:
    """Cached: the events of a stream stand near one another. (SQLite may hold bytes in a text.)"""
    are_text = isinstance(stream, str) and isinstance(kind, str)
    return are_text and bool(STREAM.fullmatch(stream) and TYPE.fullmatch(kind))


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
