"""What the handlers of review may see of the outside; wired in services/review/wiring.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from shared.kernel.streams import Packs, Rules, Streams


class Shelf(Packs, Protocol):
    """Packs by digest, and the calls published so far."""

    def call(self, call_id: UUID) -> Mapping[str, Any]:
        """The data of CallPublished. Raises UnknownPack."""
        ...


class Files(Protocol):
    """Which cases of a call have a review file."""

    def of_call(self, call_id: UUID, track: str | None = None) -> Sequence[UUID]:
        """Case ids, in order of submission; those of one track when it is named."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPorts:
    """Bound to one unit of work."""

    streams: Streams
    rules: Rules
    packs: Shelf
    files: Files
