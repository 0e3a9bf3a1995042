"""The decision of a finding: what the programme's rules make of it, party by party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.finance.application import budgets, facts, sanction_facts
from services.finance.application import commands as c
from services.finance.application.handlers.loading import append, load
from services.finance.application.ports import FinancePorts
from services.finance.domain import ending
from services.finance.domain import events as e
from services.finance.domain.contract import Contract
from services.finance.domain.errors import UnknownPart
from shared.kernel.clock import taipei_date
from shared.kernel.decisions import Evaluation
from shared.kernel.errors import InvalidInput, NotOfProgramme
from shared.kernel.ids import derived_id


def decide_sanction(command: c.DecideSanction, ports: FinancePorts) -> dict[str, Any]:
    """Decide after the hearing, by the rules of moment `sanction`: of each party its own money."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    evaluations = _evaluated(command, ports, contract)
    first = next(iter(evaluations.values()))
    owed = _owed(command, ports, contract, evaluations)
    measures = _measures(command, ports, contract, first, owed)
    decided = _decided(command, owed, measures.decided_on)
    events = ending.decide_sanction(contract, decided, measures)
    append(ports, command, command.case_id, loaded, events, first.decision())
    opened = [event for event in events if isinstance(event, e.RecoveryOpened)]
    return {
        "recovery_id": str(opened[0].recovery_id) if opened else None,
        "recoveries": [
            {
                "recovery_id": str(event.recovery_id),
                "kind": event.kind,
                "party_ubn": event.party_ubn,
                "amount_twd": event.amount_twd,
            }
            for event in opened
        ],
        "bar_id": str(measures.bar_id) if command.bar else None,
        "bar_until": str(measures.bar_until) if command.bar else None,
    }


def _evaluated(
    command: c.DecideSanction, ports: FinancePorts, contract: Contract
) -> dict[str | None, Evaluation]:
    """By party, the lead first; None: the contract as a whole."""
    finding = contract.sanctions.undecided(command.finding_id)
    others = command.figures_by_party or {}
    if unknown := set(others) - {party.ubn for party in contract.parties}:
        raise UnknownPart("單位", "party", min(unknown), field="figures_by_party")
    applicant = contract.signing.file.applicant_ubn
    evaluations: dict[str | None, Evaluation] = {}
    ubns: list[str | None] = [party.ubn for party in contract.parties]
    for ubn in ubns or [None]:
        figures = command.figures if ubn in (None, applicant) else others.get(ubn)
        party = budgets.party_row(contract, ubn or applicant)
        given = sanction_facts.sanction(ports, contract, command, finding, party, figures)
        digest = contract.signing.file.pack_digest
        evaluations[ubn] = ports.rules.enforce(digest, "sanction", given)
    return evaluations


def _owed(
    command: c.DecideSanction,
    ports: FinancePorts,
    contract: Contract,
    evaluations: Mapping[str | None, Evaluation],
) -> tuple[ending.Owed, ...] | None:
    """What the rules say is owed, where the pack names such values; None: what the officer said."""
    names = facts.section(ports, contract).get("values") or {}
    if e.SUBSIDY not in names:
        if len(evaluations) > 1 and command.recover_twd:
            raise NotOfProgramme(
                contract.signing.file.programme_id, "finance.values.subsidy", field="recover_twd"
            )
        return None
    kinds = [kind for kind in (e.SUBSIDY, e.INTEREST, e.COSTS) if kind in names]
    owed = tuple(
        ending.Owed(kind=kind, party_ubn=ubn, amount_twd=max(0, evaluation.values[names[kind]]))
        for ubn, evaluation in evaluations.items()
        for kind in kinds
    )
    subsidy = _subsidy(owed)
    if command.recover_twd not in (0, subsidy):
        raise InvalidInput(
            f"依規則應追回補助款 {subsidy:,} 元，與所填 {command.recover_twd:,} 元不符",
            f"the rules give NT${subsidy:,} to recover, not NT${command.recover_twd:,}",
            field="/recover_twd",
        )
    return owed


def _measures(
    command: c.DecideSanction,
    ports: FinancePorts,
    contract: Contract,
    evaluation: Evaluation,
    owed: tuple[ending.Owed, ...] | None,
) -> ending.Measures:
    today = taipei_date(command.received_at)
    names = facts.section(ports, contract).get("values") or {}
    until = evaluation.values[names["bar_until"]] if "bar_until" in names else None
    if command.bar and until is None:
        raise NotOfProgramme(contract.signing.file.programme_id, "bar", field="bar")
    years = evaluation.values[names["bar_years_roc"]] if "bar_years_roc" in names else ()
    if unknown := set(command.barred_ubns) - set(contract.party_ubns):
        raise UnknownPart("單位", "party", min(unknown), field="barred_ubns")
    hearing = (facts.document(ports, contract).get("sanctions") or {}).get("hearing") or {}
    return ending.Measures(
        finding_id=command.finding_id,
        recovery_id=derived_id(command.finding_id, "recovery"),
        bar_id=derived_id(command.finding_id, "bar"),
        decided_on=today,
        bar_until=date.fromisoformat(until) if until else today,
        owed=owed,
        hearing=hearing.get(command.effect, "required") == "required",
        barred_ubns=command.barred_ubns,
        years_roc=tuple(years),
    )


def _subsidy(owed: Sequence[ending.Owed]) -> int:
    return sum(item.amount_twd for item in owed if item.kind == e.SUBSIDY)


def _decided(
    command: c.DecideSanction, owed: tuple[ending.Owed, ...] | None, today: date
) -> e.SanctionDecided:
    return e.SanctionDecided(
        case_id=command.case_id,
        finding_id=command.finding_id,
        effect=command.effect,
        recover_twd=command.recover_twd if owed is None else _subsidy(owed),
        bar=command.bar,
        force_majeure=command.force_majeure,
        damages_reserved=command.damages_reserved,
        facts=command.facts,
        rules=command.rules,
        remedy=command.remedy,
        decided_on=today,
        figures=_all_figures(command),
    )


def _all_figures(command: c.DecideSanction) -> dict[str, Any]:
    others = {"by_party": command.figures_by_party} if command.figures_by_party else {}
    return {**(command.figures or {}), **others}
