"""Vectors about what CEL cannot fold: the split of vouchers and joint liability, run against the
domain with the pack's own figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.finance.domain import events as e
from services.finance.domain.errors import NotInState, UnknownPart
from services.finance.domain.joint import JointClaims
from services.finance.domain.recovery_book import Recovery
from services.finance.domain.shares import Accepted, LineBudget, Ratio, split_by_ratio
from shared.programmes.location import programme_folder
from shared.programmes.vectors import Vector, read_vectors

VECTORS = [
    vector
    for vector in read_vectors(programme_folder("siir-113-2"))
    if vector.place.startswith("vectors/finance-methods")
]
CASE, RECOVERY = UUID(int=1), UUID(int=2)
ON = date(2025, 5, 2)


class Run:
    """The steps of one vector."""

    def __init__(self) -> None:
        self.claims = JointClaims()
        self.recovery: Recovery | None = None

    def step(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """What came of it, with the keys that a vector may name."""
        try:
            found: dict[str, Any] = getattr(self, step["do"])(step)
        except (NotInState, UnknownPart):
            return {"expect": "refused"}
        return {"expect": "ok", **found}

    def SplitByRatio(self, step: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        budget = {line: LineBudget(years=(Ratio(*r),)) for line, r in step["budget"].items()}
        accepted = [
            Accepted(voucher_id=str(n), line=line, year=0, month="2024-08", net_twd=net)
            for n, (line, net) in enumerate(step["vouchers"])
        ]
        return {"government_twd": list(split_by_ratio(accepted, budget).values())}

    def OpenJointClaim(self, step: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        owed, back = step["outstanding_twd"], step.get("received_twd", 0)
        self.recovery = _recovery(step["failing"], owed, back)
        parties = step.get("parties", ["A", "B", "C"])
        for event in self.claims.open(self.recovery, parties, "not performed", ON):
            self.claims = self.claims.apply(event)
        return {"debtors": self.claims.owed(self.recovery)}

    def ReleaseJointDebtor(self, step: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        assert self.recovery is not None
        for event in self.claims.release(RECOVERY, step["ubn"], step["consent_no"], ON):
            self.claims = self.claims.apply(event)
        return {"debtors": self.claims.owed(self.recovery)}


def _recovery(failing: str, owed_twd: int, back_twd: int) -> Recovery:
    opened = e.RecoveryOpened(
        case_id=CASE, recovery_id=RECOVERY, amount_twd=owed_twd, reason="-", party_ubn=failing
    )
    demand = e.RecoveryDemanded(
        case_id=CASE,
        case_number="SI113-0001",
        recovery_id=RECOVERY,
        amount_twd=owed_twd,
        due_on=ON,
        reason="-",
        account="004-1",
        checker="carl",
        demanded_on=ON,
    )
    received = e.RecoveryReceived(
        case_id=CASE,
        case_number="SI113-0001",
        recovery_id=RECOVERY,
        amount_twd=back_twd,
        outstanding_twd=owed_twd - back_twd,
        received_on=ON,
        bank_reference="B-1",
    )
    return Recovery(opened=opened, demand=demand, received=(received,) if back_twd else ())


@pytest.mark.parametrize("vector", VECTORS, ids=[vector.id for vector in VECTORS])
def test_the_method_gives_what_the_catalogue_says(vector: Vector) -> None:
    run = Run()
    for number, step in enumerate(vector.commands, start=1):
        found = run.step(step)
        assert found == {key: step[key] for key in found}, f"{vector.id}, step {number}"


def test_there_are_vectors_to_run() -> None:
    assert len(VECTORS) == 11
