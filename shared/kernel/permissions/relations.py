"""The closed lists of system roles and relations (architecture.md 1)."""

from __future__ import annotations

from collections.abc import Mapping

ROLES = (
    "applicant",
    "screening_officer",
    "reviewer",
    "chair",
    "programme_officer",
    "finance_maker",
    "finance_checker",
    "auditor",
    "dpo",
    "operator",
    "clock",
)

ANY = "any"
OWN = "own"
UNCONFLICTED = "unconflicted"
NOT_MAKER = "not-the-maker"

Grant = tuple[str, str]
"""(role, relation)."""
STEPS: tuple[Grant, ...] = tuple(
    (role, OWN if role == "applicant" else ANY) for role in ROLES if role != "clock"
)
"""A step's roles, and whose case, are the pack's to say (shared.kernel.steps.taking)."""
Grants = Mapping[str, tuple[Grant, ...]]
"""Command name -> its grants."""
