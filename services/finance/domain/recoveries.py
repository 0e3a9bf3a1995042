"""Recoveries (追回): decided, demanded by two people, received, overdue, written off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.errors import (
    ApprovedSomethingElse,
    NotInState,
    SamePerson,
    WrongAmount,
)
from services.finance.domain.recovery_book import RecoveryBook
from shared.kernel.canonical import digest_of


def recovery_digest(recovery_id: UUID, amount_twd: int, due_on: date, account: str) -> str:
    """What a checker approves of a demand."""
    return digest_of(
        {
            "recovery_id": str(recovery_id),
            "amount_twd": amount_twd,
            "due_on": due_on.isoformat(),
            "account": account,
        }
    )


@dataclass(frozen=True, slots=True)
class Recoveries(RecoveryBook):
    """Part of the contract."""

    def propose(self, proposed: e.RecoveryProposed, recoverable_twd: int) -> Sequence[object]:
        """The maker's demand, at most what was decided and, of subsidy, what is paid and not yet
        demanded (CP-FIN-19). Raises UnknownPart, NotInState, WrongAmount."""
        recovery = self.get(proposed.recovery_id)
        if recovery.demand is not None:
            raise NotInState("已發函追回", "the recovery is demanded already", "demanded")
        limit = recovery.undemanded_twd
        if recovery.opened.kind == e.SUBSIDY:
            limit = min(limit, recoverable_twd)
        if not 0 < proposed.amount_twd <= limit:
            raise WrongAmount(proposed.amount_twd, limit, "可追回金額", "what may be recovered")
        return () if recovery.proposal == proposed else (proposed,)

    def approve(
        self,
        recovery_id: UUID,
        digest: str,
        checker: str,
        case_number: str,
        recoverable_twd: int,
        on: date,
    ) -> Sequence[object]:
        """The checker approves exactly the demand that stands.

        Raises UnknownPart, NotInState, SamePerson, ApprovedSomethingElse, WrongAmount.
        """
        recovery = self.get(recovery_id)
        if recovery.demand is not None:
            return ()
        proposal = recovery.proposal
        if proposal is None:
            raise NotInState("尚未擬辦追回", "no demand was proposed", "opened")
        if checker == proposal.maker:
            raise SamePerson(checker)
        if proposal.digest != digest:
            raise ApprovedSomethingElse
        limit = recovery.undemanded_twd
        if recovery.opened.kind == e.SUBSIDY:
            limit = min(limit, recoverable_twd)
        if proposal.amount_twd > limit:
            raise WrongAmount(proposal.amount_twd, limit, "可追回金額", "what may be recovered")
        return (
            e.RecoveryDemanded(
                case_id=proposal.case_id,
                case_number=case_number,
                recovery_id=recovery_id,
                amount_twd=proposal.amount_twd,
                due_on=proposal.due_on,
                reason=recovery.opened.reason,
                account=proposal.account,
                checker=checker,
                demanded_on=on,
                kind=recovery.opened.kind,
                party_ubn=recovery.opened.party_ubn,
                decided_twd=recovery.undemanded_twd,
            ),
        )

    def receive(
        self, recovery_id: UUID, amount_twd: int, bank_reference: str, case_number: str, on: date
    ) -> Sequence[object]:
        """Money came back; the same bank reference again yields no event.

        Raises UnknownPart, WrongAmount (more than is outstanding).
        """
        recovery = self.get(recovery_id)
        if any(r.bank_reference == bank_reference for r in recovery.received):
            return ()
        if not 0 < amount_twd <= recovery.outstanding_twd:
            raise WrongAmount(
                amount_twd, recovery.outstanding_twd, "未繳還金額", "what is outstanding"
            )
        return (
            e.RecoveryReceived(
                case_id=recovery.opened.case_id,
                case_number=case_number,
                recovery_id=recovery_id,
                amount_twd=amount_twd,
                outstanding_twd=recovery.outstanding_twd - amount_twd,
                bank_reference=bank_reference,
                received_on=on,
                kind=recovery.opened.kind,
                party_ubn=recovery.opened.party_ubn,
            ),
        )

    def remind(self, recovery_id: UUID) -> Sequence[object]:
        """After the due day: overdue, and legal measures may be taken (CP-FIN-21)."""
        recovery = self.by_id.get(recovery_id)
        if recovery is None or recovery.demand is None or recovery.overdue:
            return ()
        if recovery.outstanding_twd == 0:
            return ()
        return (
            e.RecoveryOverdue(
                case_id=recovery.opened.case_id,
                recovery_id=recovery_id,
                outstanding_twd=recovery.outstanding_twd,
                due_on=recovery.demand.due_on,
                legal_measures=True,
            ),
        )

    def propose_write_off(self, recovery_id: UUID, authority: str, maker: str) -> Sequence[object]:
        """The maker proposes to give up what is outstanding. Raises UnknownPart, NotInState."""
        recovery = self.get(recovery_id)
        if recovery.outstanding_twd <= 0:
            raise NotInState("無未繳還金額", "nothing is outstanding", "received")
        proposed = e.WriteOffProposed(
            case_id=recovery.opened.case_id,
            recovery_id=recovery_id,
            authority=authority,
            maker=maker,
        )
        return () if recovery.write_off == proposed else (proposed,)

    def approve_write_off(self, recovery_id: UUID, checker: str, on: date) -> Sequence[object]:
        """The checker agrees. Raises UnknownPart, NotInState, SamePerson."""
        recovery = self.get(recovery_id)
        if recovery.written_off_twd:
            return ()
        if recovery.write_off is None or recovery.outstanding_twd <= 0:
            raise NotInState("尚未擬辦註銷", "no write-off was proposed", "demanded")
        if checker == recovery.write_off.maker:
            raise SamePerson(checker)
        return (
            e.RecoveryWrittenOff(
                case_id=recovery.opened.case_id,
                recovery_id=recovery_id,
                amount_twd=recovery.outstanding_twd,
                authority=recovery.write_off.authority,
                checker=checker,
                written_off_on=on,
                kind=recovery.opened.kind,
                party_ubn=recovery.opened.party_ubn,
            ),
        )
