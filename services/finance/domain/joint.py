"""Joint liability (連帶責任): the other parties of a contract owe what one of them fails to pay.

Named method `joint-debtors`: every other party, less those released, each for the whole of what is
outstanding; there is one recovery, and what comes back counts once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.errors import NotInState, UnknownPart
from services.finance.domain.recovery_book import Recovery


@dataclass(frozen=True, slots=True)
class JointClaims:
    """Part of the contract: its joint claims by recovery."""

    claims: Mapping[UUID, e.JointClaimOpened] = field(default_factory=dict)
    released: Mapping[UUID, frozenset[str]] = field(default_factory=dict)

    def open(
        self, recovery: Recovery, party_ubns: Sequence[str], reason: str, on: date
    ) -> Sequence[object]:
        """Hold the others liable; once per recovery. Raises NotInState."""
        opened = recovery.opened
        if opened.recovery_id in self.claims:
            return ()
        others = tuple(ubn for ubn in party_ubns if ubn != opened.party_ubn)
        if opened.party_ubn is None or not others:
            raise NotInState("本案無其他共同單位", "the case has no other parties", "single")
        if recovery.outstanding_twd <= 0:
            raise NotInState("無未繳還金額", "nothing demanded is outstanding", "received")
        return (
            e.JointClaimOpened(
                case_id=opened.case_id,
                recovery_id=opened.recovery_id,
                failing_ubn=opened.party_ubn,
                debtors=others,
                outstanding_twd=recovery.outstanding_twd,
                reason=reason,
                opened_on=on,
            ),
        )

    def release(
        self, recovery_id: UUID, ubn: str, consent_no: str, consent_on: date
    ) -> Sequence[object]:
        """Release one debtor; again yields no event. Raises UnknownPart."""
        claim = self.claims.get(recovery_id)
        if claim is None:
            raise UnknownPart("連帶求償", "joint claim", recovery_id, field="recovery_id")
        if ubn not in claim.debtors:
            raise UnknownPart("連帶債務人", "joint debtor", ubn, field="ubn")
        if ubn in self.released.get(recovery_id, frozenset()):
            return ()
        return (
            e.JointDebtorReleased(
                case_id=claim.case_id,
                recovery_id=recovery_id,
                ubn=ubn,
                consent_no=consent_no,
                consent_on=consent_on,
            ),
        )

    def owed(self, recovery: Recovery) -> dict[str, int]:
        """What each joint debtor owes now (NT$): the whole of what is outstanding."""
        claim = self.claims.get(recovery.opened.recovery_id)
        released = self.released.get(recovery.opened.recovery_id, frozenset())
        debtors = claim.debtors if claim else ()
        return {ubn: recovery.outstanding_twd for ubn in debtors if ubn not in released}

    def apply(self, event: object) -> JointClaims:
        """Fold one fact in."""
        match event:
            case e.JointClaimOpened():
                return replace(self, claims={**self.claims, event.recovery_id: event})
            case e.JointDebtorReleased():
                known = self.released.get(event.recovery_id, frozenset())
                released = {**self.released, event.recovery_id: known | {event.ubn}}
                return replace(self, released=released)
        return self
