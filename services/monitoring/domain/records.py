"""What was recorded of a running contract; a part of MonitoredCase, folded from its stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from services.monitoring.domain import events as e
from services.monitoring.domain.cycles import DailyUses
from services.monitoring.domain.rows import AdoptionRow, AssessmentRow, VisitRow

ON_SITE = "ON_SITE"


@dataclass(frozen=True, slots=True)
class Records:
    """Adoptions by enterprise (the first one decides), visits, activities, assessments, months."""

    adoptions: Mapping[str, AdoptionRow] = field(default_factory=dict)
    late: frozenset[str] = frozenset()
    admitted: frozenset[str] = frozenset()
    visits: tuple[VisitRow, ...] = ()
    activities: tuple[e.ActivityRecorded, ...] = ()
    assessments: Mapping[tuple[str, str], AssessmentRow] = field(default_factory=dict)
    progress: Mapping[str, e.ProgressReported] = field(default_factory=dict)
    briefings: Mapping[str, e.BriefingHeld] = field(default_factory=dict)
    spot_checks: Mapping[UUID, e.SpotCheckRecorded] = field(default_factory=dict)
    gaps: tuple[e.UsesNotRecognised, ...] = ()

    def adopted_at(self, ubn: str) -> datetime | None:
        """The instant of the first activation."""
        row = self.adoptions.get(ubn)
        return row.activated_at if row else None

    def counted(self, ubn: str) -> bool:
        """Adopted in time, or late and admitted by decision."""
        return ubn in self.adoptions and (ubn not in self.late or ubn in self.admitted)

    def visit_counts(self) -> dict[str, tuple[int, int]]:
        """統一編號 -> (visits, of which on site): records of one day count as one."""
        days: dict[str, set[date]] = {}
        onsite: dict[str, set[date]] = {}
        for visit in self.visits:
            days.setdefault(visit.ubn, set()).add(visit.held_on)
            if visit.mode == ON_SITE:
                onsite.setdefault(visit.ubn, set()).add(visit.held_on)
        return {ubn: (len(held), len(onsite.get(ubn, ()))) for ubn, held in days.items()}

    def assessed(self, ubn: str, phase: str) -> bool:
        """True when the enterprise has the assessment of that phase (PRE, POST)."""
        return (ubn, phase) in self.assessments

    def recognised(self, uses: Mapping[str, DailyUses]) -> Mapping[str, DailyUses]:
        """Named method: counted uses, less those of a changed solution before its change was
        approved (an enterprise's solution is the one it adopted)."""
        if not self.gaps:
            return uses
        return {
            ubn: {day: count for day, count in days.items() if not self._in_gap(ubn, day)}
            for ubn, days in uses.items()
        }

    def _in_gap(self, ubn: str, day: date) -> bool:
        row = self.adoptions.get(ubn)
        return any(
            gap.first_on <= day <= gap.last_on
            and (gap.solution is None or (row is not None and row.solution == gap.solution))
            for gap in self.gaps
        )

    def apply(self, event: object) -> Records:
        """Fold one fact in."""
        match event:
            case e.AdoptionsRecorded():
                first = {row.ubn: row for row in reversed(event.adoptions)}
                return replace(
                    self,
                    adoptions={**first, **self.adoptions},
                    late=self.late.union(event.late),
                )
            case e.LateAdoptionAdmitted():
                return replace(self, admitted=self.admitted | {event.ubn})
            case e.CounsellingRecorded():
                return replace(self, visits=(*self.visits, *event.visits))
            case e.ActivityRecorded():
                return replace(self, activities=(*self.activities, event))
            case e.AssessmentsRecorded():
                rows = {(row.ubn, row.phase): row for row in event.assessments}
                return replace(self, assessments={**self.assessments, **rows})
            case e.ProgressReported():
                return replace(self, progress={**self.progress, event.month: event})
            case e.SpotCheckRecorded():
                return replace(self, spot_checks={**self.spot_checks, event.check_id: event})
            case e.UsesNotRecognised():
                return replace(self, gaps=(*self.gaps, event))
            case e.BriefingHeld():
                return replace(self, briefings={**self.briefings, event.checkpoint: event})
        return self
