"""Signed heads: a service's Ed25519 statement of what its log held at a moment."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.eventstore.sealing import SignedHead
from shared.kernel.canonical import canonical_json
from shared.kernel.clock import instant_text


@dataclass(frozen=True, slots=True)
class HeadSigner:
    """Signs for one service. `clock` says which clock its processes run on: system, simulated."""

    service: str
    key: Ed25519PrivateKey
    clock: str = "system"

    @classmethod
    def from_file(cls, service: str, path: Path | str, clock: str = "system") -> HeadSigner:
        """The key from a secret file of 64 hex digits (the 32-byte seed). Raises ValueError."""
        return cls(service, Ed25519PrivateKey.from_private_bytes(_key_bytes(path)), clock)

    @property
    def public_key(self) -> str:
        """The 32 bytes of the public key as hex: what verify and receipts are checked with."""
        return self.key.public_key().public_bytes_raw().hex()

    def sign(self, number: int, size: int, feed_size: int, root: bytes) -> SignedHead:
        """A head with the present real time."""
        head = SignedHead(
            number=number,
            service=self.service,
            size=size,
            feed_size=feed_size,
            root=root.hex(),
            at=instant_text(datetime.now(UTC)),
            clock=self.clock,
            signature="",
        )
        signature = self.key.sign(signed_text(head).encode()).hex()
        return SignedHead(**{**asdict(head), "signature": signature})


def signed_text(head: SignedHead) -> str:
    """What the signature covers: canonical JSON of every field but the signature itself."""
    fields: dict[str, Any] = asdict(head)
    del fields["signature"]
    return canonical_json(fields)


def is_genuine(head: SignedHead, public_key: str) -> bool:
    """Whether the head was signed by the owner of the public key (hex)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(head.signature), signed_text(head).encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _key_bytes(path: Path | str) -> bytes:
    try:
        key = bytes.fromhex(Path(path).read_text().strip())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError(f"{path}: a signing key is 64 hex digits")
    return key
