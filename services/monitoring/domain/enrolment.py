"""Who is counselled and which letters are on file: changes by plan change, the 50 % base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.monitoring.domain import events as e


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Enterprises by 統一編號 (rows of the approved list), letters, and the letter base P."""

    enterprises: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    at_signing: frozenset[str] = frozenset()
    base: frozenset[str] | None = None
    letters: frozenset[str] = frozenset()

    def on_file(self) -> tuple[str, ...]:
        """Enterprises of the list with a letter, sorted."""
        return tuple(sorted(self.letters.intersection(self.enterprises)))

    def letter_base(self) -> frozenset[str]:
        """P: the letters that were there when the grace window closed."""
        return self.base if self.base is not None else self.letters

    def removed_from_base(self, removed: tuple[str, ...], added: tuple[str, ...]) -> int:
        """x after a change: how many enterprises of P that stood in the signed list would no
        longer stand in it. One that comes back is no longer counted."""
        after = (set(self.enterprises) - set(removed)) | set(added)
        return len((self.letter_base() & self.at_signing) - after)

    def apply(self, event: object) -> Enrolment:
        """Fold one fact in."""
        match event:
            case e.LetterBaseNoted():
                base = frozenset(event.base)
                return replace(self, base=base, letters=self.letters | base)
            case e.LetterNoted():
                kept = self.letters - {event.ubn}
                return replace(self, letters=kept | {event.ubn} if event.on_file else kept)
            case e.MonitoringOpened():
                rows = {row["ubn"]: row for row in event.enterprises}
                return replace(
                    self,
                    enterprises=rows,
                    at_signing=frozenset(rows),
                    letters=self.letters.union(event.letters),
                )
            case e.PlanChangeApproved():
                rows = {
                    ubn: row
                    for ubn, row in self.enterprises.items()
                    if ubn not in event.removed_ubns
                }
                rows.update({row["ubn"]: row for row in event.added})
                return replace(self, enterprises=rows)
        return self
