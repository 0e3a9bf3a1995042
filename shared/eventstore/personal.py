"""Personal values in event trees: sealed into ciphertext before hashing, opened on reading.

A sealed value is {"$personal": {"subject", "key_id", "alg": "A256GCM", "nonce", "ct"}}, base64.
Associated data binds it to its place: canonical JSON of [stream, event id, field path]. The
plaintext is the value's canonical JSON, padded to a bucket, so that its length says little.
An already erased value that is copied into a new event is stored as {"$erased": {"subject"}}.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.eventstore.subject_keys import DataKey, KeyState
from shared.kernel.canonical import canonical_json
from shared.kernel.envelope import Erased, Personal

_SMALLEST, _LARGEST_DOUBLING = 64, 1024
_MARKS = ("$personal", "$erased")


def contains_personal(tree: Any) -> bool:
    """Whether any Personal stands in the tree."""
    kind = type(tree)
    if kind is dict:
        return any(contains_personal(item) for item in tree.values())
    if kind is list:
        return any(contains_personal(item) for item in tree)
    return kind is Personal or kind is Erased


def seal(tree: Any, stream: str, event_id: UUID, key_for: Callable[[str], DataKey]) -> Any:
    """The tree with every Personal as ciphertext. Raises ValueError for a key that is ours."""
    return _seal(tree, stream, str(event_id), "", key_for)


def open_sealed(tree: Any, stream: str, event_id: UUID, keys: Mapping[str, KeyState]) -> Any:
    """The tree with every sealed value as Personal, or Erased when its key is gone.

    Raises cryptography's InvalidTag when ciphertext was moved or changed.
    """
    return _open(tree, stream, str(event_id), "", keys)


def key_ids(tree: Any) -> Iterator[str]:
    """Ids of the keys that the sealed values of a tree need."""
    if type(tree) is dict:
        if "$personal" in tree:
            yield tree["$personal"]["key_id"]
            return
        for item in tree.values():
            yield from key_ids(item)
    elif type(tree) is list:
        for item in tree:
            yield from key_ids(item)


def _seal(
    tree: Any, stream: str, event_id: str, path: str, key_for: Callable[[str], DataKey]
) -> Any:
    kind = type(tree)
    if kind is dict:
        if any(mark in tree for mark in _MARKS):
            raise ValueError(f"{path or '/'}: the keys $personal and $erased belong to the store")
        return {
            key: _seal(item, stream, event_id, f"{path}/{key}", key_for)
            for key, item in tree.items()
        }
    if kind is list:
        return [
            _seal(item, stream, event_id, f"{path}/{index}", key_for)
            for index, item in enumerate(tree)
        ]
    if kind is Personal:
        return _encrypt(tree, key_for(tree.subject), _place(stream, event_id, path))
    if kind is Erased:
        return {"$erased": {"subject": tree.subject}}
    return tree


def _open(tree: Any, stream: str, event_id: str, path: str, keys: Mapping[str, KeyState]) -> Any:
    kind = type(tree)
    if kind is dict:
        if "$personal" in tree:
            return _decrypt(tree["$personal"], keys, _place(stream, event_id, path))
        if "$erased" in tree:
            return Erased(tree["$erased"]["subject"])
        return {
            key: _open(item, stream, event_id, f"{path}/{key}", keys) for key, item in tree.items()
        }
    if kind is list:
        return [
            _open(item, stream, event_id, f"{path}/{index}", keys)
            for index, item in enumerate(tree)
        ]
    return tree


def _place(stream: str, event_id: str, path: str) -> bytes:
    return canonical_json([stream, event_id, path]).encode()


def _encrypt(personal: Personal, key: DataKey, place: bytes) -> dict[str, Any]:
    nonce = os.urandom(12)
    plain = _padded(canonical_json(personal.value).encode())
    ciphertext = AESGCM(key.secret).encrypt(nonce, plain, place)
    return {
        "$personal": {
            "subject": personal.subject,
            "key_id": key.id,
            "alg": "A256GCM",
            "nonce": b64encode(nonce).decode(),
            "ct": b64encode(ciphertext).decode(),
        }
    }


def _decrypt(sealed: Mapping[str, Any], keys: Mapping[str, KeyState], place: bytes) -> Any:
    key = keys.get(sealed["key_id"])
    if key is None or key.secret is None:
        return Erased(sealed["subject"], key.destroyed_at if key else None)
    padded = AESGCM(key.secret).decrypt(b64decode(sealed["nonce"]), b64decode(sealed["ct"]), place)
    length = int.from_bytes(padded[:4], "big")
    return Personal(sealed["subject"], json.loads(padded[4 : 4 + length]))


def _padded(text: bytes) -> bytes:
    """Length (4 bytes), text, zeros up to 64, 128, 256, 512, 1024, 2048, 3072, ... bytes."""
    wanted, size = len(text) + 4, _SMALLEST
    while size < wanted:
        size += size if size < _LARGEST_DOUBLING else _LARGEST_DOUBLING
    return (len(text).to_bytes(4, "big") + text).ljust(size, b"\0")
