"""The monitored case: stream `monitoring-<case id>`, from the signature to the archive.

Decisions that depend on the programme arrive as an Evaluation; here stand the invariants of
every programme: what may be done in which state, and what is already done. The parts (records,
checkpoints, alerts, enrolment) fold the same events. One page more than usual: the life cycle is
read as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from services.monitoring.domain import events as e
from services.monitoring.domain.alerts import Alerts
from services.monitoring.domain.checkpoints import Checkpoints
from services.monitoring.domain.enrolment import Enrolment
from services.monitoring.domain.errors import (
    AlreadyMonitored,
    NotExecuting,
    NotInFollowUp,
    NotMonitored,
    SameId,
    UnknownEnterprise,
    UnknownItem,
)
from services.monitoring.domain.records import Records
from services.monitoring.domain.rows import FollowUpRow
from shared.kernel.parties import numbers_of
from shared.kernel.rebinding import RebindingNoted, rebound

EXECUTING, CLOSED, ARCHIVED = "executing", "closed", "archived"
TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class MonitoredCase:
    """State: executing, closed, archived, or how finance ended it (abandoned, terminated,
    rescinded). `opened` is None until the contract is signed."""

    opened: e.MonitoringOpened | None = None
    state: str = ""
    amount_twd: int = 0
    obligations: tuple[e.Obligation, ...] = ()
    enrolment: Enrolment = Enrolment()
    records: Records = Records()
    checkpoints: Checkpoints = Checkpoints()
    alerts: Alerts = Alerts()
    changes: Mapping[UUID, e.PlanChangeRequested] = field(default_factory=dict)
    decided_changes: frozenset[UUID] = frozenset()
    notices: Mapping[UUID, e.CureNoticeIssued] = field(default_factory=dict)
    recoveries: Mapping[UUID, int] = field(default_factory=dict)
    closed_on: date | None = None
    follow_up: e.FollowUpOpened | None = None
    filed: Mapping[str, e.FollowUpFiled] = field(default_factory=dict)
    steps: frozenset[tuple[str, str]] = frozenset()  # (reminder or register, period)
    rebound_to: str | None = None  # the later version of the pack, noted from intake

    @property
    def plan(self) -> e.MonitoringOpened:
        """What was signed. Raises NotMonitored."""
        if self.opened is None:
            raise NotMonitored("")
        return self.opened

    @property
    def party_ubns(self) -> tuple[str, ...]:
        """統一編號 of all who act as the applicant."""
        return numbers_of(self.plan.applicant_ubn, self.plan.parties)

    def open(self, opened: e.MonitoringOpened) -> Sequence[e.MonitoringOpened]:
        """Begin; the same contract again yields no event. Raises AlreadyMonitored."""
        if self.opened is None:
            return (opened,)
        if self.opened.contract_number == opened.contract_number:
            return ()
        raise AlreadyMonitored(self.opened.case_number)

    def stop(self, outcome: str, reason: str, on: date) -> Sequence[e.MonitoringStopped]:
        """finance ended the contract; a case that is not executing yields no event, except that
        a closed one may still be rescinded or terminated."""
        if self.opened is None or self.state not in (EXECUTING, CLOSED):
            return ()
        return (
            e.MonitoringStopped(
                case_id=self.plan.case_id, outcome=outcome, reason=reason, stopped_on=on
            ),
        )

    def note_recovery(self, recovery_id: UUID, outstanding_twd: int) -> Sequence[e.RecoveryNoted]:
        """What is still owed; unchanged yields no event."""
        if self.opened is None or self.recoveries.get(recovery_id) == outstanding_twd:
            return ()
        return (
            e.RecoveryNoted(
                case_id=self.plan.case_id,
                recovery_id=recovery_id,
                outstanding_twd=outstanding_twd,
            ),
        )

    def must_be_executing(self) -> None:
        """Raises NotMonitored, NotExecuting."""
        if self.state != EXECUTING:
            raise NotExecuting(self.plan.case_number, self.state)

    def must_know(self, ubns: Sequence[str], field_name: str = "ubn") -> None:
        """Raises UnknownEnterprise for the first one that is not in the list."""
        for ubn in ubns:
            if ubn not in self.enrolment.enterprises:
                raise UnknownEnterprise(ubn, field_name)

    def _must_follow(self, ubns: Sequence[str]) -> None:
        followed = self.enrolment.enterprises or self.party_ubns
        for ubn in ubns:
            if ubn not in followed:
                raise UnknownEnterprise(ubn, "rows")

    def request_change(self, request: e.PlanChangeRequested) -> Sequence[e.PlanChangeRequested]:
        """Ask for a change; the same again yields no event. Raises NotExecuting, SameId,
        UnknownEnterprise."""
        self.must_be_executing()
        known = self.changes.get(request.change_id)
        if known is not None:
            if known != request:
                raise SameId("change_id")
            return ()
        self.must_know(request.removed_ubns, "removed_ubns")
        return (request,)

    def open_change(self, change_id: UUID) -> e.PlanChangeRequested | None:
        """The request when it waits for its decision, None when it was decided before.
        Raises UnknownItem."""
        self.must_be_executing()
        if change_id not in self.changes:
            raise UnknownItem("此變更申請", "plan change of that id", "change_id")
        return None if change_id in self.decided_changes else self.changes[change_id]

    def approve_change(self, request: e.PlanChangeRequested) -> e.PlanChangeApproved:
        """The contract amount never rises (an invariant of every programme)."""
        return e.PlanChangeApproved(
            case_id=request.case_id,
            case_number=self.plan.case_number,
            change_id=request.change_id,
            kind=request.kind,
            amount_twd=self.amount_twd + min(0, request.amount_effect_twd),
            removed_ubns=request.removed_ubns,
            added=request.added,
        )

    def issue_notice(
        self, notice_id: UUID, subject: str, cure_by: date
    ) -> Sequence[e.CureNoticeIssued]:
        """Notice to cure; the same again yields no event. Raises NotExecuting, SameId."""
        self.must_be_executing()
        notice = e.CureNoticeIssued(
            case_id=self.plan.case_id,
            case_number=self.plan.case_number,
            notice_id=notice_id,
            subject=subject,
            cure_by=cure_by,
        )
        if (known := self.notices.get(notice_id)) is not None:
            if known != notice:
                raise SameId("notice_id")
            return ()
        return (notice,)

    def file_follow_up(
        self, year: int, rows: tuple[FollowUpRow, ...], on: date
    ) -> Sequence[e.FollowUpFiled]:
        """One year's data, of the enterprises in the list or, where the programme enrols none, of
        the parties; the same again yields no event, other rows replace them.

        Raises NotInFollowUp, UnknownItem (no such year), UnknownEnterprise.
        """
        if self.follow_up is None:
            raise NotInFollowUp(self.plan.case_number, self.state)
        if all(duty.period != str(year) for duty in self.follow_up.obligations):
            raise UnknownItem(f"第 {year} 年追蹤", f"follow-up year {year}", "year")
        self._must_follow([row.ubn for row in rows])
        known = self.filed.get(str(year))
        if known is not None and known.rows == rows:
            return ()
        filed = e.FollowUpFiled(case_id=self.plan.case_id, year=year, rows=rows, filed_on=on)
        return (filed,)

    def archive(self, on: date) -> Sequence[object]:
        """End of the follow-up: completed and archived, once."""
        if self.follow_up is None or self.state == ARCHIVED:
            return ()
        years = {duty.period for duty in self.follow_up.obligations if duty.period}
        reports = len(years.intersection(self.filed))
        return (
            e.FollowUpCompleted(
                case_id=self.plan.case_id,
                case_number=self.plan.case_number,
                ended_on=on,
                reports=reports,
                missing=len(years) - reports,
            ),
            e.CaseArchived(case_id=self.plan.case_id, archived_on=on),
        )

    def find_obligation(self, id: str, period: str | None) -> e.Obligation | None:
        """The obligation of that id and period."""
        return next((o for o in self.obligations if (o.id, o.period) == (id, period)), None)

    def adopted(self) -> dict[str, datetime]:
        """Adoption instants of the enterprises that count."""
        return {
            ubn: self.records.adoptions[ubn].activated_at
            for ubn in self.enrolment.enterprises
            if self.records.counted(ubn)
        }

    def apply(self, event: object) -> MonitoredCase:
        """Fold one fact in, here and in every part."""
        return replace(
            self._own(event),
            enrolment=self.enrolment.apply(event),
            records=self.records.apply(event),
            alerts=self.alerts.apply(event),
        )

    def _own(self, event: object) -> MonitoredCase:
        match event:
            case e.MonitoringOpened():
                return replace(
                    self,
                    opened=rebound(event, self.rebound_to),
                    state=EXECUTING,
                    amount_twd=event.amount_twd,
                    obligations=event.obligations,
                    checkpoints=Checkpoints(plan=event.checkpoints),
                )
            case RebindingNoted():
                opened = rebound(self.opened, event.to_digest)
                return replace(self, opened=opened, rebound_to=event.to_digest)
            case e.CheckpointReported() | e.CheckpointFailed() | e.CheckpointPassed():
                return replace(self, checkpoints=self.checkpoints.apply(event))
            case e.MonitoringStopped():
                return replace(self, state=event.outcome)
            case e.CaseClosed():
                return replace(self, state=CLOSED, closed_on=event.closed_on)
            case e.CaseArchived():
                return replace(self, state=ARCHIVED)
            case e.RecoveryNoted():
                owed = {**self.recoveries, event.recovery_id: event.outstanding_twd}
                return replace(self, recoveries=owed)
            case e.FollowUpOpened():
                duties = (*self.obligations, *event.obligations)
                return replace(self, follow_up=event, obligations=duties)
            case e.FollowUpFiled():
                return replace(self, filed={**self.filed, str(event.year): event})
            case e.FollowUpReminderSent():
                return replace(self, steps=self.steps | {("reminder", event.period)})
            case e.EvaluationRegisterEntered():
                return replace(self, steps=self.steps | {("register", event.period)})
            case e.CureNoticeIssued():
                return replace(self, notices={**self.notices, event.notice_id: event})
        return self._changed(event)

    def _changed(self, event: object) -> MonitoredCase:
        match event:
            case e.PlanChangeRequested():
                return replace(self, changes={**self.changes, event.change_id: event})
            case e.PlanChangeApproved():
                decided = self.decided_changes | {event.change_id}
                return replace(self, amount_twd=event.amount_twd, decided_changes=decided)
            case e.PlanChangeRejected():
                return replace(self, decided_changes=self.decided_changes | {event.change_id})
        return self
