"""Canonical JSON and digests: the bytes that are hashed, signed and compared."""

from __future__ import annotations

import hashlib
import json
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class NotCanonical(TypeError):
    """A value that canonical JSON does not admit: float, bytes, object, non-string key."""


def canonical_json(value: Any) -> str:
    """Sorted keys, UTF-8, no spaces, integers only; equal values give equal text.

    Raises NotCanonical for floats and for anything that is not str, int, bool, None, list,
    tuple or a dict with string keys (architecture.md 4.1).
    """
    _check(value, "")
    return _encode(value)


def canonical_again(value: Any) -> str:
    """The canonical text of values that were read from canonical text: nothing is checked."""
    return _encode(value)


def must_be_canonical(value: Any) -> None:
    """Raises NotCanonical naming the path of the first value that is not plain JSON."""
    _check(value, "")


def sha256_hex(text: str | bytes) -> str:
    """SHA-256 of the text (UTF-8) as 64 hex digits."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def digest_of(value: Any) -> str:
    """SHA-256 over the canonical JSON of a value, as hex."""
    return sha256_hex(canonical_json(value))


def _check(value: Any, path: str) -> None:
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise NotCanonical(f"{path}: key {key!r} is not text")
            _check(item, f"{path}/{key}")
    elif kind is list or kind is tuple:
        for index, item in enumerate(value):
            _check(item, f"{path}/{index}")
    else:
        raise NotCanonical(f"{path or '/'}: {kind.__name__} is not canonical JSON")
