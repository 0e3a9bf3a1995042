"""The review of one case: stream `review-<case id>`, from submission to the announced result.

State and fold stand here; the decisions on it are pure functions in meeting.py, sheets.py,
opinions.py and selection.py. What depends on the programme arrives as findings and values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.review.domain.errors import ReviewNotReady, UnknownReview
from services.review.domain.events import committee as c
from services.review.domain.events import review as r
from services.review.domain.events import selection as s
from shared.kernel.rebinding import RebindingNoted, rebound

FILED, NOT_ACCEPTED, ACCEPTED = "filed", "not-accepted", "accepted"
SCHEDULED, ABSENT, PRESENTED, FORFEITED = "scheduled", "absent", "presented", "forfeited"
RANKED, SELECTED, NOT_SELECTED, RESERVE = "ranked", "selected", "not-selected", "reserve"
REVOKED, LAPSED = "revoked", "lapsed"

FINISHED = (PRESENTED, FORFEITED, NOT_ACCEPTED)
"""States in which a proposal no longer holds up the ranking of its track."""


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """State folded from the stream."""

    id: UUID | None = None
    state: str = ""
    file: r.ReviewFileOpened | None = None
    rebound_to: str | None = None  # the later version of the pack, noted from intake
    opened: r.ReviewOpened | None = None
    letters: tuple[str, ...] = ()
    meeting: r.MeetingNotified | None = None
    relations: Mapping[tuple[str, str], c.ConflictDeclared] = field(default_factory=dict)
    sheets: Mapping[str, c.ScoreRecorded] = field(default_factory=dict)  # by member, newest
    standing: c.ScoringClosed | None = None
    enterprise_decisions: Mapping[str, s.EnterpriseDecided] = field(default_factory=dict)
    decision: s.SelectionDecided | None = None
    selected: s.ProposalSelected | None = None
    notice: s.RevocationNotified | None = None
    heard: bool = False  # the applicant answered that notice
    opinions: Mapping[UUID, r.OpinionGiven] = field(default_factory=dict)
    answers: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def filed(self) -> r.ReviewFileOpened:
        """The file. Raises UnknownReview when there is none."""
        if self.file is None:
            raise UnknownReview(self.id or "?")
        return self.file

    @property
    def dossier(self) -> r.ReviewOpened:
        """What the committee decides on. Raises ReviewNotReady before the screening passed."""
        if self.opened is None:
            raise ReviewNotReady(self.number, self.state, (ACCEPTED,))
        return self.opened

    @property
    def decided(self) -> s.SelectionDecided:
        """The committee's decision. Raises ReviewNotReady when there is none."""
        if self.decision is None:
            raise ReviewNotReady(self.number, self.state, (SELECTED, RESERVE))
        return self.decision

    @property
    def outcome(self) -> str:
        """selected, reserve, not-selected or forfeited, as it would be announced."""
        if self.state == FORFEITED:
            return FORFEITED
        return self.decision.outcome if self.decision else NOT_SELECTED

    @property
    def number(self) -> str:
        """The case number (案號)."""
        return self.filed.case_number

    @property
    def conflicts(self) -> Mapping[str, str]:
        """Members with a relation that counts: member id -> kind."""
        return {one.member_id: one.kind for one in self.relations.values() if one.counts}

    def must_be(self, *states: str) -> UUID:
        """The case id, when the review is in one of the states. Raises ReviewNotReady."""
        if self.state not in states:
            raise ReviewNotReady(self.number, self.state, states)
        return self.filed.case_id

    def conflicted(self, members: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
        """Members who stay away: declared, or of an organisation that takes part (CP-REV-04)."""
        by_organisation = {
            member_id
            for member_id, member in members.items()
            if self.takes_part(member.get("organisation"))
        }
        return frozenset(self.conflicts) | by_organisation

    def takes_part(self, organisation: str | None) -> bool:
        """True for the proposer, a provider or a partner of this proposal."""
        return self.opened is not None and organisation in self.opened.participant_ubns

    def counted_sheets(
        self, members: Mapping[str, Mapping[str, Any]]
    ) -> tuple[c.ScoreRecorded, ...]:
        """The newest sheet of each unconflicted member, by member id."""
        away = self.conflicted(members)
        return tuple(self.sheets[key] for key in sorted(self.sheets) if key not in away)

    def enterprise(self, ubn: str) -> Mapping[str, Any] | None:
        """The row of the accepted list, or None."""
        rows: Sequence[Mapping[str, Any]] = self.dossier.enterprises
        return next((row for row in rows if row["ubn"] == ubn), None)

    def submitted_at(self) -> datetime:
        """The server's stamp of the submission: the order among proposals."""
        return self.filed.submitted_at

    def apply(self, event: object) -> ReviewCase:
        """Fold one fact in."""
        changes = _changes(self, event)
        return replace(self, **changes) if changes else self


def _changes(case: ReviewCase, event: object) -> Mapping[str, Any]:
    match event:
        case r.ReviewFileOpened():
            file = rebound(event, case.rebound_to)
            return {"id": event.case_id, "file": file, "state": case.state or FILED}
        case RebindingNoted():
            file = rebound(case.file, event.to_digest)
            return {"file": file, "rebound_to": event.to_digest}
        case r.ReviewFileClosed():
            return {"state": NOT_ACCEPTED}
        case r.ReviewOpened():
            letters = tuple(sorted({*event.letters, *case.letters}))
            return {"opened": event, "letters": letters, "state": ACCEPTED}
        case r.LetterNoted():
            others = {ubn for ubn in case.letters if ubn != event.ubn}
            return {"letters": tuple(sorted(others | ({event.ubn} if event.verified else set())))}
        case r.MeetingNotified():
            return {"meeting": event, "state": SCHEDULED}
        case r.AbsenceRecorded():
            return {"state": ABSENT}
        case r.PresentationGiven():
            return {"state": PRESENTED}
        case r.ProposalForfeited():
            return {"state": FORFEITED}
        case r.OpinionGiven():
            return {"opinions": {**case.opinions, event.opinion_id: event}}
        case r.OpinionAnswered():
            return {"answers": {**case.answers, event.opinion_id: event.text}}
    return _committee_changes(case, event)


def _committee_changes(case: ReviewCase, event: object) -> Mapping[str, Any]:
    match event:
        case c.ConflictDeclared():
            return {"relations": {**case.relations, (event.member_id, event.kind): event}}
        case c.ScoreRecorded():
            return {"sheets": {**case.sheets, event.reviewer_id: event}}
        case c.ScoringClosed():
            return {"standing": event, "state": RANKED}
        case s.EnterpriseDecided():
            return {"enterprise_decisions": {**case.enterprise_decisions, event.ubn: event}}
        case s.SelectionDecided():
            return {"decision": event}
        case s.ProposalSelected():
            return {"selected": event, "state": SELECTED}
        case s.ProposalNotSelected():
            return {"state": RESERVE if event.reserve_order else NOT_SELECTED}
        case s.RevocationNotified():
            return {"notice": event, "heard": False}
        case s.RevocationAnswered():
            return {"heard": True}
        case s.SelectionRevoked():
            return {"state": REVOKED}
        case s.SelectionLapsed():
            return {"state": LAPSED}
    return {}
