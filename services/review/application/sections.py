"""What the pack says of a track and of a row of the roster; neutral where it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.review.application.ports import ReviewPorts
from services.review.domain.review_case import ReviewCase


def track_of(ports: ReviewPorts, case: ReviewCase) -> Mapping[str, Any]:
    """The pack's section of the case's track; without a smallest number and tiers where the
    programme has no tracks."""
    tracks = ports.packs.document(case.filed.pack_digest).get("tracks") or {}
    found: Mapping[str, Any] = tracks.get(case.filed.track) or {"minimum": 0, "tiers": []}
    return found


def enterprise(ports: ReviewPorts, case: ReviewCase, row: Mapping[str, Any]) -> dict[str, Any]:
    """{ubn, name, employees, group} of a row of the approved list."""
    document = ports.packs.document(case.filed.pack_digest)
    section = (document.get("review") or {}).get("roster") or {}
    place = "/".join(str(row.get(name) or "") for name in section.get("place") or ())
    return {
        "ubn": row["ubn"],
        "name": row.get(section.get("name", "")),
        "employees": row.get(section.get("employees", "")) or 0,
        "group": document.get("township_groups", {}).get(place),
    }
