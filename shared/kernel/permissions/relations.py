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
Grants = Mapping[str, tuple[Grant, ...]]
"""Command name -> its grants."""
