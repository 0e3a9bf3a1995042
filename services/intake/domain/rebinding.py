"""May a case be moved to a later version of its pack? What it uses must still be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.intake.domain import proposal as p
from services.intake.domain.errors import CannotRebind
from services.intake.domain.events import CaseRebound

Document = Mapping[str, Any]

ENDED = (p.LAPSED, p.REJECTED)


def rebind(
    proposal: p.Proposal, now: Document, later: Document, digest: str, reason: str
) -> tuple[CaseRebound, ...]:
    """Move a running case; to the version it has already yields no event. Raises CannotRebind."""
    if proposal.id is None:
        raise AssertionError("the case was loaded")
    if later["id"] != proposal.programme_id:
        raise CannotRebind.other_programme(proposal.case_number, later["id"])
    if digest == proposal.pack_digest:
        return ()
    if int(later["version"]) <= int(now["version"]):
        raise CannotRebind.not_later(proposal.case_number, now["version"], later["version"])
    if proposal.ended or proposal.state in ENDED:
        state = "ended" if proposal.ended else proposal.state
        raise CannotRebind.ended(proposal.case_number, state)
    missing = list(_missing(proposal, now, later))
    if missing:
        raise CannotRebind.lacks(proposal.case_number, missing)
    return (
        CaseRebound(
            case_id=proposal.id,
            case_number=proposal.case_number,
            programme_id=proposal.programme_id,
            from_digest=proposal.pack_digest,
            to_digest=digest,
            version=int(later["version"]),
            reason=reason,
        ),
    )


def _missing(proposal: p.Proposal, now: Document, later: Document) -> Iterable[str]:
    """Moments and steps that may still come, the case's track, and the forms it holds."""
    for section in ("moments", "steps"):
        gone = _ids(now, section) - _ids(later, section)
        yield from (f"/{section}/{name}" for name in sorted(gone))
    forms = set(proposal.forms) - set(later.get("forms") or {})
    yield from (f"/forms/{name}" for name in sorted(forms))
    track = proposal.submission.track if proposal.submission else _registered_track(proposal)
    tracks = now.get("tracks") or {}
    if track and track in tracks and track not in (later.get("tracks") or {}):
        yield f"/tracks/{track}"


def _ids(document: Document, section: str) -> set[str]:
    return {str(row["id"]) for row in document.get(section) or ()}


def _registered_track(proposal: p.Proposal) -> str:
    return str((proposal.registration or {}).get("track") or "")
