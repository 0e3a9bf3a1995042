"""The text an event hash covers, built by splicing canonical texts instead of parsing them.

data and metadata are stored as canonical JSON, so the canonical JSON of the whole event is those
two texts between constant pieces, keys in sorted order. hashed_text equals
canonical_json({...}) whenever the stored texts are canonical; verify proves that they are.
"""

from __future__ import annotations

import hashlib
import re

# Neither needs escaping in JSON, so a name can be spliced in and the result has one reading.
STREAM = re.compile(r"[a-z][a-z0-9_]*-[\w.:-]+")
TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def hashed_text(
    id: str,
    stream: str,
    version: int,
    type: str,
    schema_version: int,
    data: str,
    metadata: str,
    recorded_at: str,
) -> str:
    """Canonical JSON of {id, stream, version, type, schema_version, data, metadata, recorded_at}.

    id and recorded_at as stored text (the instant with six digits and +08:00).
    """
    return (
        f'{{"data":{data},"id":"{id}","metadata":{metadata},"recorded_at":"{recorded_at}",'
        f'"schema_version":{schema_version},"stream":"{stream}","type":"{type}",'
        f'"version":{version}}}'
    )


def event_hash(text: str) -> bytes:
    """SHA-256 (32 bytes) of the hashed text."""
    return hashlib.sha256(text.encode()).digest()


def stream_name(category: str, id: object) -> str:
    """`<category>-<id>`. Raises ValueError for a name the store does not take."""
    name = f"{category}-{id}"
    if not STREAM.fullmatch(name):
        raise ValueError(f"not a stream name: {name!r} (category-id; letters, digits, _ . : -)")
    return name
