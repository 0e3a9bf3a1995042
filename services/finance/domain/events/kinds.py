"""What is owed, and how interest reaches the treasury: the words that events use."""

from __future__ import annotations

SUBSIDY, INTEREST, PENALTY, COSTS = "subsidy", "interest", "penalty", "costs"
KINDS = (SUBSIDY, INTEREST, PENALTY, COSTS)
"""What is owed: subsidy that was paid, interest for the treasury, a penalty, costs."""
DIRECT, OFFICE = "direct", "office"
"""How interest reaches the treasury: remitted by the grantee itself, or passed on by the office."""
