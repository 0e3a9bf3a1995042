"""Domain event to public event of intake: what shared.contracts.intake promises, no more."""

from __future__ import annotations

from shared.bus.publication import Publication

publish = Publication(
    "intake",
    left_out={
        "ProposalSubmitted": ("enterprise_ubns",),
        "CaseRegistered": ("applicant_name",),
    },
)
"""recorded event -> (short name, data) of a public event, or None for a private one."""
