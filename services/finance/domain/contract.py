"""The contract (契約): stream `contract-<case id>`, from the selection to its settlement.

One stream per case, because what is invariant spans all of it: nothing is paid above the
instalment or the contract, nothing while a recovery or a finding is open, never more recovered
than paid. The parts (signing, payments, recoveries, sanctions) fold the same events and hold the
decisions that concern only themselves; here stand those that concern several, and with them more
than 200 lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.errors import (
    AboveCeiling,
    NotInState,
    PaymentsStopped,
    UnknownContract,
    WrongAmount,
)
from services.finance.domain.instalments import COMMITTED
from services.finance.domain.joint import JointClaims
from services.finance.domain.parties import Party, Shares, parties_of
from services.finance.domain.payments import Payments
from services.finance.domain.recoveries import Recoveries
from services.finance.domain.sanctions import Sanctions
from services.finance.domain.signing import SIGNED, SigningFile

ABANDONED, TERMINATED, RESCINDED = "abandoned", "terminated", "rescinded"
ENDED = (ABANDONED, TERMINATED, RESCINDED)


@dataclass(frozen=True, slots=True)
class Contract:
    """State folded from the stream."""

    signing: SigningFile = field(default_factory=SigningFile)
    payments: Payments = field(default_factory=Payments)
    recoveries: Recoveries = field(default_factory=Recoveries)
    sanctions: Sanctions = field(default_factory=Sanctions)
    joint: JointClaims = field(default_factory=JointClaims)
    signed: e.ContractSigned | None = None
    amount_twd: int = 0
    shares: Shares = field(default_factory=Shares)
    enterprise_count: int = 0  # approved, as changed by approved plan changes
    enterprise_ubns: frozenset[str] = frozenset()
    ended: str = ""
    abandonment: e.AbandonmentDeclared | None = None  # declared and not decided
    closed_on: date | None = None
    settled: bool = False
    changes: frozenset[UUID] = frozenset()  # plan changes that lowered the amount
    list_changes: frozenset[UUID] = frozenset()

    @property
    def state(self) -> str:
        """preparing, stopped, forfeited, signed, abandoned, terminated, rescinded, closed or
        settled; empty when there is no file."""
        if self.settled:
            return "settled"
        if self.ended or self.signing.state != SIGNED:
            return self.ended or self.signing.state
        return "closed" if self.closed_on else SIGNED

    def open(self, opened: e.ContractFileOpened) -> Sequence[object]:
        """Open the file; a second time yields no event."""
        return () if self.signing.opened else (opened,)

    def sign(self, signed: e.ContractSigned) -> Sequence[object]:
        """Sign once (CP-CON-06: amounts are those of the file; CP-FIN-14: instalments add up).

        Raises NotInState, WrongAmount.
        """
        if self.signed is not None:
            return ()
        self.signing.must_be_preparing()
        if self.sanctions.open_kinds:
            raise PaymentsStopped(self.sanctions.open_kinds)
        if signed.amount_twd != self.signing.file.approved_twd:
            raise WrongAmount(
                signed.amount_twd, self.signing.file.approved_twd, "核定金額", "the approved amount"
            )
        total = sum(row["amount_twd"] for row in signed.instalments)
        if total != signed.amount_twd:
            raise WrongAmount(total, signed.amount_twd, "契約金額", "the contract")
        return (signed,)

    def register(self, opened: e.ContractFileOpened, signed: e.ContractSigned) -> Sequence[object]:
        """A case that enters with its contract: file and signature at once; a second time yields
        no event. Raises WrongAmount when the instalments do not add up."""
        if self.signing.opened is not None:
            return ()
        total = sum(row["amount_twd"] for row in signed.instalments)
        if total != signed.amount_twd:
            raise WrongAmount(total, signed.amount_twd, "契約金額", "the contract")
        return (opened, signed)

    def flowing(self) -> Payments:
        """The payments, while nothing stops them (CP-FIN-23). Raises PaymentsStopped."""
        self.must_be_signed()
        if stops := self.stops():
            raise PaymentsStopped(stops)
        return self.payments

    def prepare(self, draft: e.DisbursementPrepared) -> Sequence[object]:
        """The maker's disbursement, within what the contract still holds; see Disbursing."""
        payments = self.flowing()
        if draft.disbursement_id not in payments.disbursements:
            self.must_fit_contract(draft.amount_twd, draft.party_ubn)
        return payments.prepare(draft)

    def confirm(self, paid: e.FundsDisbursed, today: date) -> Sequence[object]:
        """The bank has paid; see Payments. Raises PaymentsStopped, AboveCeiling."""
        if paid.payment_id in self.payments.payments:
            return self.payments.confirm(paid, today)
        self.must_fit_contract(paid.amount_twd, paid.party_ubn)
        return self.flowing().confirm(paid, today)

    def propose_reversal(self, payment_id: UUID, reason: str, maker: str) -> Sequence[object]:
        """A wrong payment. Raises NotInState once its money is demanded back."""
        payment = self.payments.payment(payment_id)
        recoverable_twd = self.recoverable_of(payment.paid.party_ubn)
        if payment.returned is None and payment.paid.amount_twd > recoverable_twd:
            raise NotInState("該款項已發函追回", "the money is demanded back already", self.state)
        return self.payments.propose_reversal(payment_id, reason, maker)

    def must_fit_contract(self, amount_twd: int, party_ubn: str | None = None) -> None:
        """Raises AboveCeiling: paid and not returned never exceeds the contract, nor a party's
        share of it."""
        left = self.amount_twd - self.payments.net_paid_twd
        if party_ubn is not None:
            own = self.shares.twd[party_ubn] - self.payments.net_paid_to(party_ubn)
            left = min(left, own)
        if amount_twd > left:
            raise AboveCeiling(amount_twd, left)

    def stops(self) -> tuple[str, ...]:
        """Why nothing may be paid: kinds of open findings, `recovery`, `abandonment`."""
        stops = list(self.sanctions.open_kinds)
        if self.recoveries.stopping:
            stops.append("recovery")
        if self.abandonment is not None:
            stops.append("abandonment")
        return tuple(stops)

    def make_payable(
        self, passed: e.InstalmentBecamePayable | e.InstalmentAwaitsReview
    ) -> Sequence[object]:
        """A passed checkpoint's instalment becomes payable, or awaits the finance review that sets
        what it pays; a contract that has ended pays nothing more."""
        known = self.payments.instalments.by_no.get(passed.instalment_no)
        if self.ended or known is None or known.state != COMMITTED:
            return ()
        return (replace(passed, amount_twd=known.amount_twd, party_ubn=known.party_ubn),)

    def hold(self, no: int, reason: str) -> Sequence[object]:
        """Hold one instalment; the same reason again yields no event."""
        instalment = self.payments.instalments.by_no.get(no)
        if instalment is None or instalment.final or instalment.held_for == reason:
            return ()
        return (self._held(no, reason),)

    def letters(self, more: frozenset[str] = frozenset()) -> int:
        """How many enterprises in force have a letter on file, counting those in `more`."""
        return len((self.signing.letters | more) & self.enterprise_ubns)

    def open_finding(self, finding: e.FindingOpened) -> Sequence[object]:
        """Open a finding: what is not paid is held until it is decided, and what is not signed is
        not signed before. Raises NotInState."""
        if self.signed is None:
            self.signing.must_be_preparing()
        opened = self.sanctions.open_finding(finding)
        return (*opened, *self._hold_all(finding.kind)) if opened else ()

    def demand(self, proposed: e.RecoveryProposed) -> Sequence[object]:
        """The maker's demand; see Recoveries.propose."""
        opened = self.recoveries.get(proposed.recovery_id).opened
        return self.recoveries.propose(proposed, self.recoverable_of(opened.party_ubn))

    @property
    def recoverable_twd(self) -> int:
        """Paid, not returned, not yet demanded back."""
        return max(0, self.payments.net_paid_twd - self.recoveries.demanded_twd())

    def recoverable_of(self, party_ubn: str | None) -> int:
        """The same of one party; None: of the whole contract."""
        if party_ubn is None:
            return self.recoverable_twd
        own = self.payments.net_paid_to(party_ubn) - self.recoveries.demanded_twd(party_ubn)
        return max(0, min(own, self.recoverable_twd))

    @property
    def parties(self) -> tuple[Party, ...]:
        """The parties with money of their own, the lead first; none: only the applicant."""
        opened = self.signing.opened
        rows = self.signed.parties if self.signed else (opened.parties if opened else ())
        return parties_of(rows)

    @property
    def party_ubns(self) -> tuple[str, ...]:
        """Who acts for this contract: the applicant and every other party."""
        applicant = self.signing.file.applicant_ubn
        return tuple(dict.fromkeys((applicant, *(party.ubn for party in self.parties))))

    def note_closing(self, closed_on: date) -> Sequence[object]:
        """monitoring closed the case; once."""
        if self.signed is None or self.closed_on is not None:
            return ()
        return (e.ClosingNoted(case_id=self.signed.case_id, closed_on=closed_on),)

    def settlement(self) -> Sequence[object]:
        """ContractSettled, once nothing is left to pay, to decide or to recover."""
        if self.signed is None or self.settled or not (self.closed_on or self.ended):
            return ()
        if self.payments.instalments.open() or self.stops() or self.payments.money_out:
            return ()
        if self.recoveries.any_open:
            return ()
        return (
            e.ContractSettled(
                case_id=self.signed.case_id,
                case_number=self.signed.case_number,
                paid_twd=self.payments.net_paid_twd,
                recovered_twd=self.recoveries.received_twd,
            ),
        )

    def must_exist(self) -> None:
        """Raises UnknownContract."""
        if self.signing.opened is None:
            raise UnknownContract("")

    def must_be_signed(self) -> e.ContractSigned:
        """Raises NotInState before the signing."""
        if self.signed is None:
            raise NotInState("尚未簽約", "no contract is signed", self.state)
        return self.signed

    def _held(self, no: int, reason: str) -> e.InstalmentHeld:
        signed = self.must_be_signed()
        return e.InstalmentHeld(
            case_id=signed.case_id,
            case_number=signed.case_number,
            instalment_no=no,
            reason=reason,
        )

    def _hold_all(self, reason: str) -> tuple[object, ...]:
        held = (self.hold(i.no, reason) for i in self.payments.instalments.open())
        return tuple(event for events in held for event in events)

    def apply(self, event: object) -> Contract:
        """Fold one fact in."""
        state = replace(
            self,
            shares=self.shares.apply(event),
            joint=self.joint.apply(event),
            signing=self.signing.apply(event),
            payments=self.payments.apply(event),
            recoveries=self.recoveries.apply(event),
            sanctions=self.sanctions.apply(event),
        )
        match event:
            case e.ContractFileOpened():
                numbers = frozenset(event.enterprise_ubns)
                count = event.approved_count
                return replace(state, enterprise_count=count, enterprise_ubns=numbers)
            case e.EnterprisesChanged():
                kept = self.enterprise_ubns.difference(event.removed_ubns)
                return replace(
                    state,
                    enterprise_ubns=kept.union(event.added_ubns),
                    enterprise_count=self.enterprise_count
                    - len(event.removed_ubns)
                    + len(event.added_ubns),
                    list_changes=self.list_changes | {event.change_id},
                )
            case e.ContractSigned():
                return replace(state, signed=event, amount_twd=event.amount_twd)
            case e.ContractAmountReduced():
                changes = self.changes | {event.change_id}
                return replace(state, amount_twd=event.amount_twd, changes=changes)
            case e.AbandonmentDeclared():
                return replace(state, abandonment=event)
            case e.ContractAbandoned():
                return replace(state, ended=ABANDONED, abandonment=None)
            case e.ContractTerminated():
                return replace(state, ended=TERMINATED)
            case e.ContractRescinded():
                return replace(state, ended=RESCINDED)
            case e.ClosingNoted():
                return replace(state, closed_on=event.closed_on)
            case e.ContractSettled():
                return replace(state, settled=True)
            case e.RecoveryOpened() | e.FindingOpened() | e.PaymentReturned():
                return replace(state, settled=False)
        return state
