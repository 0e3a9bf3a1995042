"""Compliance alerts of a case: raised once per cause, cleared by the fulfilling fact, by an
officer, or as moot when the contract ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.monitoring.domain.errors import UnknownItem
from services.monitoring.domain.events import ComplianceAlertCleared, ComplianceAlertRaised
from shared.kernel.ids import derived_id

Cause = tuple[str, str | None, str | None]
"""(kind, obligation, about): at most one open alert per cause."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """Open alerts by id, and how often each cause was raised."""

    open: Mapping[UUID, ComplianceAlertRaised] = field(default_factory=dict)
    times: Mapping[Cause, int] = field(default_factory=dict)

    def raise_(
        self,
        case_id: UUID,
        case_number: str,
        kind: str,
        text: Mapping[str, str],
        obligation: str | None = None,
        about: str | None = None,
    ) -> tuple[ComplianceAlertRaised, ...]:
        """Raise an alert; while one of the same cause is open, no event."""
        cause = (kind, obligation, about)
        if self.find(*cause) is not None:
            return ()
        count = self.times.get(cause, 0) + 1
        return (
            ComplianceAlertRaised(
                case_id=case_id,
                case_number=case_number,
                alert_id=derived_id(case_id, "alert", *cause, count),
                kind=kind,
                obligation=obligation,
                about=about,
                text=text,
            ),
        )

    def find(
        self, kind: str, obligation: str | None = None, about: str | None = None
    ) -> ComplianceAlertRaised | None:
        """The open alert of a cause."""
        return next(
            (
                alert
                for alert in self.open.values()
                if (alert.kind, alert.obligation, alert.about) == (kind, obligation, about)
            ),
            None,
        )

    def clear(self, alert_id: UUID, reason: str) -> tuple[ComplianceAlertCleared, ...]:
        """Clear an open alert. Raises UnknownItem when no open alert has this id."""
        alert = self.open.get(alert_id)
        if alert is None:
            raise UnknownItem("未解除的示警", "open alert of that id", "alert_id")
        return (cleared(alert, reason),)

    def clear_all(self, reason: str) -> tuple[ComplianceAlertCleared, ...]:
        """Clear everything that is open."""
        return tuple(cleared(alert, reason) for alert in self.open.values())

    def apply(self, event: object) -> Alerts:
        """Fold one fact in."""
        match event:
            case ComplianceAlertRaised():
                cause = (event.kind, event.obligation, event.about)
                return replace(
                    self,
                    open={**self.open, event.alert_id: event},
                    times={**self.times, cause: self.times.get(cause, 0) + 1},
                )
            case ComplianceAlertCleared():
                rest = {id: alert for id, alert in self.open.items() if id != event.alert_id}
                return replace(self, open=rest)
        return self


def cleared(alert: ComplianceAlertRaised, reason: str) -> ComplianceAlertCleared:
    """The event that ends an alert."""
    return ComplianceAlertCleared(
        case_id=alert.case_id,
        case_number=alert.case_number,
        alert_id=alert.alert_id,
        kind=alert.kind,
        reason=reason,
    )
