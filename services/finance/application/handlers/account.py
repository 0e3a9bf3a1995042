"""The dedicated account of a party: movements, overdraws and their penalty, interest remitted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.finance.application import commands as c
from services.finance.application import facts, spending_facts
from services.finance.application.commands.spending import MovementRow
from services.finance.application.handlers.loading import append, load, load_party
from services.finance.application.handlers.spending import CATEGORY
from services.finance.application.ports import FinancePorts
from services.finance.domain import events as e
from services.finance.domain.account_book import (
    STATEMENT,
    Movement,
    Spell,
    overdraw_spells,
    standing,
)
from services.finance.domain.contract import Contract
from services.finance.domain.errors import IdReused, UnknownPart, WrongDay
from services.finance.domain.interest import remit_interest
from services.finance.domain.spending import Spending
from shared.kernel.clock import taipei_date
from shared.kernel.errors import InvalidInput, NotPermitted
from shared.kernel.ids import derived_id


def record_account_movements(
    command: c.RecordAccountMovements, ports: FinancePorts
) -> dict[str, Any]:
    """Movements, by the rules of moment `account`; what a statement shows is recorded even when it
    should not have happened, and an overdraw among it is found."""
    contract, _ = load_party(ports, command.case_id, command, command.party_ubn)
    contract.must_be_signed()
    if command.origin == STATEMENT and "finance_maker" not in command.actor.roles:
        raise NotPermitted(
            "對帳單由財務人員登錄", "statements are recorded by finance", field="origin"
        )
    if not command.movements:
        raise InvalidInput("至少一筆異動", "at least one movement", field="movements")
    spending, version = ports.streams.load(Spending, CATEGORY, command.case_id)
    known = spending.account(command.party_ubn)
    months = spending_facts.shares_of(ports, contract, spending, command.party_ubn).months
    fresh = [Movement(on=m.on, kind=m.kind, amount_twd=m.amount_twd) for m in command.movements]
    last = max(m.on for m in (*known, *fresh))
    after = standing((*known, *fresh), months, last)
    recorded = e.AccountMovementsRecorded(
        case_id=command.case_id,
        party_ubn=command.party_ubn,
        origin=command.origin,
        movements=tuple(_row(row) for row in command.movements),
        withdrawn_twd=after.withdrawn_twd,
        entitled_twd=after.entitled_twd,
        overdrawn_twd=after.overdrawn_twd,
    )
    events = spending.record(recorded)
    if not events:
        return {"overdrawn_twd": after.overdrawn_twd, "findings": []}
    offered = spending_facts.account(ports, contract, command, known, recorded.movements, months)
    digest = contract.signing.file.pack_digest
    evaluation = ports.rules.enforce(digest, "account", offered)
    before = overdraw_spells(known, months, last)
    found = [
        _found(command, spell)
        for spell in overdraw_spells((*known, *fresh), months, last)
        if command.origin == STATEMENT and spell not in before and spell.until_on is None
    ]
    ports.streams.append(
        CATEGORY,
        command.case_id,
        (*events, *found),
        expected_version=version,
        caused_by=command,
        case=command.case_id,
        decision=evaluation.decision(),
    )
    return {
        "overdrawn_twd": after.overdrawn_twd,
        "findings": [finding.as_dict() for finding in evaluation.findings],
    }


def assess_overdraw(command: c.AssessOverdraw, ports: FinancePorts) -> dict[str, Any]:
    """The penalty by the rules of moment `overdraw`, as a recovery of kind penalty."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    contract.must_be_signed()
    if command.party_ubn not in contract.party_ubns:
        raise UnknownPart("單位", "party", command.party_ubn, field="party_ubn")
    if command.until_on <= command.from_on:
        raise WrongDay(
            command.until_on, command.from_on, taipei_date(command.received_at), field="until_on"
        )
    known = contract.recoveries.by_id.get(derived_id(command.overdraw_id, e.PENALTY))
    found = _in_account_book(ports, contract, command)
    offered = spending_facts.overdraw(ports, contract, command, found)
    digest = contract.signing.file.pack_digest
    evaluation = ports.rules.enforce(digest, "overdraw", offered)
    penalty_twd = int(evaluation.values[_named(ports, contract, e.PENALTY)])
    if known is not None:
        if known.opened.amount_twd != penalty_twd:
            raise IdReused(command.overdraw_id, field="overdraw_id")
        return {"recovery_id": str(known.opened.recovery_id), "penalty_twd": penalty_twd}
    assessed = e.OverdrawAssessed(
        case_id=command.case_id,
        party_ubn=command.party_ubn,
        overdraw_id=command.overdraw_id,
        amount_twd=command.amount_twd,
        from_on=command.from_on,
        until_on=command.until_on,
        penalty_twd=penalty_twd,
        assessed_on=taipei_date(command.received_at),
    )
    recovery = e.RecoveryOpened(
        case_id=command.case_id,
        recovery_id=derived_id(command.overdraw_id, e.PENALTY),
        amount_twd=penalty_twd,
        reason=f"{command.from_on.isoformat()}/{command.until_on.isoformat()}",
        kind=e.PENALTY,
        party_ubn=command.party_ubn if contract.parties else None,
    )
    events = (assessed, recovery) if penalty_twd else (assessed,)
    append(ports, command, command.case_id, loaded, events, evaluation.decision())
    return {
        "recovery_id": str(recovery.recovery_id) if penalty_twd else None,
        "penalty_twd": penalty_twd,
    }


def record_interest_remittance(command: c.RecordInterestRemittance, ports: FinancePorts) -> None:
    """A slip of the treasury."""
    loaded = load(ports, command.case_id)
    today = taipei_date(command.received_at)
    if command.remitted_on > today:
        raise WrongDay(command.remitted_on, today, today, field="remitted_on")
    events = remit_interest(
        loaded[0].recoveries,
        command.recovery_id,
        command.amount_twd,
        command.route,
        command.slip_no,
        command.remitted_on,
    )
    append(ports, command, command.case_id, loaded, events)


def _in_account_book(ports: FinancePorts, contract: Contract, command: c.AssessOverdraw) -> bool:
    spending, _ = ports.streams.load(Spending, CATEGORY, command.case_id)
    movements = spending.account(command.party_ubn)
    months = spending_facts.shares_of(ports, contract, spending, command.party_ubn).months
    spells = overdraw_spells(movements, months, command.until_on)
    asked = Spell(from_on=command.from_on, until_on=command.until_on, amount_twd=command.amount_twd)
    return asked in spells


def _named(ports: FinancePorts, contract: Contract, name: str) -> str:
    """The pack's name of a value that finance needs."""
    names: Mapping[str, str] = facts.section(ports, contract).get("values") or {}
    return names.get(name, name)


def _found(command: c.RecordAccountMovements, spell: Spell) -> e.OverdrawFound:
    return e.OverdrawFound(
        case_id=command.case_id,
        party_ubn=command.party_ubn,
        from_on=spell.from_on,
        amount_twd=spell.amount_twd,
    )


def _row(movement: MovementRow) -> dict[str, Any]:
    on: date = movement.on
    return {
        "movement_id": str(movement.movement_id),
        "on": on.isoformat(),
        "kind": movement.kind,
        "amount_twd": movement.amount_twd,
        "months": list(movement.months),
        "reference": movement.reference,
    }
