"""The commands about steps; each service has classes of its own under these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command

_CASE = "6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep(Command):
    """Take a step of the programme's procedure on a case, with the forms it asks for."""

    case_id: UUID = arg("案件編號", "case id", _CASE)
    step: str = arg("步驟", "step, as the pack names it", "plan_final", max_length=60)
    key: str = arg(
        "鍵（逐一登載之步驟：當事人、項目）",
        "key of a keyed step: a party, an entry",
        "",
        default="",
        max_length=100,
    )
    forms: Mapping[str, Any] = arg("表單", "form id -> content", {})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteStep(Command):
    """Reaction to StepTaken of another service."""

    case_id: UUID = arg("案件編號", "case id", _CASE)
    step: str = arg("步驟", "step", "plan_final")
    key: str = arg("鍵", "key", "")
    number: int = arg("次數", "how often it was taken", 1, minimum=1)
    forms: Mapping[str, Any] = arg("表單", "form id -> content", {})
    taken_at: datetime = arg("時間", "taken at", "2023-04-20T10:00:00+08:00")
    taken_by: str = arg("經辦", "taken by", "officer-1")
    returns: tuple[str, ...] = arg("退回步驟", "steps sent back", [])


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckStep(Command):
    """Timer: the day after a step was due."""

    case_id: UUID = arg("案件編號", "case id", _CASE)
    step: str = arg("步驟", "step", "plan_final")
    due_on: date = arg("期限", "due on", "2023-04-20")
