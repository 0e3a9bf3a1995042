"""Builders of what ends a contract: abandonment, hearing, sanction, recovery."""

from __future__ import annotations

from datetime import date

from services.finance.domain import ending
from services.finance.domain import events as e
from tests.support.finance_events import (
    CASE,
    NUMBER,
    PAID_FIRST,
    finding_opened,
    named,
    notice_given,
)

ANSWER_BY = date(2023, 10, 13)
HEARD = (*PAID_FIRST, finding_opened(), notice_given())


def declared(**changes) -> e.AbandonmentDeclared:
    values = {
        "case_id": CASE,
        "reason": "…",
        "force_majeure_claimed": False,
        "proofs": (),
        "declared_on": date(2023, 9, 1),
    }
    return e.AbandonmentDeclared(**{**values, **changes})


def decided(**changes) -> e.SanctionDecided:
    values = {
        "case_id": CASE,
        "finding_id": named("finding"),
        "effect": "terminate",
        "recover_twd": 525_000,
        "bar": False,
        "force_majeure": False,
        "damages_reserved": False,
        "facts": "未執行",
        "rules": ("CP-SAN-02",),
        "remedy": "復查",
        "decided_on": date(2023, 10, 16),
    }
    return e.SanctionDecided(**{**values, **changes})


def measures(on: date = date(2023, 10, 16)) -> ending.Measures:
    return ending.Measures(
        finding_id=named("finding"),
        recovery_id=named("recovery"),
        bar_id=named("bar"),
        decided_on=on,
        bar_until=date(2025, 10, 16),
    )


def opened_recovery(amount_twd: int = 525_000) -> e.RecoveryOpened:
    return e.RecoveryOpened(
        case_id=CASE, recovery_id=named("recovery"), amount_twd=amount_twd, reason="…"
    )


def proposed(amount_twd: int = 525_000) -> e.RecoveryProposed:
    return e.RecoveryProposed(
        case_id=CASE,
        recovery_id=named("recovery"),
        amount_twd=amount_twd,
        due_on=date(2023, 11, 16),
        account="004-9",
        digest="f" * 64,
        maker="mia",
    )


def demanded() -> e.RecoveryDemanded:
    return e.RecoveryDemanded(
        case_id=CASE,
        case_number=NUMBER,
        recovery_id=named("recovery"),
        amount_twd=525_000,
        due_on=date(2023, 11, 16),
        reason="…",
        account="004-9",
        checker="carl",
        demanded_on=date(2023, 10, 18),
    )


DEMANDED = (*PAID_FIRST, opened_recovery(), proposed(), demanded())
