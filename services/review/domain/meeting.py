"""Decisions on a review up to the presentation: its file, the meeting, attendance, absence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.review.domain import review_case as state
from services.review.domain.errors import MeetingNotBegun, SlotMissing
from services.review.domain.events import review as r
from services.review.domain.review_case import ReviewCase
from shared.kernel.envelope import Personal

NEW_SLOT, DELEGATE = "new-slot", "delegate"


def open_file(case: ReviewCase, opened: r.ReviewFileOpened) -> Sequence[r.ReviewFileOpened]:
    """A proposal was submitted; the same file again yields no event."""
    return () if case.file is not None else (opened,)


def close_file(case: ReviewCase, reasons: tuple[str, ...]) -> Sequence[r.ReviewFileClosed]:
    """Not accepted at screening; a file that is already closed yields no event."""
    if case.state == state.NOT_ACCEPTED:
        return ()
    return (r.ReviewFileClosed(case_id=case.must_be(state.FILED), reasons=reasons),)


def open_review(case: ReviewCase, opened: r.ReviewOpened) -> Sequence[r.ReviewOpened]:
    """The screening passed; a review already open yields no event. Raises ReviewNotReady."""
    if case.opened is not None:
        return ()
    case.must_be(state.FILED)
    return (opened,)


def note_letter(
    case: ReviewCase, ubn: str, verified: bool, after_grace: bool
) -> Sequence[r.LetterNoted]:
    """Keep what intake says of a letter; no change yields no event."""
    if verified == (ubn in case.letters):
        return ()
    return (
        r.LetterNoted(
            case_id=case.filed.case_id, ubn=ubn, verified=verified, after_grace=after_grace
        ),
    )


def notify_meeting(
    case: ReviewCase, slot_at: datetime, mode: str, place: str
) -> Sequence[r.MeetingNotified]:
    """Set or move the slot; the same slot again yields no event. Raises ReviewNotReady."""
    notified = r.MeetingNotified(
        case_id=case.must_be(state.ACCEPTED, state.SCHEDULED),
        slot_at=slot_at,
        mode=mode,
        place=place,
        delegate_allowed=bool(case.meeting and case.meeting.delegate_allowed),
    )
    return () if notified == case.meeting else (notified,)


def must_have_begun(case: ReviewCase, at: datetime) -> r.MeetingNotified:
    """The meeting, once its slot has come. Raises ReviewNotReady, MeetingNotBegun."""
    case.must_be(state.SCHEDULED)
    if case.meeting is None or at < case.meeting.slot_at:
        raise MeetingNotBegun(case.number)
    return case.meeting


def record_presentation(
    case: ReviewCase, mode: str, identity_checked: bool, by_delegate: bool
) -> Sequence[r.PresentationGiven]:
    """The presentation was given. Raises ReviewNotReady."""
    return (
        r.PresentationGiven(
            case_id=case.must_be(state.SCHEDULED),
            mode=mode,
            identity_checked=identity_checked,
            by_delegate=by_delegate,
        ),
    )


def record_absence(
    case: ReviewCase, stated_reason: Personal | None, delegate_came: bool
) -> Sequence[r.AbsenceRecorded]:
    """The project manager was absent: an officer decides about the reason (CP-REV-07)."""
    return (
        r.AbsenceRecorded(
            case_id=case.must_be(state.SCHEDULED),
            stated_reason=stated_reason,
            delegate_came=delegate_came,
        ),
    )


def excuse_absence(
    case: ReviewCase, reason: str, remedy: str, consent: str | None, slot_at: datetime | None
) -> Sequence[r.AbsenceExcused | r.MeetingNotified]:
    """A good reason: another slot, at which a delegate may come when consent is on file.

    Raises ReviewNotReady, SlotMissing.
    """
    case_id = case.must_be(state.ABSENT)
    if slot_at is None:
        raise SlotMissing()
    earlier = case.meeting
    return (
        r.AbsenceExcused(case_id=case_id, reason=reason, remedy=remedy, consent=consent),
        r.MeetingNotified(
            case_id=case_id,
            slot_at=slot_at,
            mode=earlier.mode if earlier else "on-site",
            place=earlier.place if earlier else "",
            delegate_allowed=remedy == DELEGATE,
        ),
    )


def forfeit(case: ReviewCase, reason: str) -> Sequence[r.ProposalForfeited]:
    """Absent without good reason: waived (視為棄權). Raises ReviewNotReady."""
    if case.state == state.FORFEITED:
        return ()
    return (
        r.ProposalForfeited(
            case_id=case.must_be(state.ABSENT), case_number=case.number, reason=reason
        ),
    )
