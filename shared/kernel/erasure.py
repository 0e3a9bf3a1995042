"""ErasureRecorded: a service has taken note that a data subject's key is destroyed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRecorded:
    """Stream `subject-<subject id>`; the personal fields of the subject read as erased."""

    subject_id: str
    occurred_at: datetime
