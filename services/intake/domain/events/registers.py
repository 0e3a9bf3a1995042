"""Events of applicants, bars and data subjects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantRegistered:
    """An organisation that may propose. contact holds Personal values."""

    ubn: str
    name: str
    contact: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRegistered:
    """finance decided a bar; intake refuses the barred until its last day, or in those programme
    years (ROC)."""

    bar_id: UUID
    ubn: str
    programme_id: str
    decided_on: date
    until: date
    reason: str
    years_roc: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRemoved:
    """finance lifted a bar."""

    bar_id: UUID
    ubn: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectErased:
    """A data subject's key is to be destroyed in every service."""

    subject_id: str
