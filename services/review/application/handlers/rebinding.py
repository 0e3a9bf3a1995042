"""A case was moved to a later version of its pack."""

from __future__ import annotations

from services.review.application.ports import ReviewPorts
from services.review.application.rebinding_commands import NoteReviewRebinding
from services.review.domain.review_case import ReviewCase
from shared.kernel.rebinding import note


def note_review_rebinding(command: NoteReviewRebinding, ports: ReviewPorts) -> None:
    """Decide by the later version from here on."""
    note(command, ports, ReviewCase, "review")
