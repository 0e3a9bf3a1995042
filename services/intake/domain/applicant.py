"""An organisation that may propose (提案單位), and the register of bars kept per 統一編號."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.intake.domain.events import ApplicantRegistered, BarRegistered, BarRemoved
from shared.kernel.business_number import is_valid_ubn
from shared.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Applicant:
    """Stream `applicant-<統一編號>`."""

    ubn: str | None = None
    name: str = ""

    def register(
        self, ubn: str, name: str, contact: Mapping[str, Any]
    ) -> Sequence[ApplicantRegistered]:
        """Register once; the same name again yields no event. Raises InvalidInput for a number
        with a wrong check sum (CP-ELIG-31)."""
        if not is_valid_ubn(ubn):
            raise InvalidInput(
                f"統一編號 {ubn} 檢查碼不符",
                f"business number {ubn} fails its check sum",
                field="ubn",
            )
        if self.ubn is not None and self.name == name:
            return ()
        return (ApplicantRegistered(ubn=ubn, name=name, contact=contact),)

    def apply(self, event: object) -> Applicant:
        """Fold one fact in."""
        match event:
            case ApplicantRegistered():
                return replace(self, ubn=event.ubn, name=event.name)
        return self


@dataclass(frozen=True, slots=True)
class BarRegister:
    """Stream `bar-<統一編號>`: the bars of one legal person, decided by finance."""

    bars: tuple[BarRegistered, ...] = ()

    def register(
        self,
        bar_id: UUID,
        ubn: str,
        programme_id: str,
        decided_on: date,
        until: date,
        reason: str,
        years_roc: tuple[int, ...] = (),
    ) -> Sequence[BarRegistered]:
        """Note a bar; the same bar again yields no event."""
        if any(bar.bar_id == bar_id for bar in self.bars):
            return ()
        return (
            BarRegistered(
                bar_id=bar_id,
                ubn=ubn,
                programme_id=programme_id,
                decided_on=decided_on,
                until=until,
                reason=reason,
                years_roc=years_roc,
            ),
        )

    def lift(self, bar_id: UUID, ubn: str, reason: str) -> Sequence[BarRemoved]:
        """Note that a bar was lifted; unknown or lifted bars yield no event."""
        if all(bar.bar_id != bar_id for bar in self.bars):
            return ()
        return (BarRemoved(bar_id=bar_id, ubn=ubn, reason=reason),)

    def apply(self, event: object) -> BarRegister:
        """Fold one fact in."""
        match event:
            case BarRegistered():
                return replace(self, bars=(*self.bars, event))
            case BarRemoved():
                return replace(
                    self, bars=tuple(bar for bar in self.bars if bar.bar_id != event.bar_id)
                )
        return self
