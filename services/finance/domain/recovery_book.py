"""Recoveries of a contract as folded, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.errors import UnknownPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Folded: what was decided, proposed, demanded and received of one recovery."""

    opened: e.RecoveryOpened
    proposal: e.RecoveryProposed | None = None
    demand: e.RecoveryDemanded | None = None
    received: tuple[e.RecoveryReceived, ...] = ()
    remitted: tuple[e.InterestRemitted, ...] = ()
    written_off_twd: int = 0
    write_off: e.WriteOffProposed | None = None
    overdue: bool = False

    @property
    def outstanding_twd(self) -> int:
        """Demanded and neither received, remitted to the treasury nor written off."""
        demanded = self.demand.amount_twd if self.demand else 0
        back = sum(r.amount_twd for r in self.received) + self.written_off_twd
        direct = sum(r.amount_twd - r.accrued_twd for r in self.remitted if r.route == e.DIRECT)
        return demanded - back - direct

    @property
    def undemanded_twd(self) -> int:
        """Decided and not yet demanded, nor remitted without a demand."""
        if self.demand is not None:
            return 0
        return self.opened.amount_twd - sum(r.accrued_twd for r in self.remitted)

    @property
    def with_us_twd(self) -> int:
        """Interest received and not yet passed on to the treasury."""
        passed_on = sum(r.amount_twd for r in self.remitted if r.route == e.OFFICE)
        return sum(r.amount_twd for r in self.received) - passed_on

    @property
    def open(self) -> bool:
        """Something is still to be demanded or outstanding."""
        return self.undemanded_twd > 0 or self.outstanding_twd > 0

    def owes_subsidy(self, party_ubn: str | None) -> bool:
        """It is about paid subsidy, of that party (None: of anyone)."""
        whose = party_ubn is None or self.opened.party_ubn in (None, party_ubn)
        return self.opened.kind == e.SUBSIDY and whose


@dataclass(frozen=True, slots=True)
class RecoveryBook:
    """Part of the contract: its recoveries by id."""

    by_id: Mapping[UUID, Recovery] = field(default_factory=dict)

    def get(self, recovery_id: UUID) -> Recovery:
        """Raises UnknownPart."""
        if recovery_id not in self.by_id:
            raise UnknownPart("追回案", "recovery", recovery_id, field="recovery_id")
        return self.by_id[recovery_id]

    @property
    def any_open(self) -> bool:
        """The contract is not settled while this is true."""
        return any(recovery.open for recovery in self.by_id.values())

    @property
    def stopping(self) -> bool:
        """Payments are stopped while paid subsidy is to come back. Interest, penalties and costs
        are never netted with an instalment: they hold up the settlement only."""
        return any(r.open and r.opened.kind == e.SUBSIDY for r in self.by_id.values())

    def demanded_twd(self, party_ubn: str | None = None) -> int:
        """Subsidy demanded so far, whatever came of it; of one party, or of all."""
        return sum(
            r.demand.amount_twd
            for r in self.by_id.values()
            if r.demand and r.owes_subsidy(party_ubn)
        )

    @property
    def received_twd(self) -> int:
        """Received so far."""
        return sum(m.amount_twd for r in self.by_id.values() for m in r.received)

    def apply(self, event: object) -> Self:
        """Fold one fact in."""
        match event:
            case e.RecoveryOpened():
                return replace(
                    self, by_id={**self.by_id, event.recovery_id: Recovery(opened=event)}
                )
            case e.RecoveryProposed():
                return self._with(event.recovery_id, proposal=event)
            case e.RecoveryDemanded():
                return self._with(event.recovery_id, demand=event)
            case e.RecoveryReceived():
                received = (*self.by_id[event.recovery_id].received, event)
                return self._with(event.recovery_id, received=received)
            case e.InterestRemitted():
                remitted = (*self.by_id[event.recovery_id].remitted, event)
                return self._with(event.recovery_id, remitted=remitted)
            case e.RecoveryOverdue():
                return self._with(event.recovery_id, overdue=True)
            case e.WriteOffProposed():
                return self._with(event.recovery_id, write_off=event)
            case e.RecoveryWrittenOff():
                return self._with(event.recovery_id, written_off_twd=event.amount_twd)
        return self

    def _with(self, recovery_id: UUID, **changes: Any) -> Self:
        changed = replace(self.by_id[recovery_id], **changes)
        return replace(self, by_id={**self.by_id, recovery_id: changed})
