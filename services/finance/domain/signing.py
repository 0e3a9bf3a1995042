"""The contract file until it is signed: window, plan, reminder, letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.finance.domain import events as e
from services.finance.domain.errors import NotInState, NotYet
from shared.kernel.clock import roc_date_text
from shared.kernel.rebinding import RebindingNoted, rebound

PREPARING, STOPPED, FORFEITED, SIGNED = "preparing", "stopped", "forfeited", "signed"


@dataclass(frozen=True, slots=True)
class SigningFile:
    """Part of the contract: what was selected, and how far the signing is."""

    opened: e.ContractFileOpened | None = None
    state: str = ""
    due_on: date | None = None
    extensions: int = 0
    reminded_on: date | None = None
    overdue: bool = False
    plan: e.ContractPlanSubmitted | None = None
    letters: frozenset[str] = frozenset()
    rebound_to: str | None = None  # the later version of the pack, noted from intake

    def submit_plan(self, plan: e.ContractPlanSubmitted) -> Sequence[object]:
        """Hand in the contract plan; the same plan again yields no event. Raises NotInState."""
        self.must_be_preparing()
        if (
            self.plan is not None
            and replace(plan, submitted_at=self.plan.submitted_at) == self.plan
        ):
            return ()
        return (plan,)

    def extend(self, until: date, reason: str, most: int) -> Sequence[object]:
        """Extend the window at most `most` times (CP-CON-01). Raises NotInState."""
        self.must_be_preparing()
        if self.extensions and self.due_on == until:
            return ()
        if self.extensions >= most:
            raise NotInState(
                f"簽約期限至多展延 {most} 次",
                f"the signing window is extended {most} times at most",
                f"extended {self.extensions}",
            )
        return (e.SigningExtended(case_id=self.file.case_id, until=until, reason=reason),)

    def remind(self, on: date) -> Sequence[object]:
        """The written reminder, once, and only while something is missing."""
        if self.state != PREPARING or self.reminded_on is not None or self.due_on is None:
            return ()
        return (e.SigningReminderSent(case_id=self.file.case_id, sent_on=on, due_on=self.due_on),)

    def close_window(self, on: date) -> Sequence[object]:
        """The day after the window: a task, unless it was extended or signed meanwhile."""
        if self.state != PREPARING or self.overdue or self.due_on is None or on <= self.due_on:
            return ()
        return (e.SigningWindowClosed(case_id=self.file.case_id, due_on=self.due_on),)

    def lapse(self, on: date, reason: str, *, reminded: bool = True) -> Sequence[object]:
        """The selection lapses (CP-CON-03), only after the window and, where the programme wants
        one (`reminded`), a written reminder.

        Raises NotYet before that, NotInState once signed.
        """
        if self.state == FORFEITED:
            return ()
        self.must_be_preparing()
        if self.due_on is not None and on <= self.due_on:
            raise NotYet(
                f"簽約期限至 {roc_date_text(self.due_on)} 止，尚未屆滿",
                f"the signing window runs until {self.due_on.isoformat()}",
            )
        if reminded and self.reminded_on is None:
            raise NotYet("尚未書面催告", "no written reminder was sent yet")
        return (
            e.ContractForfeited(
                case_id=self.file.case_id, case_number=self.file.case_number, reason=reason
            ),
        )

    def stop(self, reason: str) -> Sequence[object]:
        """The selection was revoked before signing; anything but preparing yields no event."""
        if self.state != PREPARING:
            return ()
        return (e.ContractFileStopped(case_id=self.file.case_id, reason=reason),)

    def note_letter(self, ubn: str) -> Sequence[object]:
        """Another letter is on file (CP-LOI-08)."""
        if self.opened is None or ubn in self.letters:
            return ()
        return (e.LetterNoted(case_id=self.file.case_id, ubn=ubn),)

    def must_be_preparing(self) -> None:
        """Raises NotInState."""
        if self.state != PREPARING:
            raise NotInState(
                "僅於簽約準備中可辦理",
                "only while the contract is being prepared",
                self.state or "unknown",
            )

    @property
    def file(self) -> e.ContractFileOpened:
        """What was selected; the file must be open."""
        if self.opened is None:
            raise AssertionError("the contract file is not open")
        return self.opened

    def apply(self, event: object) -> SigningFile:
        """Fold one fact in."""
        match event:
            case e.ContractFileOpened():
                return replace(
                    self,
                    opened=rebound(event, self.rebound_to),
                    state=PREPARING,
                    due_on=event.signing_due_on,
                    letters=frozenset(event.letters),
                )
            case RebindingNoted():
                opened = rebound(self.opened, event.to_digest)
                return replace(self, opened=opened, rebound_to=event.to_digest)
            case e.ContractPlanSubmitted():
                return replace(self, plan=event)
            case e.SigningExtended():
                return replace(
                    self, due_on=event.until, extensions=self.extensions + 1, overdue=False
                )
            case e.SigningReminderSent():
                return replace(self, reminded_on=event.sent_on)
            case e.SigningWindowClosed():
                return replace(self, overdue=True)
            case e.LetterNoted():
                return replace(self, letters=self.letters | {event.ubn})
            case e.ContractFileStopped():
                return replace(self, state=STOPPED)
            case e.ContractForfeited():
                return replace(self, state=FORFEITED)
            case e.ContractSigned():
                return replace(self, state=SIGNED)
        return self
