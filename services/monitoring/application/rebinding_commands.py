"""monitoring's command about the version that a case is bound to (shared.kernel.rebinding)."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.rebinding import NoteRebinding


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteExecutionRebinding(NoteRebinding):
    """Reaction to intake.CaseRebound."""
