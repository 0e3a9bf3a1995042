"""Domain event to public event of review: what shared.contracts.review promises, no more."""

from __future__ import annotations

from shared.bus.publication import Publication

publish = Publication(
    "review", left_out={"SelectionRevoked": ("finding",), "ScoreRecorded": ("answers",)}
)
"""recorded event -> (short name, data) of a public event, or None for a private one."""
