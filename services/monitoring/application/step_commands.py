"""monitoring's commands about the steps its packs declare (shared.kernel.steps)."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.steps.commands import CheckStep, NoteStep, TakeStep


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeExecutionStep(TakeStep):
    """Take a step of the procedure that monitoring keeps, with the forms it asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteExecutionStep(NoteStep):
    """Reaction to StepTaken of another service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckExecutionStep(CheckStep):
    """Timer: the day after a step was due."""


STEP_COMMANDS = (TakeExecutionStep, NoteExecutionStep, CheckExecutionStep)
