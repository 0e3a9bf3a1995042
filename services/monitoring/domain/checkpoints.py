"""The checkpoints of a case: reported, decided, cured; a part of MonitoredCase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.monitoring.domain.errors import CheckpointNotOpen, UnknownCheckpoint
from services.monitoring.domain.events import (
    CheckpointFailed,
    CheckpointPassed,
    CheckpointPlan,
    CheckpointReported,
)

DUE, REPORTED, FAILED, PASSED = "due", "reported", "failed", "passed"


@dataclass(frozen=True, slots=True)
class CheckpointState:
    """One checkpoint: state, the newest report and the newest failure."""

    state: str = DUE
    report: CheckpointReported | None = None
    failure: CheckpointFailed | None = None
    passed: CheckpointPassed | None = None


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """All checkpoints in the order of the programme."""

    plan: tuple[CheckpointPlan, ...] = ()
    states: Mapping[str, CheckpointState] = field(default_factory=dict)

    def planned(self, checkpoint: str) -> CheckpointPlan:
        """Raises UnknownCheckpoint."""
        for plan in self.plan:
            if plan.id == checkpoint:
                return plan
        raise UnknownCheckpoint(checkpoint)

    def state(self, checkpoint: str) -> CheckpointState:
        """Where the checkpoint stands. Raises UnknownCheckpoint."""
        self.planned(checkpoint)
        return self.states.get(checkpoint, CheckpointState())

    def report(self, reported: CheckpointReported) -> Sequence[CheckpointReported]:
        """Hand in a report, or a better one; the same content again yields no event.

        Raises CheckpointNotOpen when it has passed, or an earlier one has not.
        """
        now = self.state(reported.checkpoint)
        self._must_follow(reported.checkpoint)
        if now.state == PASSED:
            raise CheckpointNotOpen(reported.checkpoint, "已通過", "it has passed")
        if now.state == REPORTED and now.report == reported:
            return ()
        return (reported,)

    def pass_(self, passed: CheckpointPassed) -> Sequence[CheckpointPassed]:
        """Accept; raises CheckpointNotOpen as must_be_decidable."""
        self.must_be_decidable(passed.checkpoint)
        return (passed,)

    def fail(self, failed: CheckpointFailed) -> Sequence[CheckpointFailed]:
        """Record the shortfall; raises CheckpointNotOpen as must_be_decidable."""
        self.must_be_decidable(failed.checkpoint)
        return (failed,)

    def must_be_decidable(self, checkpoint: str) -> None:
        """Raises CheckpointNotOpen when it passed, waits for a new report after a failure, or
        an earlier checkpoint has not passed."""
        now = self.state(checkpoint)
        self._must_follow(checkpoint)
        if now.state == PASSED:
            raise CheckpointNotOpen(checkpoint, "已通過", "it has passed")
        if now.state == FAILED:
            raise CheckpointNotOpen(
                checkpoint, "尚未補正回報", "no new report since the shortfall was recorded"
            )

    def _must_follow(self, checkpoint: str) -> None:
        for earlier in self.plan:
            if earlier.id == checkpoint:
                return
            if self.state(earlier.id).state != PASSED:
                raise CheckpointNotOpen(
                    checkpoint,
                    f"前一查核點 {earlier.id} 尚未通過",
                    f"checkpoint {earlier.id} before it has not passed",
                )

    def apply(self, event: object) -> Checkpoints:
        """Fold one fact in."""
        match event:
            case CheckpointReported():
                return self._with(event.checkpoint, state=REPORTED, report=event)
            case CheckpointFailed():
                return self._with(event.checkpoint, state=FAILED, failure=event)
            case CheckpointPassed():
                return self._with(event.checkpoint, state=PASSED, passed=event)
        return self

    def _with(self, checkpoint: str, **changed: Any) -> Checkpoints:
        now = replace(self.states.get(checkpoint, CheckpointState()), **changed)
        return replace(self, states={**self.states, checkpoint: now})
