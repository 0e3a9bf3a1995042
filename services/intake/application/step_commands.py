"""intake's commands about the steps its packs declare (shared.kernel.steps)."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.steps.commands import CheckStep, NoteStep, TakeStep


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeApplicationStep(TakeStep):
    """Take a step of the procedure that intake keeps, with the forms it asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteApplicationStep(NoteStep):
    """Reaction to StepTaken of another service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckApplicationStep(CheckStep):
    """Timer: the day after a step was due."""


STEP_COMMANDS = (TakeApplicationStep, NoteApplicationStep, CheckApplicationStep)
