"""Loading and appending a review, the same way in every handler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.review.application.ports import ReviewPorts
from services.review.domain.errors import UnknownReview
from services.review.domain.panel import Panel, panel_id
from services.review.domain.review_case import ReviewCase
from shared.kernel.decisions import Decision, Evaluation
from shared.kernel.envelope import Command
from shared.kernel.separations import acts_of, must_be_separate, pairs_of


def load(ports: ReviewPorts, case_id: UUID) -> tuple[ReviewCase, int]:
    """The review of a case. Raises UnknownReview."""
    case, version = ports.streams.load(ReviewCase, "review", case_id)
    if case.file is None:
        raise UnknownReview(case_id)
    return case, version


def load_panel(ports: ReviewPorts, call_id: UUID, track: str) -> tuple[Panel, int]:
    """The panel of one track, empty when nobody was appointed."""
    return ports.streams.load(Panel, "panel", panel_id(call_id, track))


def append(
    ports: ReviewPorts,
    command: Command,
    case_id: UUID,
    version: int,
    events: Sequence[object],
    decision: Decision | None = None,
) -> None:
    """Append to the review of a case. Raises DutiesSeparated when the pack wants another
    person for this."""
    if events:
        _must_be_separate(ports, command, case_id, events)
    ports.streams.append(
        "review",
        case_id,
        events,
        expected_version=version,
        caused_by=command,
        case=case_id,
        decision=decision,
    )


def warnings(evaluation: Evaluation) -> list[dict[str, Any]]:
    """What spoke without refusing: for the officer who gave the command."""
    return [finding.as_dict() for finding in evaluation.findings]


def _must_be_separate(
    ports: ReviewPorts, command: Command, case_id: UUID, events: Sequence[object]
) -> None:
    case, _ = ports.streams.load(ReviewCase, "review", case_id)
    if case.file is None:
        return
    document = ports.packs.document(case.file.pack_digest)
    if pairs := pairs_of(document, command):
        acts = acts_of("review", ports.streams.history("review", case_id))
        must_be_separate(pairs, command.actor.id, acts, events)
