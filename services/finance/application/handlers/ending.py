"""How contracts end: abandonment, findings and their hearing, sanctions, bars, settlement."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.finance.application import commands as c
from services.finance.application import facts
from services.finance.application.commands.sanctions import OWN_KINDS
from services.finance.application.handlers.loading import append, load, load_own
from services.finance.application.ports import FinancePorts
from services.finance.domain import ending
from services.finance.domain import events as e
from services.finance.domain.errors import NotInState
from shared.kernel.clock import taipei_date
from shared.kernel.errors import InvalidInput, NotOfProgramme
from shared.kernel.ids import derived_id


def abandon_contract(command: c.AbandonContract, ports: FinancePorts) -> None:
    """The applicant gives up; an officer decides about force majeure."""
    loaded = load_own(ports, command.case_id, command)
    declared = e.AbandonmentDeclared(
        case_id=command.case_id,
        reason=command.reason,
        force_majeure_claimed=command.force_majeure_claimed,
        proofs=command.proofs,
        declared_on=taipei_date(command.received_at),
    )
    events = ending.declare_abandonment(loaded[0], declared)
    append(ports, command, command.case_id, loaded, events)


def decide_force_majeure(command: c.DecideForceMajeure, ports: FinancePorts) -> dict[str, Any]:
    """The officer decides by the rules of moment `abandon`; without force majeure a finding is
    opened in the same step, so that a sanction has its notice and hearing."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    if contract.abandonment is None and contract.ended != "abandoned":
        raise NotInState("未申請放棄", "no abandonment was declared", contract.state)
    evaluation = ports.rules.enforce(
        contract.signing.file.pack_digest, "abandon", facts.abandon(ports, contract, command)
    )
    finding = e.FindingOpened(
        case_id=command.case_id,
        finding_id=derived_id(command.case_id, "abandoned"),
        kind="abandoned",
        facts=command.reason,
        rules=tuple(sorted({f.rule for f in evaluation.findings})),
        evidence=(),
    )
    events = ending.decide_abandonment(
        contract, force_majeure=command.force_majeure, finding=finding, reason=command.reason
    )
    append(ports, command, command.case_id, loaded, events, evaluation.decision())
    return {} if command.force_majeure else {"finding_id": str(finding.finding_id)}


def open_finding(command: c.OpenFinding, ports: FinancePorts) -> None:
    """Open a finding of a kind that the pack knows; payments stop."""
    loaded = load(ports, command.case_id)
    kinds = (facts.document(ports, loaded[0]).get("sanctions") or {}).get("kinds") or ()
    known = (*kinds, *OWN_KINDS)
    if command.kind not in known:
        raise InvalidInput(
            f"種類 {command.kind} 不在計畫所列：{'、'.join(known)}",
            f"{command.kind} is no kind of finding of the programme: {', '.join(known)}",
            field="/kind",
        )
    finding = e.FindingOpened(
        case_id=command.case_id,
        finding_id=command.finding_id,
        kind=command.kind,
        facts=command.facts,
        rules=command.rules,
        evidence=command.evidence,
    )
    append(ports, command, command.case_id, loaded, loaded[0].open_finding(finding))


def give_sanction_notice(command: c.GiveSanctionNotice, ports: FinancePorts) -> dict[str, Any]:
    """The written notice; the party has the pack's days to answer."""
    loaded = load(ports, command.case_id)
    given_on = taipei_date(command.received_at)
    sanctions = facts.document(ports, loaded[0]).get("sanctions")
    if sanctions is None:
        raise NotOfProgramme(loaded[0].signing.file.programme_id, "sanctions")
    days = sanctions["answer_days"]
    notice = e.SanctionNoticeGiven(
        case_id=command.case_id,
        finding_id=command.finding_id,
        facts=command.facts,
        rules=command.rules,
        effects=command.effects,
        given_on=given_on,
        answer_by=given_on + timedelta(days=days),
    )
    events = loaded[0].sanctions.give_notice(notice)
    after = append(ports, command, command.case_id, loaded, events)
    standing = after.sanctions.undecided(command.finding_id).notice
    return {"answer_by": str(standing.answer_by) if standing else None}


def answer_sanction_notice(command: c.AnswerSanctionNotice, ports: FinancePorts) -> None:
    """The party's answer."""
    loaded = load_own(ports, command.case_id, command)
    events = loaded[0].sanctions.answer(command.finding_id, command.text, command.received_at)
    append(ports, command, command.case_id, loaded, events)


def lift_bar(command: c.LiftBar, ports: FinancePorts) -> None:
    """End a bar early: a new event, never an edit."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    events = contract.sanctions.lift_bar(
        command.bar_id, contract.signing.file.case_number, command.reason
    )
    append(ports, command, command.case_id, loaded, events)


def settle_contract(command: c.SettleContract, ports: FinancePorts) -> None:
    """Reaction: the case was closed; settled at once, or when the last thing is done."""
    loaded = load(ports, command.case_id)
    append(ports, command, command.case_id, loaded, loaded[0].note_closing(command.closed_on))
