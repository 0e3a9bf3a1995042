"""How a contract ends before its time: abandonment (放棄), termination (終止), rescission (解除).

Decisions over several parts of the contract, as functions, so that contract.py stays one page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.contract import ABANDONED, ENDED, RESCINDED, Contract
from services.finance.domain.errors import NotInState, WrongAmount
from shared.kernel.ids import derived_id

NONE, TERMINATE, RESCIND = "none", "terminate", "rescind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one party owes of one kind (NT$)."""

    kind: str
    party_ubn: str | None
    amount_twd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What follows from a decision: the ids, and the figures the programme's rules gave."""

    finding_id: UUID
    recovery_id: UUID
    bar_id: UUID
    decided_on: date
    bar_until: date
    owed: tuple[Owed, ...] | None = None  # None: the decision's recover_twd, of the whole contract
    hearing: bool = True
    barred_ubns: tuple[str, ...] = ()  # none: the applicant
    years_roc: tuple[int, ...] = ()


def declare_abandonment(contract: Contract, declared: e.AbandonmentDeclared) -> Sequence[object]:
    """The grantee gives up, in any contract state before closing (T25). Payments stop.

    Raises NotInState before the signing, after the end and after closing.
    """
    contract.must_be_signed()
    if contract.abandonment is not None:
        return ()
    if contract.ended or contract.closed_on is not None:
        raise NotInState("已結案或已終結，不得放棄", "a closed or ended contract", contract.state)
    return (declared,)


def decide_abandonment(
    contract: Contract, *, force_majeure: bool, finding: e.FindingOpened, reason: str
) -> Sequence[object]:
    """Abandoned. With force majeure what became payable stays so; without, nothing more is paid
    (CP-FIN-20) and a finding opens, so that the party is heard before any sanction.

    Raises NotInState when nothing was declared.
    """
    if contract.abandonment is None:
        if contract.ended == ABANDONED:
            return ()
        raise NotInState("未申請放棄", "no abandonment was declared", contract.state)
    signed = contract.must_be_signed()
    abandoned = e.ContractAbandoned(
        case_id=signed.case_id,
        case_number=signed.case_number,
        reason=reason,
        force_majeure=force_majeure,
    )
    cancelled = contract.payments.cancel(signed.case_id, ABANDONED, payable_too=not force_majeure)
    return (abandoned, *cancelled) if force_majeure else (abandoned, *cancelled, finding)


def decide_sanction(
    contract: Contract, decided: e.SanctionDecided, measures: Measures
) -> Sequence[object]:
    """After the hearing: end the contract, open recoveries, bar parties, or none of it.

    Raises UnknownPart, NotYet, AnswerPeriodRunning, NotInState, WrongAmount.
    """
    contract.sanctions.must_be_heard(
        decided.finding_id, measures.decided_on, required=measures.hearing
    )
    return (
        decided,
        *_end(contract, decided),
        *_recover(contract, decided, measures),
        *_bar(contract, decided, measures),
        *_resume(contract, decided),
    )


def _end(contract: Contract, decided: e.SanctionDecided) -> tuple[object, ...]:
    if decided.effect == NONE:
        return ()
    signed = contract.must_be_signed()
    if contract.ended == RESCINDED or (decided.effect == TERMINATE and contract.ended in ENDED):
        raise NotInState("契約已終結", "the contract has ended already", contract.state)
    ending = e.ContractTerminated if decided.effect == TERMINATE else e.ContractRescinded
    return (
        ending(case_id=signed.case_id, case_number=signed.case_number, reason=decided.facts),
        *contract.payments.cancel(signed.case_id, decided.effect, payable_too=True),
    )


def _recover(
    contract: Contract, decided: e.SanctionDecided, measures: Measures
) -> tuple[object, ...]:
    owed = measures.owed
    if owed is None:
        owed = (Owed(kind=e.SUBSIDY, party_ubn=None, amount_twd=decided.recover_twd),)
    opened = []
    for item in owed:
        if item.amount_twd == 0:
            continue
        limit = contract.recoverable_of(item.party_ubn)
        if item.kind == e.SUBSIDY and not 0 < item.amount_twd <= limit:
            raise WrongAmount(item.amount_twd, limit, "可追回金額", "what may be recovered")
        opened.append(
            e.RecoveryOpened(
                case_id=decided.case_id,
                recovery_id=recovery_id_of(measures.recovery_id, item),
                amount_twd=item.amount_twd,
                reason=decided.facts,
                kind=item.kind,
                party_ubn=item.party_ubn,
            )
        )
    return tuple(opened)


def recovery_id_of(first: UUID, owed: Owed) -> UUID:
    """The id of each recovery of a decision: the first for subsidy of the whole contract."""
    if owed.kind == e.SUBSIDY and owed.party_ubn is None:
        return first
    return derived_id(first, owed.kind, owed.party_ubn or "")


def _bar(contract: Contract, decided: e.SanctionDecided, measures: Measures) -> tuple[object, ...]:
    if not decided.bar:
        return ()
    file = contract.signing.file
    barred = measures.barred_ubns or (file.applicant_ubn,)
    return tuple(
        e.ApplicantBarred(
            case_id=decided.case_id,
            case_number=file.case_number,
            bar_id=bar_id_of(measures.bar_id, ubn, file.applicant_ubn),
            ubn=ubn,
            programme_id=file.programme_id,
            decided_on=measures.decided_on,
            until=measures.bar_until,
            reason=decided.facts,
            years_roc=measures.years_roc,
        )
        for ubn in barred
    )


def bar_id_of(first: UUID, ubn: str, applicant_ubn: str) -> UUID:
    """The id of each party's bar: the first for the applicant."""
    return first if ubn == applicant_ubn else derived_id(first, ubn)


def _resume(contract: Contract, decided: e.SanctionDecided) -> tuple[object, ...]:
    stays_stopped = decided.effect != NONE or decided.recover_twd > 0 or contract.signed is None
    only_this = len([f for f in contract.sanctions.findings.values() if f.open]) == 1
    if stays_stopped or not only_this or contract.recoveries.stopping or contract.ended:
        return ()
    return (e.PaymentsResumed(case_id=decided.case_id, reason=decided.facts),)
