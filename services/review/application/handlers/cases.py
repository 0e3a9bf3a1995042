"""The files that other services' events open and close."""

from __future__ import annotations

from services.review.application import facts
from services.review.application import reactions as c
from services.review.application.handlers import steps
from services.review.application.handlers.loading import append, load
from services.review.application.ports import ReviewPorts
from services.review.domain import meeting, selection
from services.review.domain.events.review import ReviewFileOpened, ReviewOpened
from services.review.domain.review_case import ReviewCase


def open_review_file(command: c.OpenReviewFile, ports: ReviewPorts) -> None:
    """A proposal was submitted: keep its file, ordered by the instant of submission."""
    case, version = ports.streams.load(ReviewCase, "review", command.case_id)
    opened = ReviewFileOpened(
        case_id=command.case_id,
        case_number=command.case_number,
        call_id=command.call_id,
        programme_id=command.programme_id,
        pack_digest=command.pack_digest,
        applicant_ubn=command.applicant_ubn,
        applicant_name=command.applicant_name,
        track=command.track,
        enterprise_count=command.enterprise_count,
        requested_twd=command.requested_twd,
        submitted_at=command.submitted_at,
    )
    events = meeting.open_file(case, opened)
    append(ports, command, command.case_id, version, events)
    if events:
        steps.plan(ports, command, command.case_id)


def close_review_file(command: c.CloseReviewFile, ports: ReviewPorts) -> None:
    """Not accepted at screening."""
    case, version = load(ports, command.case_id)
    events = meeting.close_file(case, command.reasons)
    append(ports, command, command.case_id, version, events)


def open_review(command: c.OpenReview, ports: ReviewPorts) -> None:
    """Eligible: the dossier of the committee, with the tasks that the rules open for it."""
    case, version = load(ports, command.case_id)
    evaluation = ports.rules.evaluate(
        case.filed.pack_digest,
        "open-review",
        facts.opening(ports, case, command, command.enterprises),
    )
    tasks = [
        {"rule": f.rule, "clause": f.clause, "message": dict(f.message), "subject": dict(f.subject)}
        for f in evaluation.of("manual")
    ]
    opened = ReviewOpened(
        case_id=command.case_id,
        tier=command.tier,
        cap_twd=command.cap_twd,
        requested_twd=command.requested_twd,
        enterprises=command.enterprises,
        letters=command.letters,
        participant_ubns=command.participant_ubns,
        tasks=(*command.tasks, *tasks),
        forms=command.forms,
        screened_by=command.screened_by,
    )
    events = meeting.open_review(case, opened)
    append(ports, command, command.case_id, version, events, evaluation.decision())


def note_letter(command: c.NoteLetter, ports: ReviewPorts) -> None:
    """A letter of intent came in or was verified."""
    case, version = load(ports, command.case_id)
    events = meeting.note_letter(case, command.ubn, command.verified, command.after_grace)
    append(ports, command, command.case_id, version, events)


def note_lapse(command: c.NoteLapse, ports: ReviewPorts) -> None:
    """finance: the signing window passed, the place is free."""
    case, version = ports.streams.load(ReviewCase, "review", command.case_id)
    events = selection.note_lapse(case, command.reason)
    append(ports, command, command.case_id, version, events)
