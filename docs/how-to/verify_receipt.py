"""Verify a receipt with nothing of Grantcase: python verify_receipt.py receipt.json PUBLIC_KEY.

Needs Python and the package `cryptography`. Four steps, as in docs/how-to/verify-a-receipt.md.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def verify(receipt: dict[str, Any], public_key: str) -> str:
    """What the receipt proves; ends the program naming the step that failed."""
    hashed = hashlib.sha256(canonical(receipt["event"])).digest()
    if hashed.hex() != receipt["event_hash"]:
        sys.exit("step 1: the event is not the one that was hashed")
    head = receipt["head"]
    root = root_of(hashed, receipt["sequence"] - 1, head["size"], receipt["path"])
    if root != head["root"]:
        sys.exit("step 2: the path does not lead from the event to the root of the head")
    signed = canonical({key: value for key, value in head.items() if key != "signature"})
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(head["signature"]), signed)
    except InvalidSignature:
        sys.exit("step 3: the head was not signed with this key")
    event = receipt["event"]
    return f"{event['type']} of {event['stream']} is in the log of {head['service']}: {head['at']}"


def root_of(event_hash: bytes, index: int, size: int, path: list[str]) -> str:
    """The root that the audit path leads to (RFC 9162, 2.1.3.2)."""
    root, last = hashlib.sha256(b"\x00" + event_hash).digest(), size - 1
    for step in map(bytes.fromhex, path):
        if index % 2 or index == last:
            root = hashlib.sha256(b"\x01" + step + root).digest()
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            root = hashlib.sha256(b"\x01" + root + step).digest()
        index, last = index // 2, last // 2
    return root.hex() if last == 0 else ""


if __name__ == "__main__":
    print(verify(json.loads(Path(sys.argv[1]).read_text()), sys.argv[2]))
