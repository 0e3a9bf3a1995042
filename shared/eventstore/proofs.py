"""Receipts: a document that proves, without the store, that an event is in a signed log.

The document holds the event as it was hashed (personal fields as ciphertext), its sequence, the
audit path and the signed head. verify_receipt needs it and the service's public key, nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from shared.eventstore import merkle
from shared.eventstore.hashing import event_hash
from shared.eventstore.heads import is_genuine
from shared.eventstore.sealing import SealedStore, SignedHead
from shared.kernel.canonical import NotCanonical, canonical_json

FORMAT = "grantcase-receipt-1"


class NotProvable(LookupError):
    """The event does not exist, or no signed head covers it yet (at most about a second)."""


class BadReceipt(ValueError):
    """The receipt does not prove what it says; the text names the step that failed."""


def inclusion_receipt(store: SealedStore, event_id: UUID) -> dict[str, Any]:
    """The receipt of one event under the first head that covers it. Raises NotProvable."""
    event = store.find(event_id)
    if event is None:
        raise NotProvable(f"no event {event_id} in this store")
    head = store.head_covering(event.sequence) if event.sequence else None
    if event.sequence is None or head is None:
        raise NotProvable(f"event {event_id} is committed, but no signed head covers it yet")
    path = merkle.inclusion_path(event.sequence - 1, head.size, store.nodes)
    return {
        "format": FORMAT,
        "event": json.loads(event.hashed()),
        "event_hash": event.event_hash(),
        "sequence": event.sequence,
        "path": [step.hex() for step in path],
        "head": asdict(head),
    }


def verify_receipt(receipt: Mapping[str, Any], public_key: str) -> SignedHead:
    """Check a receipt offline with the service's public key (hex); the head it rests on.

    Raises BadReceipt naming the first step that fails: format, event, path or signature.
    """
    head = _head(receipt)
    if receipt.get("event_hash") != _hash_of(receipt):
        raise BadReceipt("event: its hash is not the one in the receipt")
    root = merkle.root_from_inclusion(
        receipt["sequence"] - 1,
        head.size,
        merkle.leaf_hash(bytes.fromhex(receipt["event_hash"])),
        _path(receipt),
    )
    if root is None or root.hex() != head.root:
        raise BadReceipt("path: it does not lead from this event to the root of the head")
    if not is_genuine(head, public_key):
        raise BadReceipt("signature: the head was not signed with this key")
    return head


def _head(receipt: Mapping[str, Any]) -> SignedHead:
    if receipt.get("format") != FORMAT or type(receipt.get("sequence")) is not int:
        raise BadReceipt(f"format: not a {FORMAT}")
    try:
        return SignedHead(**receipt["head"])
    except (KeyError, TypeError) as error:
        raise BadReceipt(f"format: the head is incomplete ({error})") from error


def _hash_of(receipt: Mapping[str, Any]) -> str:
    try:
        return event_hash(canonical_json(receipt["event"])).hex()
    except (KeyError, NotCanonical) as error:
        raise BadReceipt(f"event: missing or not canonical ({error})") from error


def _path(receipt: Mapping[str, Any]) -> list[bytes]:
    try:
        return [bytes.fromhex(step) for step in receipt["path"]]
    except (KeyError, TypeError, ValueError) as error:
        raise BadReceipt(f"path: not a list of hashes ({error})") from error
