"""Facts about steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecorded:
    """A step was taken here; personal fields of its forms are sealed. `number` counts from 1 for
    each step and key."""

    case_id: UUID
    step: str
    key: str
    number: int
    forms: Mapping[str, Any]
    taken_at: datetime
    taken_by: str
    returns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """Public: the services of `shared_with` are told."""

    case_id: UUID
    case_number: str
    step: str
    key: str
    number: int
    forms: Mapping[str, Any]
    taken_at: datetime
    taken_by: str
    returns: tuple[str, ...]
    shared_with: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepNoted:
    """Another service told of a step."""

    case_id: UUID
    step: str
    key: str
    number: int
    forms: Mapping[str, Any]
    taken_at: datetime
    taken_by: str
    returns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMissed:
    """The day it was due on has passed and it did not stand."""

    case_id: UUID
    step: str
    due_on: date


STEP_EVENTS = (StepRecorded, StepTaken, StepNoted, StepMissed)
