"""A case is bound to another version of its pack."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRebound:
    """From here on the case is decided by the later version; what was decided keeps its own."""

    case_id: UUID
    case_number: str
    programme_id: str
    from_digest: str
    to_digest: str
    version: int
    reason: str
