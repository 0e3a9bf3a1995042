"""Findings and their hearing: notice, answer, decision; and the bars that followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.errors import (
    AnswerPeriodRunning,
    IdReused,
    NotInState,
    NotYet,
    UnknownPart,
)
from shared.kernel.clock import taipei_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Folded: one finding and how far its hearing is."""

    opened: e.FindingOpened
    notice: e.SanctionNoticeGiven | None = None
    answers: tuple[e.SanctionAnswered, ...] = ()
    decision: e.SanctionDecided | None = None

    @property
    def open(self) -> bool:
        """Not yet decided: payments are stopped."""
        return self.decision is None


@dataclass(frozen=True, slots=True)
class Sanctions:
    """Part of the contract."""

    findings: Mapping[UUID, Finding] = field(default_factory=dict)
    bars: Mapping[UUID, e.ApplicantBarred] = field(default_factory=dict)  # not lifted
    lifted: frozenset[UUID] = frozenset()

    def open_finding(self, finding: e.FindingOpened) -> Sequence[object]:
        """Open a finding; the same again yields no event. Raises IdReused."""
        known = self.findings.get(finding.finding_id)
        if known is None:
            return (finding,)
        if known.opened != finding:
            raise IdReused(finding.finding_id, field="finding_id")
        return ()

    def give_notice(self, notice: e.SanctionNoticeGiven) -> Sequence[object]:
        """The written notice of facts (CP-SAN-14), once. Raises UnknownPart, NotInState."""
        finding = self.undecided(notice.finding_id)
        if finding.notice is None:
            return (notice,)
        if replace(notice, given_on=finding.notice.given_on) != replace(
            finding.notice, answer_by=notice.answer_by
        ):
            raise NotInState("已通知陳述意見", "the notice was given already", "notified")
        return ()

    def answer(self, finding_id: UUID, text: str, at: datetime) -> Sequence[object]:
        """The party's answer, also a late one. Raises UnknownPart, NotInState, NotYet."""
        finding = self.undecided(finding_id)
        if finding.notice is None:
            raise NotYet("尚未通知陳述意見", "no notice was given yet", field="finding_id")
        if any(answer.text == text for answer in finding.answers):
            return ()
        return (
            e.SanctionAnswered(
                case_id=finding.opened.case_id,
                finding_id=finding_id,
                text=text,
                answered_at=at,
                late=taipei_date(at) > finding.notice.answer_by,
            ),
        )

    def must_be_heard(self, finding_id: UUID, on: date, *, required: bool = True) -> Finding:
        """The finding, once the party has answered or the period has ended; at once where the
        programme does not require a hearing for the effect.

        Raises UnknownPart, NotInState, NotYet, AnswerPeriodRunning.
        """
        finding = self.undecided(finding_id)
        if not required:
            return finding
        if finding.notice is None:
            raise NotYet(
                "處分前須先書面通知並給予陳述意見機會",
                "no decision before a written notice of the facts",
                field="finding_id",
            )
        if not finding.answers and on <= finding.notice.answer_by:
            raise AnswerPeriodRunning(finding.notice.answer_by)
        return finding

    def lift_bar(self, bar_id: UUID, case_number: str, reason: str) -> Sequence[object]:
        """A new decision ends a bar early (CP-SAN-15). Raises UnknownPart."""
        if bar_id in self.lifted:
            return ()
        if bar_id not in self.bars:
            raise UnknownPart("停權", "bar", bar_id, field="bar_id")
        bar = self.bars[bar_id]
        return (
            e.BarLifted(
                case_id=bar.case_id,
                case_number=case_number,
                bar_id=bar_id,
                ubn=bar.ubn,
                reason=reason,
            ),
        )

    def undecided(self, finding_id: UUID) -> Finding:
        """Raises UnknownPart, NotInState."""
        if finding_id not in self.findings:
            raise UnknownPart("查證案", "finding", finding_id, field="finding_id")
        finding = self.findings[finding_id]
        if not finding.open:
            raise NotInState("查證案已決定", "the finding is decided", "decided")
        return finding

    @property
    def open_kinds(self) -> tuple[str, ...]:
        """Kinds of findings that are not decided."""
        return tuple(sorted({f.opened.kind for f in self.findings.values() if f.open}))

    def apply(self, event: object) -> Sanctions:
        """Fold one fact in."""
        match event:
            case e.FindingOpened():
                return replace(
                    self, findings={**self.findings, event.finding_id: Finding(opened=event)}
                )
            case e.SanctionNoticeGiven():
                return self._with(event.finding_id, notice=event)
            case e.SanctionAnswered():
                answers = (*self.findings[event.finding_id].answers, event)
                return self._with(event.finding_id, answers=answers)
            case e.SanctionDecided():
                return self._with(event.finding_id, decision=event)
            case e.ApplicantBarred():
                return replace(self, bars={**self.bars, event.bar_id: event})
            case e.BarLifted():
                bars = {id: bar for id, bar in self.bars.items() if id != event.bar_id}
                return replace(self, bars=bars, lifted=self.lifted | {event.bar_id})
        return self

    def _with(self, finding_id: UUID, **changes: Any) -> Sanctions:
        changed = replace(self.findings[finding_id], **changes)
        return replace(self, findings={**self.findings, finding_id: changed})
