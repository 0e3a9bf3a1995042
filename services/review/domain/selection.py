"""Decisions on the selection, and the announcement of a call: stream `results-<call id>`.

Over 200 lines: from the committee's decision to what may undo it is one story.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.review.domain import review_case as state
from services.review.domain.errors import (
    AlreadyAnnounced,
    CountDiffers,
    NoNoticeYet,
    NoVacancy,
    OrderMissing,
    UnknownEnterprise,
)
from services.review.domain.events import selection as s
from services.review.domain.review_case import ReviewCase


def decide_enterprise(
    case: ReviewCase, ubn: str, approved: bool, reason: str
) -> Sequence[s.EnterpriseDecided]:
    """The committee's verdict on one enterprise; the same verdict again yields no event.

    Raises ReviewNotReady, UnknownEnterprise.
    """
    case_id = case.must_be(state.ACCEPTED, state.SCHEDULED, state.PRESENTED, state.RANKED)
    if case.enterprise(ubn) is None:
        raise UnknownEnterprise(ubn)
    decided = s.EnterpriseDecided(case_id=case_id, ubn=ubn, approved=approved, reason=reason)
    return () if case.enterprise_decisions.get(ubn) == decided else (decided,)


def decide_selection(
    case: ReviewCase, decision: s.SelectionDecided
) -> Sequence[s.SelectionDecided]:
    """Put a ranked proposal into the list, among the reserves, or leave it out.

    Raises ReviewNotReady, OrderMissing, and CountDiffers when number and list disagree.
    """
    case.must_be(state.RANKED)
    listed = len(decision.approved_ubns)
    if decision.outcome != state.NOT_SELECTED and decision.approved_count != listed:
        raise CountDiffers(decision.approved_count, listed)
    if decision.outcome == state.RESERVE and decision.reserve_order is None:
        raise OrderMissing()
    return () if decision == case.decision else (decision,)


def shared_enterprises(chosen: Sequence[ReviewCase]) -> Mapping[UUID, tuple[str, ...]]:
    """Which enterprises each selected proposal gives up: of two that list the same one, the one
    submitted first keeps it (CP-ELIG-19). A named method, see README."""
    taken: set[str] = set()
    given_up: dict[UUID, tuple[str, ...]] = {}
    for case in sorted(chosen, key=lambda one: (one.submitted_at(), one.number)):
        listed = case.decision.approved_ubns if case.decision else ()
        given_up[case.filed.case_id] = tuple(ubn for ubn in listed if ubn in taken)
        taken.update(listed)
    return given_up


def tier_for(track: Mapping[str, Any], count: int) -> tuple[str, int]:
    """(tier, cap in NT$) of a number of enterprises by the pack's section of the track;
    ("", 0) below the smallest tier."""
    for tier in track["tiers"]:
        if count >= tier["from"] and (tier["to"] is None or count <= tier["to"]):
            return tier["id"], tier["cap_twd"]
    return "", 0


def select(
    case: ReviewCase, given_up: Sequence[str], tier: str, cap_twd: int, announced_on: date
) -> Sequence[s.ProposalSelected]:
    """The approved version of a proposal in the list, or of a reserve that is called up.

    Raises ReviewNotReady.
    """
    case_id = case.must_be(state.RANKED, state.RESERVE)
    file, decision = case.filed, case.decided
    kept = [ubn for ubn in decision.approved_ubns if ubn not in set(given_up)]
    enterprises = tuple(row for row in case.dossier.enterprises if row["ubn"] in set(kept))
    return (
        s.ProposalSelected(
            case_id=case_id,
            case_number=case.number,
            call_id=file.call_id,
            programme_id=file.programme_id,
            pack_digest=file.pack_digest,
            applicant_ubn=file.applicant_ubn,
            applicant_name=file.applicant_name,
            track=file.track,
            tier=tier,
            cap_twd=cap_twd,
            approved_count=len(kept),
            approved_twd=decision.approved_twd,
            enterprises=enterprises,
            letters=tuple(ubn for ubn in case.letters if ubn in set(kept)),
            conditions=decision.conditions,
            forms=case.dossier.forms,
            announced_on=announced_on,
        ),
    )


def leave_out(case: ReviewCase, reason: str) -> Sequence[s.ProposalNotSelected]:
    """Not in the list; a reserve keeps its order. Raises ReviewNotReady."""
    decision = case.decision
    return (
        s.ProposalNotSelected(
            case_id=case.must_be(state.RANKED),
            case_number=case.number,
            rank=case.standing.rank if case.standing else None,
            reason=reason,
            reserve_order=decision.reserve_order if decision else None,
        ),
    )


def give_notice(case: ReviewCase, notice: s.RevocationNotified) -> Sequence[s.RevocationNotified]:
    """Notice before a revocation; about the same finding again yields no event.

    Raises ReviewNotReady.
    """
    case.must_be(state.SELECTED, state.LAPSED)
    if case.notice is not None and case.notice.finding == notice.finding:
        return ()
    return (notice,)


def answer_notice(case: ReviewCase, text: str, on: date) -> Sequence[s.RevocationAnswered]:
    """The applicant is heard; a second answer yields no event.

    Raises ReviewNotReady, NoNoticeYet.
    """
    case_id = case.must_be(state.SELECTED, state.LAPSED)
    if case.notice is None:
        raise NoNoticeYet(case.number)
    if case.heard:
        return ()
    late = on > case.notice.answer_by
    return (s.RevocationAnswered(case_id=case_id, text=text, late=late),)


def revoke(case: ReviewCase, finding: str, reason: str) -> Sequence[s.SelectionRevoked]:
    """Take a selection back, once. Raises ReviewNotReady."""
    if case.state == state.REVOKED:
        return ()
    return (
        s.SelectionRevoked(
            case_id=case.must_be(state.SELECTED, state.LAPSED),
            case_number=case.number,
            reason=reason,
            finding=finding,
        ),
    )


def note_lapse(case: ReviewCase, reason: str) -> Sequence[s.SelectionLapsed]:
    """The signing window passed; anything but a selected proposal yields no event."""
    if case.state != state.SELECTED:
        return ()
    return (s.SelectionLapsed(case_id=case.filed.case_id, reason=reason),)


def must_have_vacancy(case: ReviewCase, same_track: Sequence[ReviewCase]) -> None:
    """A reserve comes in for a lapsed or revoked selection, in order (CP-REV-20).

    Raises ReviewNotReady, NoVacancy.
    """
    case.must_be(state.RESERVE)
    vacant = sum(one.state in (state.LAPSED, state.REVOKED) for one in same_track)
    called_up = sum(one.state != state.RESERVE and _reserve_order(one) > 0 for one in same_track)
    first = min(_reserve_order(one) for one in same_track if one.state == state.RESERVE)
    if vacant <= called_up or _reserve_order(case) != first:
        raise NoVacancy(case.number)


def _reserve_order(case: ReviewCase) -> int:
    return (case.decision.reserve_order or 0) if case.decision else 0


@dataclass(frozen=True, slots=True)
class CallResults:
    """The announcement of one call."""

    announced_on: date | None = None

    def announce(self, results: s.ResultsAnnounced) -> Sequence[s.ResultsAnnounced]:
        """Announce, once. Raises AlreadyAnnounced."""
        self.must_be_open()
        return (results,)

    def must_be_open(self) -> None:
        """Raises AlreadyAnnounced."""
        if self.announced_on is not None:
            raise AlreadyAnnounced()

    def apply(self, event: object) -> CallResults:
        """Fold one fact in."""
        match event:
            case s.ResultsAnnounced():
                return replace(self, announced_on=event.announced_on)
        return self
