"""What the handlers of review may see of the outside; wired in services/review/wiring.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.kernel.streams import Ports


class Files(Protocol):
    """Which cases of a call have a review file."""

    def of_call(self, call_id: UUID, track: str | None = None) -> Sequence[UUID]:
        """Case ids, in order of submission; those of one track when it is named."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPorts(Ports):
    """Bound to one unit of work."""

    files: Files
